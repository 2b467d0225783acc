using Kollect.Core.Exports;
using Kollect.Core.Snapshots;
using Kollect.Core.Views;
using Kollect.Shell.Snapshots;

namespace Kollect.Shell.Exports;

/// <summary>
/// A sink with its Secrets resolved, ready to connect. Expected answers of a server are values; exceptions are defects, and
/// <see cref="OperationCanceledException"/>, after which nothing was written.
/// </summary>
internal interface IDestination : IAsyncDisposable
{
    /// <summary>The limits of values that the backend can store.</summary>
    RowLimits Limits { get; }

    /// <summary>Reads the state of the destination and plans its provisioning. Changes nothing.</summary>
    Task<PlanResult> PlanAsync(CancellationToken cancel);

    /// <summary>Does what an export needs, up to the first write. Changes nothing; at most 15 s.</summary>
    Task<ProbeResult> ProbeAsync(CancellationToken cancel);

    /// <summary>Creates or replaces the views of targets; those of others are never touched. A refused view leaves the others to be made.</summary>
    Task<ViewsResult> ApplyViewsAsync(Seq<TargetView> views, CancellationToken cancel);

    /// <summary>Makes the rows of the scope exactly the snapshot, or leaves them as they were.</summary>
    /// <param name="header">The scope that the snapshot replaces, and its time.</param>
    /// <param name="rows">Read once; a <see cref="SnapshotException"/> from it refuses the whole snapshot.</param>
    /// <param name="dryRun">Roll back at the end and only give the counts.</param>
    /// <param name="progress">Receives a report about every thousand items; null = no reports.</param>
    /// <param name="cancel">Rolls back.</param>
    Task<ExportResult> ExportAsync(
        SnapshotHeader header,
        IAsyncEnumerable<RowOrRejection> rows,
        bool dryRun,
        IProgress<ExportProgress>? progress,
        CancellationToken cancel);

    /// <summary>
    /// Writes a difference: its cost does not grow with the snapshot. Uses the connection and the observation of the last export, where there are some.
    /// </summary>
    /// <param name="header">The snapshot after the changes; its content is known.</param>
    /// <param name="cancel">Rolls back.</param>
    /// <returns>Left = the destination does not hold the basis, or cannot tell.</returns>
    Task<Either<BasisLost, ExportResult>> ExportChangesAsync(SnapshotHeader header, SnapshotChanges changes, CancellationToken cancel);

    /// <summary>
    /// Looks for rows that others have added, changed or removed since the destination was verified, and repairs those; neither sends nor reads the payload of
    /// any other row.
    /// </summary>
    /// <param name="header">The snapshot that the destination should hold, with the time of the repair.</param>
    /// <param name="held">The snapshot that the destination should hold.</param>
    /// <param name="cancel">Rolls back.</param>
    /// <returns>Counts of what was repaired. Left = the destination does not hold the basis, or cannot tell.</returns>
    Task<Either<BasisLost, ExportResult>> RepairAsync(SnapshotHeader header, IHeldSnapshot held, CancellationToken cancel);
}

/// <summary>A snapshot in memory that a destination should hold. Several threads may read it.</summary>
internal interface IHeldSnapshot
{
    /// <summary>The destination's record of it.</summary>
    Fence Basis { get; }

    /// <summary>Items, those that cannot be stored included.</summary>
    long Count { get; }

    /// <summary>Every identity once.</summary>
    IEnumerable<RowIdentity> Identities { get; }

    /// <summary>Items that cannot be stored: their old rows stay as they are.</summary>
    RejectedItems Rejected => RejectedItems.None;

    /// <summary>None = the snapshot has no such item.</summary>
    Option<RowOrRejection> Find(RowIdentity identity);

    /// <summary>The rows of these identities; items that cannot be stored have none.</summary>
    IEnumerable<RowOrRejection> RowsOf(IEnumerable<RowIdentity> identities) =>
        identities.SelectMany(it => Find(it).AsEnumerable()).Where(it => it is RowOrRejection.Accepted);

    /// <summary>The counts before the first repaired row.</summary>
    /// <param name="header">Of the snapshot.</param>
    SnapshotCounts CountsOf(SnapshotHeader header) => SnapshotCounts.Of(header).Add(Rejected);
}

/// <summary>The progress of an export.</summary>
/// <param name="Items">Items read so far.</param>
/// <param name="Bytes">Payload bytes read so far.</param>
/// <param name="Doing">The current step, e.g. <c>reading</c> or <c>upserting</c>.</param>
public readonly record struct ExportProgress(long Items, long Bytes, string Doing);
