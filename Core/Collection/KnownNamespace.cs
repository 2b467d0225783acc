using Kollect.Core.Kubernetes;
using LanguageExt.ClassInstances;

namespace Kollect.Core.Collection;

/// <summary>A namespace, and what of it decides which of its objects are collected.</summary>
/// <param name="Labels">With the annotation <see cref="WatchLabel.OfNamespace"/> as the label that it stands for; a label that opts out wins.</param>
/// <param name="Grant">The value of <see cref="NamespaceGrants.Annotation"/>; None = it is not set.</param>
internal sealed record KnownNamespace(string Name, Map<OrdStringOrdinal, string, string> Labels, Option<string> Grant)
{
    /// <summary>The namespace as the API server sends it; without labels and grant where it is damaged.</summary>
    public static KnownNamespace Read(string name, ReadOnlyMemory<byte> json) =>
        new(
            name,
            WatchLabel.With(ObjectLabels.Read(json), GrantAnnotation.Read(json.Span, WatchLabel.OfNamespace)),
            GrantAnnotation.Read(json.Span, NamespaceGrants.Annotation));

    /// <summary>True = targets of that namespace may collect from this one.</summary>
    public bool Grants(string toTargetsOf) =>
        string.Equals(Name, toTargetsOf, StringComparison.Ordinal) || GrantAnnotation.Lists(Grant, toTargetsOf);
}
