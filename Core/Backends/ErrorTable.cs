using System.Diagnostics;
using Kollect.Core.Failures;

namespace Kollect.Core.Backends;

/// <summary>The errors of one backend as data, and the classification of a fault by them.</summary>
/// <param name="Entries">Entries by the server's code.</param>
/// <param name="Special">Entries for errors that the code alone does not distinguish: by stage, label or words of the message.</param>
/// <param name="Keys">Codes of the entries that apply to a fault, the most specific first. The first code with an entry decides.</param>
/// <param name="Network">Words for a failed connection.</param>
/// <param name="Unknown">Remedy for an error without an entry. A retry does not help there: an unknown remedy cannot be to wait.</param>
internal sealed record ErrorTable(
    Seq<ErrorEntry> Entries, Seq<ErrorEntry> Special, Func<Stage, Fault.Server, Seq<string>> Keys, NetworkWords Network, string Unknown)
{
    /// <summary>Classifies any fault.</summary>
    public Failure Classify(Stage stage, Fault fault, Redactor redactor) => fault switch
    {
        Fault.Server it => Server(stage, it, redactor),
        Fault.Network it => NetworkFailure.Of(stage, it, Network, redactor.Server),
        Fault.Forbidden it => NetworkFailure.Of(stage, it.Objection, redactor.Server),
        Fault.TooSlow it => NetworkFailure.Of(stage, it, Network, redactor.Server),
        Fault.TooLarge it => NetworkFailure.Of(stage, it, redactor.Server),
        Fault.Unprotected it => NetworkFailure.Of(stage, it, redactor.Server),
        _ => throw new UnreachableException(),
    };

    private Failure Server(Stage stage, Fault.Server fault, Redactor redactor)
    {
        var entry = Keys(stage, fault).Bind(Find).HeadOrNone();
        var remedy = entry.Map(it => it.Remedy).IfNone(Unknown);
        var said = redactor.Said(Masked(fault));
        var at = entry.Bind(it => it.At).IfNone(stage);
        var message = FailureLine.Of(
            at,
            $"{(at == Stage.Connect ? redactor.Server.Map(server => $"{server}: ").IfNone("") : "")}{said} ({redactor.Said(fault.Code)})",
            fault.Setting.Match(setting => remedy.Replace(ErrorEntry.Options, setting.Place, StringComparison.Ordinal), () => remedy));
        var failure = Failure.Of(message, entry.Bind(it => it.After));
        return failure is Failure.TryLater later && entry.Exists(it => it.IsOfStart) ? later with { IsOfConnection = stage == Stage.Connect } : failure;
    }

    /// <summary>A server repeats a wrong value in quotes.</summary>
    private static string Masked(Fault.Server fault) =>
        fault.Setting.Match(setting => fault.Text.Replace($"\"{setting.Value.Reveal()}\"", "\"***\"", StringComparison.Ordinal), () => fault.Text);

    private Seq<ErrorEntry> Find(string key) => Join(Special, Entries).Filter(entry => entry.Code == key);
}

/// <summary>One line of a backend's error table.</summary>
/// <param name="Code">The server's code: a SQLSTATE or a class of SQLSTATEs, a number, a reason.</param>
/// <param name="Name">The name of the error in the server's manual.</param>
/// <param name="After">The wait before a retry; None = a retry cannot succeed.</param>
/// <param name="Remedy">The action that resolves the error.</param>
internal sealed record ErrorEntry(string Code, string Name, Option<TimeSpan> After, string Remedy)
{
    /// <summary>The place of settings, as a remedy names it; of a setting in a Secret the message names that place instead.</summary>
    public const string Options = "spec.options";

    /// <summary>The stage that the message names; None = the stage in which the error occurred.</summary>
    public Option<Stage> At { get; init; }

    /// <summary>True = a server that is starting or stopping refuses every connection with it.</summary>
    public bool IsOfStart { get; init; }

    /// <summary>An error for which a retry cannot succeed.</summary>
    public static ErrorEntry Refuse(string code, string name, string remedy) => new(code, name, None, remedy);

    /// <summary>A failed login. BigQuery logs in with its first request, so the error may occur in a later stage than <see cref="Stage.Connect"/>.</summary>
    public static ErrorEntry RefuseLogin(string code, string name, string remedy) => Refuse(code, name, remedy) with { At = Stage.Connect };

    /// <summary>An error for which a retry after a wait may succeed.</summary>
    public static ErrorEntry Try(string code, string name, TimeSpan after, string remedy) => new(code, name, after, remedy);
}
