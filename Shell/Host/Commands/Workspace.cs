using Kollect.Core.Backends;
using Kollect.Core.Failures;
using Kollect.Core.Manifests;
using Kollect.Core.Secrets;
using Kollect.Core.Sinks;
using Kollect.Shell.Backends;
using Kollect.Shell.Backends.Dial;
using Kollect.Shell.Exports;
using Kollect.Shell.Manifests;

namespace Kollect.Host.Commands;

/// <summary>The objects in the files of <c>-f</c>, read and validated.</summary>
/// <param name="Objects">Of <c>kollect.dev</c>, valid or not.</param>
/// <param name="Sinks">Every sink, valid or not.</param>
/// <param name="Others">Inventories, profiles and targets, valid or not.</param>
/// <param name="Secrets">The readable ones.</param>
/// <param name="Ignored">Objects of other kinds, e.g. <c>ConfigMap shop/web</c>; no command reads them.</param>
/// <param name="Unreadable">Problems of unreadable files and documents.</param>
/// <param name="Doubtful">Warnings about files and documents as a whole.</param>
internal sealed record Workspace(
    Seq<ManifestDocument> Objects,
    Seq<SinkDocument> Sinks,
    Seq<ValidatedDocument> Others,
    Seq<SecretData> Secrets,
    Seq<string> Ignored,
    Seq<Finding> Unreadable,
    Seq<Finding> Doubtful)
{
    /// <summary>All problems: of unreadable files, then of sinks, then of other objects; each group in file order.</summary>
    public Seq<Finding> Problems => Join(Unreadable, Sinks.Bind(sink => sink.Problems), Others.Bind(other => other.Problems));

    /// <summary>All warnings, in the same order.</summary>
    public Seq<Finding> Warnings => Join(Doubtful, Sinks.Bind(sink => sink.Warnings), Others.Bind(other => other.Warnings));

    /// <summary>Reads and validates all files. Bad content becomes a problem, never an exception.</summary>
    public static async Task<Workspace> LoadAsync(System.CommandLine.ParseResult parsed, CancellationToken cancel)
    {
        var known = KnownDocuments.Of(await ManifestReader.ReadAsync(
            parsed.GetValue(SharedOptions.Files)!, parsed.GetValue(SharedOptions.Recursive), Console.OpenStandardInput(), cancel));
        var secrets = known.Documents.Filter(KnownDocuments.IsSecret).Map(SecretManifests.Read);
        return new Workspace(
            known.Documents.Filter(document => !KnownDocuments.IsSecret(document)).Strict(),
            known.Documents.Filter(IsSink).Map(SinkDocument.Read),
            known.Documents.Filter(document => !IsSink(document)).Choose(ValidatedDocument.Read),
            secrets.Bind(read => read.RightToSeq()),
            known.Foreign.Map(document => document.ToString()),
            Join(known.Problems, secrets.Bind(read => read.LeftToSeq()).Bind(problems => problems)).Map(Finding.Of),
            known.Warnings.Map(Finding.Of));
    }

    /// <summary>Destinations of the sinks, with the Secrets of the files.</summary>
    public IDestinations Destinations => Backends.With(FindSecret);

    /// <summary>
    /// Why a sink cannot use its Secrets, as <c>kollect plan</c> says it; None = it can, or one of them is not among the files. Connects to nothing.
    /// </summary>
    public async Task<Option<string>> SecretProblemAsync(Sink sink)
    {
        var isComplete = true;
        var opened = Backends.With(Find).Open(sink, Naming.Unrendered(sink));
        await using var destination = opened.MatchUnsafe<IDestination?>(Right: it => it, Left: _ => null);
        return opened.LeftToSeq().HeadOrNone().Bind(failure => isComplete && failure is Failure.Refused { IsOfSecret: true } ? Some(failure.Message) : None);

        Option<SecretData> Find(SecretRef wanted)
        {
            var found = FindSecret(wanted);
            isComplete &= found.IsSome;
            return found;
        }
    }

    private static BackendSet Backends => new(BuiltIn.Backends, DialGuard.Unrestricted, Audience.Owner);

    private Option<SecretData> FindSecret(SecretRef wanted) => Secrets.Find(secret => secret.Ref == wanted);

    private static bool IsSink(ManifestDocument document) => document.Kind == "KollectDatabaseSink";
}

/// <summary>One problem or warning and its location.</summary>
/// <param name="File">As given on the command line.</param>
/// <param name="Line">Counted from 1; 0 = the file as a whole.</param>
/// <param name="Id">Empty for a file that cannot be read, and for what concerns a Secret.</param>
/// <param name="Path">Empty where the id is.</param>
/// <param name="Message">The value, the limit and the remedy.</param>
internal sealed record Finding(string File, int Line, string Id, string Path, string Message)
{
    public static Finding Of(ManifestProblem problem) => new(problem.File, problem.Line, "", "", problem.Message);

    /// <summary>Locates a problem or warning in its document.</summary>
    public static Finding Of(ManifestDocument document, Problem problem) =>
        new(document.Source.File, document.Source.LineOf(problem.Path), problem.Id, problem.Path, problem.Message);

    // sink.yaml:17: KDB012 spec.postgres.table: …
    public override string ToString() =>
        (Line == 0 ? File : FormattableString.Invariant($"{File}:{Line}")) + (Id.Length == 0 ? $": {Message}" : $": {Id} {Path}: {Message}");
}

/// <summary>One sink manifest and the result of its validation.</summary>
/// <param name="File">As in <see cref="Finding"/>.</param>
/// <param name="Line">Its first one.</param>
/// <param name="Sink">None = the manifest has problems.</param>
internal sealed record SinkDocument(NamespacedName Name, string File, int Line, Option<Sink> Sink, Seq<Finding> Problems, Seq<Finding> Warnings)
{
    public static SinkDocument Read(ManifestDocument document)
    {
        var sink = SinkObject.Read(KnownDocuments.JsonOf(document).Span);
        return new SinkDocument(
            new NamespacedName(document.Namespace, document.Name),
            document.Source.File,
            document.Source.Line,
            sink.Spec.ToOption(),
            sink.Validation.Problems.Map(problem => Finding.Of(document, problem)),
            sink.Warnings.Map(problem => Finding.Of(document, problem)));
    }
}

/// <summary>The result of validating an inventory, a profile or a target.</summary>
internal sealed record ValidatedDocument(Seq<Finding> Problems, Seq<Finding> Warnings)
{
    /// <summary>None = the kind is not of kollect.dev.</summary>
    public static Option<ValidatedDocument> Read(ManifestDocument document) => KnownKinds.Find(document.Kind).Map(validate =>
    {
        var result = validate(KnownDocuments.JsonOf(document).Span);
        return new ValidatedDocument(
            result.Problems.Map(problem => Finding.Of(document, problem)).Strict(),
            result.Warnings.Map(problem => Finding.Of(document, problem)).Strict());
    });
}
