using System.Diagnostics;
using Kollect.Core.Exports;
using Kollect.Core.Failures;
using Kollect.Core.Formatting;
using Kollect.Core.Sinks;

namespace Kollect.Core.Inventories.Cleanup;

/// <summary>The state of the removal of the rows at one location. Closed.</summary>
internal abstract record CleanupState
{
    private CleanupState() { }

    /// <summary>The rows are not removed yet.</summary>
    /// <param name="Failures">Attempts so far.</param>
    /// <param name="Retry">The time of the next attempt.</param>
    /// <param name="Why">The cause of the last failure; empty = no attempt has failed.</param>
    /// <param name="NoWay">See <see cref="RemovalResult.Failed"/>.</param>
    public sealed record Pending(int Failures, Deadline Retry, string Why, bool NoWay = false) : CleanupState;

    /// <summary>The rows are removed.</summary>
    /// <param name="Rows">The number of rows removed.</param>
    public sealed record Removed(long Rows) : CleanupState;

    /// <summary>The inventory keeps these rows through another sink that writes to the same table.</summary>
    public sealed record LeftTo(SinkName Sink) : CleanupState;

    /// <summary>The annotation keeps the rows.</summary>
    public sealed record Retained : CleanupState;

    /// <summary>The rows may still exist, and no attempt follows.</summary>
    /// <param name="Why">The cause of the last failure.</param>
    /// <param name="At">The end of the attempts.</param>
    public sealed record GaveUp(string Why, DateTimeOffset At) : CleanupState;
}

/// <summary>The result of an attempt to remove the rows at one location. Closed.</summary>
internal abstract record RemovalResult
{
    private RemovalResult() { }

    /// <summary>No row is left.</summary>
    public sealed record Removed(long Rows) : RemovalResult;

    /// <summary>Nothing was removed: the inventory still keeps them through another sink.</summary>
    public sealed record SharedWith(SinkName Sink) : RemovalResult;

    /// <summary>
    /// The result of an export without items, which removes the rows. Left = the destination holds a later snapshot, and the attempt needs a later time.
    /// </summary>
    /// <param name="isLast">There will be no other attempt now.</param>
    /// <param name="now">The clock.</param>
    public static Either<DateTimeOffset, RemovalResult> Of(ExportResult result, bool isLast, DateTimeOffset now) => result switch
    {
        ExportResult.Exported it => new Removed(it.Outcome.Deleted),
        ExportResult.Superseded it when isLast => new Failed($"{ExportReport.Words(it, now)}; somebody else writes these rows", TimeSpan.Zero),
        ExportResult.Superseded it => Times.Add(it.Held, TimeSpan.FromMilliseconds(1)),
        ExportResult.Failed it => Failed.Of(it.Failure),
        _ => throw new UnreachableException(),
    };

    /// <summary>Nothing was removed.</summary>
    /// <param name="Why">One line, free of anything from a Secret.</param>
    /// <param name="After">No attempt before this time has passed.</param>
    /// <param name="NoWay">Nothing was connected: the sink, or one of its Secrets, does not exist or may not be used.</param>
    public sealed record Failed(string Why, TimeSpan After, bool NoWay = false) : RemovalResult
    {
        /// <summary>A refusal is also tried again: its cause may be corrected before the timeout.</summary>
        public static Failed Of(Failure failure) => failure switch
        {
            Failure.TryLater it => new(it.Message, it.After),
            Failure.Refused { IsOfSecret: true } it => WithoutWay(it.Message),
            _ => new(failure.Message, TimeSpan.Zero),
        };

        /// <summary>The rows cannot be reached.</summary>
        public static Failed WithoutWay(string why) => new(why, TimeSpan.Zero, NoWay: true);
    }
}

/// <summary>The decision about one location. Closed.</summary>
internal abstract record CleanupStep
{
    private CleanupStep() { }

    /// <summary>Try to remove the rows.</summary>
    /// <param name="Limit">Cancel it after this time, which counts as a failure.</param>
    public sealed record Remove(TimeSpan Limit) : CleanupStep;

    /// <summary>Decide again at this time.</summary>
    public sealed record WaitUntil(DateTimeOffset Time) : CleanupStep;

    /// <summary>The removal is finished; the status no longer names the location.</summary>
    public sealed record Finished : CleanupStep;
}

/// <summary>
/// The removal of the rows at one location: tried again until the timeout, then given up, so that a missing sink, Secret or database delays nothing.
/// The timeout restarts with the process, so that its downtime orphans no rows.
/// </summary>
/// <param name="Timeout">The time after which a failure is the last one.</param>
internal sealed record RowCleanup(RowLocation Location, Deadline Timeout, CleanupState State)
{
    /// <summary>The minimum duration of an attempt just before the timeout.</summary>
    private static readonly TimeSpan ShortestAttempt = TimeSpan.FromSeconds(10);

    /// <summary>A removal without an attempt yet.</summary>
    public static RowCleanup Begin(RowLocation location, TimeSpan timeout, DateTimeOffset now) =>
        new(location, Deadline.After(now, timeout), new CleanupState.Pending(0, Deadline.After(now, TimeSpan.Zero), ""));

    /// <summary>A removal that needs no attempt.</summary>
    public static RowCleanup Retain(RowLocation location, DateTimeOffset now) => new(location, Deadline.After(now, TimeSpan.Zero), new CleanupState.Retained());

    /// <summary>True = no attempt follows.</summary>
    public bool IsFinished => State is not CleanupState.Pending;

    /// <summary>The decision now. It is not called while an attempt runs.</summary>
    public CleanupStep Next(DateTimeOffset now) => State switch
    {
        CleanupState.Pending it when it.Retry.IsOver(now) => new CleanupStep.Remove(Longer(Left(now), ShortestAttempt)),
        CleanupState.Pending it => new CleanupStep.WaitUntil(it.Retry.At),
        _ => new CleanupStep.Finished(),
    };

    /// <summary>The state after an attempt. The last attempt begins when the timeout is over.</summary>
    /// <param name="jitter">0 to 1, anew for each attempt.</param>
    public RowCleanup After(RemovalResult result, DateTimeOffset now, double jitter) => (State, result) switch
    {
        (CleanupState.Pending, RemovalResult.Removed it) => this with { State = new CleanupState.Removed(it.Rows) },
        (CleanupState.Pending, RemovalResult.SharedWith it) => this with { State = new CleanupState.LeftTo(it.Sink) },
        (CleanupState.Pending, RemovalResult.Failed it) when Timeout.IsOver(now) => GiveUp(it.Why, now),
        (CleanupState.Pending pending, RemovalResult.Failed it) => this with { State = Again(pending.Failures + 1, it, now, jitter) },
        (not CleanupState.Pending, _) => this,
        _ => throw new UnreachableException(),
    };

    /// <summary>No attempt follows, although the timeout is not over.</summary>
    public RowCleanup GiveUp(string why, DateTimeOffset now) => this with { State = new CleanupState.GaveUp(why, now) };

    private CleanupState.Pending Again(int failures, RemovalResult.Failed failed, DateTimeOffset now, double jitter)
    {
        var wait = Waits.Destinations.After(failures, jitter, failed.After);
        var left = Left(now);
        return new CleanupState.Pending(failures, Deadline.After(now, wait < left ? wait : left), failed.Why, failed.NoWay);
    }

    private TimeSpan Left(DateTimeOffset now) => Timeout.IsOver(now) ? TimeSpan.Zero : Timeout.At - now;

    private static TimeSpan Longer(TimeSpan one, TimeSpan other) => one > other ? one : other;
}
