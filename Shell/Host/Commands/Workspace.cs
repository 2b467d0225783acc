using Kollect.Core.Failures;
using Kollect.Core.Manifests;
using Kollect.Core.Secrets;
using Kollect.Core.Sinks;
using Kollect.Shell.Backends;
using Kollect.Shell.Backends.Dial;
using Kollect.Shell.Manifests;

namespace Kollect.Host.Commands;

/// <summary>What the files of <c>-f</c> hold, read and validated.</summary>
/// <param name="Sinks">Every sink, valid or not.</param>
/// <param name="Others">Inventories, profiles and targets, valid or not.</param>
/// <param name="Secrets">Those that could be read.</param>
/// <param name="Ignored">Objects that no command reads, e.g. <c>ConfigMap shop/web</c>.</param>
/// <param name="Unreadable">Files and documents that could not be read.</param>
internal sealed record Workspace(
    Seq<SinkDocument> Sinks, Seq<JudgedDocument> Others, Seq<SecretData> Secrets, Seq<string> Ignored, Seq<Finding> Unreadable)
{
    private const string Group = "kollect.dev/";

    /// <summary>Everything wrong in all documents: of sinks first, then of all else, each in the order of the files.</summary>
    public Seq<Finding> Problems => Join(Unreadable, Sinks.Bind(sink => sink.Problems), Others.Bind(other => other.Problems));

    /// <summary>Everything noteworthy.</summary>
    public Seq<Finding> Warnings => Join(Sinks.Bind(sink => sink.Warnings), Others.Bind(other => other.Warnings));

    /// <summary>Never throws for what stands in a file.</summary>
    public static async Task<Workspace> LoadAsync(IEnumerable<string> files, CancellationToken cancel)
    {
        var manifests = await ManifestReader.ReadAsync(files, Console.OpenStandardInput(), cancel);
        var sinks = manifests.Documents.Filter(IsSink);
        var secrets = manifests.Documents.Filter(IsSecret).Map(SecretManifests.Read);
        return new Workspace(
            sinks.Map(SinkDocument.Read),
            manifests.Documents.Filter(document => !IsSink(document)).Choose(JudgedDocument.Read),
            secrets.Bind(read => read.RightToSeq()),
            manifests.Documents.Filter(document => !IsOurs(document) && !IsSecret(document)).Map(document => document.ToString()),
            Join(manifests.Problems, secrets.Bind(read => read.LeftToSeq()).Bind(problems => problems)).Map(Finding.Of));
    }

    /// <summary>Opens sinks with the Secrets of the files.</summary>
    public Destinations Destinations => new(FindSecret, DialGuard.Unrestricted);

    private Option<SecretData> FindSecret(SecretRef wanted) => Secrets.Find(secret => secret.Ref == wanted);

    private static bool IsSink(ManifestDocument document) => document.Kind == "KollectDatabaseSink" && IsOurs(document);

    private static bool IsOurs(ManifestDocument document) =>
        document.ApiVersion.StartsWith(Group, StringComparison.Ordinal) && KnownKinds.Find(document.Kind).IsSome;

    private static bool IsSecret(ManifestDocument document) => document is { Kind: "Secret", ApiVersion: "v1" or "" };
}

/// <summary>One problem or warning with its location.</summary>
/// <param name="File">As given on the command line.</param>
/// <param name="Line">From 1; 0 = the file as a whole.</param>
/// <param name="Id">Empty for a file that cannot be read.</param>
/// <param name="Path">Empty for a file that cannot be read.</param>
/// <param name="Message">Value, limit, remedy.</param>
internal sealed record Finding(string File, int Line, string Id, string Path, string Message)
{
    public static Finding Of(ManifestProblem problem) => new(problem.File, problem.Line, "", "", problem.Message);

    /// <summary>A problem or warning of a document, at its line.</summary>
    public static Finding Of(ManifestDocument document, Problem problem) =>
        new(document.Source.File, document.Source.LineOf(problem.Path), problem.Id, problem.Path, problem.Message);

    // sink.yaml:17: KDB012 spec.postgres.table: …
    public override string ToString() =>
        (Line == 0 ? File : FormattableString.Invariant($"{File}:{Line}")) + (Id.Length == 0 ? $": {Message}" : $": {Id} {Path}: {Message}");
}

/// <summary>One sink manifest and what validation says of it.</summary>
/// <param name="Name">Namespace and name.</param>
/// <param name="Sink">None = it has problems.</param>
/// <param name="Problems">Why it cannot be used.</param>
/// <param name="Warnings">What its author should know.</param>
internal sealed record SinkDocument(NamespacedName Name, Option<Sink> Sink, Seq<Finding> Problems, Seq<Finding> Warnings)
{
    public static SinkDocument Read(ManifestDocument document)
    {
        var sink = SinkObject.Read(document.Json.Span);
        return new SinkDocument(
            new NamespacedName(document.Namespace, document.Name),
            sink.Spec.ToOption(),
            sink.Validation.Problems.Map(problem => Finding.Of(document, problem)),
            sink.Warnings.Map(problem => Finding.Of(document, problem)));
    }
}

/// <summary>What validation says of an inventory, a profile or a target.</summary>
/// <param name="Problems">Why it cannot be used.</param>
/// <param name="Warnings">What its author should know.</param>
internal sealed record JudgedDocument(Seq<Finding> Problems, Seq<Finding> Warnings)
{
    /// <summary>None = a kind of somebody else.</summary>
    public static Option<JudgedDocument> Read(ManifestDocument document) => KnownKinds.Find(document.Kind).Map(validate =>
    {
        var result = validate(document.Json.Span);
        return new JudgedDocument(result.Problems.Map(problem => Finding.Of(document, problem)).Strict(), result.Warnings.Map(problem => Finding.Of(document, problem)).Strict());
    });
}
