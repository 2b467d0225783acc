using Kollect.Core.Models;
using Kollect.Core.Models.V1Alpha1;

namespace Kollect.Core.Manifests;

/// <summary>A reference to a Secret, with its place in the manifest.</summary>
internal sealed record Reference(string Path, string Name, Option<string> Namespace);

/// <summary>The wire shape as rules read it: strings trimmed, blank ones absent.</summary>
internal static class SpecParts
{
    /// <summary>Where <c>kubectl apply</c> puts a manifest that names no namespace.</summary>
    private const string DefaultNamespace = "default";

    public static string Namespace(KollectDatabaseSink sink) => Namespace(sink.Metadata);

    public static string Namespace(ObjectMeta metadata) => NonBlank(metadata.Namespace).IfNone(DefaultNamespace);

    /// <summary>A status that somebody damaged is replaced, and no reason to refuse the spec.</summary>
    public static Seq<StructuralProblem> OfSpec(Seq<StructuralProblem> structural) =>
        structural.Filter(problem => problem.Path != "status" && !problem.Path.StartsWith("status.", StringComparison.Ordinal)).Strict();

    /// <summary>Trimmed; None = absent or blank.</summary>
    public static Option<string> NonBlank(string? value) => string.IsNullOrWhiteSpace(value) ? None : value.Trim();

    /// <summary>Trimmed; empty = absent or blank.</summary>
    public static string Trimmed(string? value) => value?.Trim() ?? "";

    /// <summary>In ordinal order, whatever the culture.</summary>
    public static IEnumerable<(string Name, string Value)> Options(KollectDatabaseSink sink) =>
        sink.Spec.Options.AsEnumerable().Select(option => (option.Key, option.Value)).OrderBy(option => option.Key, StringComparer.Ordinal);

    public static string OptionPath(string name) => $"spec.options[{name}]";

    /// <summary>All references to Secrets of the chosen backend and of the common part.</summary>
    public static IEnumerable<Reference> References(KollectDatabaseSink sink)
    {
        var spec = sink.Spec;
        if (spec is { Type: SinkType.Postgres, Postgres.DatabaseRef: { } postgres })
            yield return ReferenceTo("spec.postgres.databaseRef", postgres.Name, postgres.Namespace);
        if (spec is { Type: SinkType.Mongodb, Mongodb.DatabaseRef: { } mongodb })
            yield return ReferenceTo("spec.mongodb.databaseRef", mongodb.Name, mongodb.Namespace);
        if (spec is { Type: SinkType.Bigquery, Bigquery.SecretRef: { } bigquery })
            yield return ReferenceTo("spec.bigquery.secretRef", bigquery.Name, bigquery.Namespace);
        if (spec.Tls?.CaSecretRef is { } authority)
            yield return ReferenceTo("spec.tls.caSecretRef", authority.Name, authority.Namespace);
        if (spec.SecretRef is { } credentials)
            yield return ReferenceTo("spec.secretRef", credentials.Name, credentials.Namespace);
    }

    private static Reference ReferenceTo(string path, string? name, string? @namespace) => new(path, Trimmed(name), NonBlank(@namespace));
}
