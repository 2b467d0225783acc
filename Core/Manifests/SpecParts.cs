using Kollect.Core.Manifests.Blocks;
using Kollect.Core.Secrets;
using Kollect.Models;
using Kollect.Models.V1Alpha1;

namespace Kollect.Core.Manifests;

/// <summary>A reference to a Secret, with its path in the manifest.</summary>
internal sealed record Reference(string Path, string Name, Option<string> Namespace)
{
    /// <summary>The key that it names; None = it names none.</summary>
    public Option<string> Key { get; init; }
}

/// <summary>The wire shape as rules read it: strings trimmed, blank ones absent.</summary>
internal static class SpecParts
{
    /// <summary>The namespace that <c>kubectl apply</c> uses for a manifest without one.</summary>
    private const string DefaultNamespace = "default";

    public static string Namespace(KollectDatabaseSink sink) => Namespace(sink.Metadata);

    public static string Namespace(ObjectMeta metadata) => NonBlank(metadata.Namespace).IfNone(DefaultNamespace);

    /// <summary>A damaged status is replaced, and is no reason to refuse the spec.</summary>
    public static ModelList<StructuralProblem> OfSpec(ModelList<StructuralProblem> structural) =>
        [.. structural.Where(problem => problem.Path != "status" && !problem.Path.StartsWith("status.", StringComparison.Ordinal))];

    /// <summary>Trimmed; None = absent or blank.</summary>
    public static Option<string> NonBlank(string? value) => string.IsNullOrWhiteSpace(value) ? None : value.Trim();

    /// <summary>Trimmed; empty = absent or blank.</summary>
    public static string Trimmed(string? value) => value?.Trim() ?? "";

    /// <summary>In ordinal order.</summary>
    public static IEnumerable<(string Name, string Value)> Options(KollectDatabaseSink sink) =>
        sink.Spec.Options.Select(option => (option.Key, option.Value));

    public static string OptionPath(string name) => $"spec.options[{name}]";

    /// <summary>All references to Secrets of the chosen backend and of the common part.</summary>
    public static Seq<Reference> References(KollectDatabaseSink sink) => Join(
        BackendBlocks.Of(sink.Spec).Bind(block => block.Secret(sink.Spec)).ToSeq(),
        TlsBlock.Secrets(sink.Spec),
        Credentials(sink.Spec).ToSeq());

    /// <summary>The reference to the Secret with user and password.</summary>
    public static Option<Reference> Credentials(KollectDatabaseSinkSpec spec) => ReferenceTo("spec.secretRef", spec.SecretRef);

    public static Option<Reference> ReferenceTo(string path, KollectDatabaseSinkSecretRef? reference) =>
        reference is null ? None : new Reference(path, Trimmed(reference.Name), NonBlank(reference.Namespace));

    public static Option<Reference> ReferenceTo(string path, KollectDatabaseSinkDatabaseRef? reference) =>
        reference is null ? None : new Reference(path, Trimmed(reference.Name), NonBlank(reference.Namespace)) { Key = NonBlank(reference.Key) };

    public static SecretRef SecretOf(KollectDatabaseSink sink, Reference reference) => new(reference.Namespace.IfNone(Namespace(sink)), reference.Name);
}
