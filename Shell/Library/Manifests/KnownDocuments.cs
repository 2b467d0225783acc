using System.Diagnostics;
using Kollect.Core.Formatting;
using Kollect.Core.Manifests;
using Kollect.Models;

namespace Kollect.Shell.Manifests;

/// <summary>The documents that commands read: the kinds of <c>kollect.dev</c>, and Secrets. No other is looked at, whatever is broken in it.</summary>
/// <param name="Documents">Each has an apiVersion, a kind, a name and JSON, and occurs once.</param>
/// <param name="Foreign">All others.</param>
/// <param name="Problems">Of files and documents that cannot be read.</param>
/// <param name="Warnings">Documents that are probably not what their author meant.</param>
internal sealed record KnownDocuments(
    Seq<ManifestDocument> Documents, Seq<ManifestDocument> Foreign, Seq<ManifestProblem> Problems, Seq<ManifestProblem> Warnings)
{
    private const string Group = "kollect.dev/";

    /// <summary>Separates and checks the documents of a set; never throws.</summary>
    public static KnownDocuments Of(ManifestSet manifests)
    {
        var known = manifests.Documents.Filter(IsKnown).Map(document => (Document: document, Problems: Check(document))).Strict();
        var readable = known.Filter(it => it.Problems.IsEmpty).Map(it => it.Document).Strict();
        var foreign = manifests.Documents.Filter(document => !IsKnown(document)).Strict();
        var withoutKind = foreign.Filter(document => document.Kind.Length == 0).Map(document => At(document, "", ManifestObject.IsNone).Head);
        return new KnownDocuments(
            readable,
            foreign.Filter(document => document.Kind.Length > 0).Strict(),
            Join(manifests.Problems, known.Bind(it => it.Problems), Repetitions(readable)),
            Join(manifests.Warnings, withoutKind, foreign.Choose(Misspelt)));
    }

    /// <summary>True for a Secret, also where its apiVersion is missing.</summary>
    public static bool IsSecret(ManifestDocument document) => document is { Kind: "Secret", ApiVersion: "v1" or "" };

    /// <summary>The JSON of a document of <see cref="Documents"/>.</summary>
    public static ReadOnlyMemory<byte> JsonOf(ManifestDocument document) => document.Json.IfLeft(_ => throw new UnreachableException());

    private static bool IsKnown(ManifestDocument document) =>
        KnownKinds.Find(document.Kind).IsSome || IsSecret(document)
        || (document.Kind.Length == 0 && document.ApiVersion.StartsWith(Group, StringComparison.Ordinal));

    private static Seq<ManifestProblem> Check(ManifestDocument document)
    {
        var version = IsSecret(document) ? "v1" : KnownKinds.ApiVersion;
        if (document.ApiVersion.Length == 0)
            return At(document, "apiVersion", Missing("apiVersion", $"apiVersion: {version}"));
        if (document.Kind.Length == 0)
            return At(document, "kind", Missing("kind", "kind: KollectDatabaseSink"));
        if (document.ApiVersion != version)
            return At(document, "apiVersion", $"apiVersion \"{document.ApiVersion}\" of {document.Kind} is not supported; write apiVersion: {version}");
        if (document.Name.Length == 0)
            return At(document, "metadata.name", Missing("metadata.name", "metadata: {name: inventory}"));
        if (document.NamespaceIsNotText)
            return At(document, "metadata.namespace", "metadata.namespace is not text; quote it");
        return Join(
            document.Json.Match(Right: _ => Empty, Left: problems => problems),
            IsSecret(document) ? ImpossibleNames(document) : Empty);
    }

    // Those of other kinds are problems of their validation.
    private static Seq<ManifestProblem> ImpossibleNames(ManifestDocument secret) =>
        ManifestValidation.OfMetadata(new ObjectMeta { Name = secret.Name, Namespace = secret.Namespace })
            .Bind(problem => At(secret, problem.Path, $"{problem.Path}: {problem.Message}"));

    private static Seq<ManifestProblem> Repetitions(Seq<ManifestDocument> documents) => documents.AsEnumerable()
        .GroupBy(document => (document.Kind, document.Namespace, document.Name))
        .SelectMany(same => same.Skip(1).Select(again => At(again, "", $"{again} is given twice, first in {same.First().Source}; keep one of them").Head))
        .ToSeq().Strict();

    /// <summary>Other programs may have further kinds in the group.</summary>
    private static Option<ManifestProblem> Misspelt(ManifestDocument document) =>
        document.ApiVersion.StartsWith(Group, StringComparison.Ordinal)
            ? Nearest.Of(document.Kind, KnownKinds.All).Map(kind => At(
                document, "kind", $"kind \"{document.Kind}\" of {document.ApiVersion} is not known, and not looked at; did you mean {kind}?").Head)
            : None;

    private static string Missing(string path, string sample) =>
        $"{path} is missing, empty or not text; write for instance {sample}";

    private static Seq<ManifestProblem> At(ManifestDocument document, string path, string message) =>
        Seq1(new ManifestProblem(document.Source.File, document.Source.LineOf(path), message));
}
