using System.Diagnostics;
using System.Globalization;
using Kollect.Core.Failures;

namespace Kollect.Core.Exports;

/// <summary>The result of an export. Closed.</summary>
public abstract record ExportResult
{
    private ExportResult() { }

    /// <summary>The rows of the scope are exactly the snapshot.</summary>
    public sealed record Exported(ExportOutcome Outcome) : ExportResult;

    /// <summary>A dry run: all statements ran and were rolled back; the counts are those of a real export.</summary>
    public sealed record DryRun(ExportOutcome Outcome) : ExportResult;

    /// <summary>The destination holds a newer snapshot; nothing was written.</summary>
    /// <param name="Offered">Time of the snapshot that came too late.</param>
    /// <param name="Held">Time of the newest row of the scope.</param>
    public sealed record Superseded(DateTimeOffset Offered, DateTimeOffset Held) : ExportResult;

    /// <summary>Nothing was written.</summary>
    public sealed record Failed(Failure Failure) : ExportResult;

    /// <summary>Sets the duration in the outcome, if there is one.</summary>
    public ExportResult Lasting(TimeSpan elapsed) => this switch
    {
        Exported it => new Exported(it.Outcome with { ElapsedMs = (long)elapsed.TotalMilliseconds }),
        DryRun it => new DryRun(it.Outcome with { ElapsedMs = (long)elapsed.TotalMilliseconds }),
        _ => this,
    };
}

/// <summary>The one mapping from a result to the output of a caller.</summary>
/// <param name="Status"><c>Exported</c>, <c>Superseded</c>, <c>Refused</c>, <c>TryLater</c> or <c>DryRun</c>.</param>
/// <param name="ExitCode">0 done, 1 refused, 3 transient failure.</param>
/// <param name="Message">One line.</param>
/// <param name="Outcome">None = nothing was counted.</param>
/// <param name="Gaps">The findings of a preflight, each with its remedy.</param>
public sealed record ExportReport(string Status, int ExitCode, string Message, Option<ExportOutcome> Outcome, Seq<Refusal> Gaps)
{
    /// <summary>Maps every case.</summary>
    public static ExportReport Of(ExportResult result) => result switch
    {
        ExportResult.Exported it => new("Exported", 0, Exported(it.Outcome), it.Outcome, Empty),
        ExportResult.DryRun it => new("DryRun", 0, "nothing was changed: these are the counts of a real export", it.Outcome, Empty),
        ExportResult.Superseded it => new(
            "Superseded",
            0,
            $"nothing was written: the destination already holds a snapshot of {Time(it.Held)}, this one is of {Time(it.Offered)}",
            None,
            Empty),
        ExportResult.Failed { Failure: Failure.Refused it } => new("Refused", 1, it.Message, None, it.Gaps),
        ExportResult.Failed { Failure: Failure.TryLater it } => new("TryLater", 3, it.Message, None, Empty),
        _ => throw new UnreachableException(),
    };

    private static string Exported(ExportOutcome outcome) => outcome switch
    {
        { StaleKept: true, Rejected: 0 } => "the items were written; no stale row was deleted, because the snapshot is incomplete",
        { StaleKept: true } => "the storable items were written; no stale row was deleted, because an item without identity may stand for any of them",
        { Rejected: > 0 } => "the destination now holds the snapshot without the rejected items, whose old rows were kept",
        _ => "the destination now holds exactly the snapshot",
    };

    private static string Time(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
