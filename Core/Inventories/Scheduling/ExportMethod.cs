using Kollect.Core.Collection;
using Kollect.Core.Exports;
using Kollect.Core.Snapshots;

namespace Kollect.Core.Inventories.Scheduling;

/// <summary>How a snapshot reaches its destination. Closed.</summary>
internal abstract record ExportMethod
{
    private ExportMethod(string why) => Why = why;

    /// <summary>Why no cheaper method will do, or empty; for the log.</summary>
    public string Why { get; }

    /// <summary>Every item is sent and compared.</summary>
    /// <param name="Why">Why no cheaper method will do: <c>first export</c>.</param>
    public sealed record Full(string Why) : ExportMethod(Why);

    /// <summary>Only what has changed is sent; an export in full follows at once where the destination does not hold the basis.</summary>
    /// <param name="Before">The snapshot that the destination holds.</param>
    /// <param name="Basis">The destination's record of it.</param>
    /// <param name="Looks">True = a look follows, because one is due: content that changes all the time does not put it off.</param>
    public sealed record Changes(SnapshotContent Before, Fence Basis, bool Looks) : ExportMethod("")
    {
        /// <summary>Items of <see cref="Before"/> that cannot be stored.</summary>
        public RejectedItems Rejected { get; init; } = RejectedItems.None;
    }

    /// <summary>Rows that others have changed are found and repaired; no other row is sent.</summary>
    /// <param name="Basis">The destination's record of the snapshot.</param>
    public sealed record Look(Fence Basis) : ExportMethod("")
    {
        /// <summary>Items of the snapshot that cannot be stored.</summary>
        public RejectedItems Rejected { get; init; } = RejectedItems.None;
    }

    /// <summary>The cheapest method that leaves the rows exactly the snapshot.</summary>
    /// <param name="state">Before the export starts.</param>
    /// <param name="basis">Of the export.</param>
    public static ExportMethod Of(SinkExportState state, ExportBasis basis, ExportInterval interval, DateTimeOffset now) => state.LastSuccess.Match(
        success => Of(state, success, basis, interval, now),
        () => new Full("first export"));

    private static ExportMethod Of(SinkExportState state, ExportSuccess success, ExportBasis basis, ExportInterval interval, DateTimeOffset now)
    {
        if (state.LastFailure.Exists(failure => !failure.KeepsBasis))
            return new Full("the last export failed");
        if (success.Fence.Case is not Fence fence)
            return new Full("it is not known what the destination holds");
        if (basis.Since(success.Of).Filter(change => !change.ContentOnly).Case is Difference edited)
            return new Full(edited.Why);
        if (success.ComparisonDue.IsOver(now))
            return new Full("the last one in full was a day ago");
        if (!success.KnowsRejected)
            return new Full("it is not known which items cannot be stored");
        if (basis.Checksum == success.Of.Checksum && basis.Complete == success.Of.Complete)
            return new Look(fence) { Rejected = success.Rejected };
        if (basis.Complete && !success.Of.Complete)
            return new Full("the snapshot has become complete");
        return success.Content.Match<ExportMethod>(
            before => new Changes(before, fence, state.LookDue(interval, now).Exists(due => due.IsOver(now))) { Rejected = success.Rejected },
            () => new Full("the content has changed while the operator did not run"));
    }
}
