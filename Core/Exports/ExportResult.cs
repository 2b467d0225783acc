using System.Diagnostics;
using System.Globalization;
using Kollect.Core.Failures;
using Kollect.Core.Formatting;
using Kollect.Core.Snapshots;

namespace Kollect.Core.Exports;

/// <summary>The result of an export. Closed.</summary>
internal abstract record ExportResult
{
    private ExportResult() { }

    /// <summary>The rows of the scope are exactly the snapshot.</summary>
    public sealed record Exported(ExportOutcome Outcome) : ExportResult
    {
        /// <summary>What the destination records now: the basis of the next difference. None = it records nothing, and every export is one in full.</summary>
        public Option<Fence> Fence { get; init; }

        /// <summary>The items of the snapshot that cannot be stored; known only where the snapshot is held in memory.</summary>
        public RejectedItems Rejected { get; init; } = RejectedItems.None;
    }

    /// <summary>A dry run: all statements ran and were rolled back; the counts are those of a real export.</summary>
    public sealed record DryRun(ExportOutcome Outcome) : ExportResult;

    /// <summary>The destination holds a newer snapshot; nothing was written.</summary>
    /// <param name="Offered">Time of the snapshot that came too late.</param>
    /// <param name="Held">Time of the newest row of the scope.</param>
    public sealed record Superseded(DateTimeOffset Offered, DateTimeOffset Held) : ExportResult;

    /// <summary>Nothing was written.</summary>
    public sealed record Failed(Failure Failure) : ExportResult;

    /// <summary>The counts; None = nothing was counted.</summary>
    public Option<ExportOutcome> Counts => this switch
    {
        Exported it => it.Outcome,
        DryRun it => it.Outcome,
        _ => None,
    };

    /// <summary>Sets the duration in the outcome, if there is one.</summary>
    public ExportResult Lasting(TimeSpan elapsed) => this switch
    {
        Exported it => it with { Outcome = it.Outcome with { ElapsedMs = (long)elapsed.TotalMilliseconds } },
        DryRun it => new DryRun(it.Outcome with { ElapsedMs = (long)elapsed.TotalMilliseconds }),
        _ => this,
    };
}

/// <summary>The one mapping from a result to the output of a caller.</summary>
/// <param name="Status"><c>Exported</c>, <c>Superseded</c>, <c>Refused</c>, <c>TryLater</c> or <c>DryRun</c>.</param>
/// <param name="ExitCode">0 done, 1 refused, 3 transient failure, or superseded by a time that has not come yet.</param>
/// <param name="Message">One line.</param>
/// <param name="Outcome">None = nothing was counted.</param>
/// <param name="Gaps">The findings of a preflight, each with its remedy.</param>
internal sealed record ExportReport(string Status, int ExitCode, string Message, Option<ExportOutcome> Outcome, Seq<Refusal> Gaps)
{
    /// <summary>The line for standard error where the export succeeded without some items; None = there are none.</summary>
    public Option<string> RejectedLine => Outcome.Filter(outcome => outcome.Rejected > 0).Map(outcome => string.Create(
        CultureInfo.InvariantCulture,
        $"warning: {outcome.Rejected:N0} of {outcome.Items:N0} items cannot be stored and were rejected, the first: ")
            + outcome.Rejections.HeadOrNone().IfNone(""));

    /// <summary>Lines for standard error where the export succeeded and something about it is wrong.</summary>
    public Seq<string> Warnings => Join(
        RejectedLine.ToSeq(), Outcome.Bind(outcome => LiveCluster.Warning(outcome.TakenFrom)).Map(it => $"warning: {it}").ToSeq());

    /// <summary>Maps every case.</summary>
    /// <param name="now">The clock.</param>
    public static ExportReport Of(ExportResult result, DateTimeOffset now) => result switch
    {
        ExportResult.Exported it => new("Exported", 0, Words(it.Outcome), it.Outcome, Empty),
        ExportResult.DryRun it => new("DryRun", 0, "nothing was changed: these are the counts of a real export", it.Outcome, Empty),
        ExportResult.Superseded it => new("Superseded", it.Held > now ? 3 : 0, Words(it, now), None, Empty),
        ExportResult.Failed { Failure: Failure.Refused it } => new("Refused", 1, it.Message, None, it.Gaps),
        ExportResult.Failed { Failure: Failure.TryLater it } => new("TryLater", 3, it.Message, None, Empty),
        _ => throw new UnreachableException(),
    };

    /// <summary>What was written, in one line.</summary>
    public static string Words(ExportOutcome outcome) => outcome switch
    {
        { StaleKept: true, Rejected: 0 } => "the items were written; no stale row was deleted, because the snapshot is incomplete",
        { StaleKept: true } => "the storable items were written; no stale row was deleted, because an item without identity may stand for any of them",
        { Rejected: > 0 } => "the destination now holds the snapshot without the rejected items, whose old rows were kept",
        _ => "the destination now holds exactly the snapshot",
    };

    /// <summary>Why nothing was written; where the time that is held has not come yet, also how to get out.</summary>
    /// <param name="now">The clock.</param>
    public static string Words(ExportResult.Superseded superseded, DateTimeOffset now) =>
        $"nothing was written: the destination already holds a snapshot of {Times.Text(superseded.Held)}, this one is of {Times.Text(superseded.Offered)}"
        + (superseded.Held > now
            ? "; that time lies in the future, and until then every snapshot is superseded — set exported_at of the rows of this inventory and cluster "
              + "to a past time, or delete them, likewise of its entries in kollect_exports where that is there, and export again"
            : "");
}
