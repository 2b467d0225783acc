using Kollect.Models;
using Kollect.Models.V1Alpha1;
using static Kollect.Core.Manifests.SpecParts;

namespace Kollect.Core.Manifests;

/// <summary>The fields of a target of either kind that rules read.</summary>
/// <param name="Profile">Name of the profile, trimmed.</param>
/// <param name="ProfileNamespace">None = a <c>KollectTarget</c>, whose profile is in the same namespace.</param>
/// <param name="Selectors">Those that are given, by path.</param>
/// <param name="Names">Trimmed.</param>
internal sealed record TargetParts(string Profile, Option<string> ProfileNamespace, Seq<SelectorParts> Selectors, Seq<string> Names)
{
    public static TargetParts Of(KollectTarget target) =>
        Of(target.Spec.ProfileRef, None, target.Spec.NamespaceSelector, target.Spec.LabelSelector, target.Spec.Names);

    public static TargetParts Of(KollectClusterTarget target) =>
        Of(target.Spec.ProfileRef, Trimmed(target.Spec.ProfileNamespace), target.Spec.NamespaceSelector, target.Spec.LabelSelector, target.Spec.Names);

    private static TargetParts Of(
        string profile, Option<string> profileNamespace, KollectSelector? namespaces, KollectSelector? labels, ModelList<string> names) => new(
        Trimmed(profile),
        profileNamespace,
        Join(SelectorParts.At("spec.namespaceSelector", namespaces), SelectorParts.At("spec.labelSelector", labels)),
        names.Select(Trimmed).ToArray().ToSeq());
}
