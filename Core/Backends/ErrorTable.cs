using System.Diagnostics;
using Kollect.Core.Failures;

namespace Kollect.Core.Backends;

/// <summary>What the errors of one backend mean, as data, and the one way to look an error up.</summary>
/// <param name="Entries">By the codes of the server.</param>
/// <param name="Special">By what a code alone does not tell: the stage, a label, words of the message.</param>
/// <param name="Keys">The codes to look for, the most exact one first. The first that has an entry counts.</param>
/// <param name="Network">For a connection that fails.</param>
/// <param name="Unknown">The remedy where no entry fits. Such an error is refused, because an unknown remedy cannot be to wait.</param>
public sealed record ErrorTable(
    Seq<ErrorEntry> Entries, Seq<ErrorEntry> Special, Func<Stage, Fault.Server, Seq<string>> Keys, NetworkWords Network, string Unknown)
{
    /// <summary>Total over every fault.</summary>
    public Failure Classify(Stage stage, Fault fault, Redactor redactor) => fault switch
    {
        Fault.Server it => Server(stage, it, redactor),
        Fault.Network it => NetworkFailure.Of(stage, it.Kind, Network),
        Fault.Forbidden it => NetworkFailure.Of(stage, it.Objection),
        _ => throw new UnreachableException(),
    };

    private Failure Server(Stage stage, Fault.Server fault, Redactor redactor)
    {
        var entry = Keys(stage, fault).Bind(Find).HeadOrNone();
        var message = FailureLine.Of(
            entry.Bind(it => it.At).IfNone(stage),
            $"{redactor.Scrub(FailureLine.OneLine(fault.Text))} ({fault.Code})",
            entry.Map(it => it.Remedy).IfNone(Unknown));
        return Failure.Of(message, entry.Bind(it => it.After));
    }

    private Seq<ErrorEntry> Find(string key) => Join(Special, Entries).Filter(entry => entry.Code == key);
}

/// <summary>One line of a backend's error table.</summary>
/// <param name="Code">What the server sends: a SQLSTATE or a class of them, a number, a reason.</param>
/// <param name="Name">What the server's manual calls it.</param>
/// <param name="After">None = refused; else transient.</param>
/// <param name="Remedy">What to do.</param>
public sealed record ErrorEntry(string Code, string Name, Option<TimeSpan> After, string Remedy)
{
    /// <summary>The stage that it belongs to wherever it is noticed; None = the stage under way.</summary>
    public Option<Stage> At { get; init; }

    /// <summary>Waiting cannot help.</summary>
    public static ErrorEntry Refuse(string code, string name, string remedy) => new(code, name, None, remedy);

    /// <summary>The server does not let the account in, which some servers say only after the first request.</summary>
    public static ErrorEntry RefuseLogin(string code, string name, string remedy) => Refuse(code, name, remedy) with { At = Stage.Connect };

    /// <summary>Worth another attempt after a while.</summary>
    public static ErrorEntry Try(string code, string name, TimeSpan after, string remedy) => new(code, name, after, remedy);
}
