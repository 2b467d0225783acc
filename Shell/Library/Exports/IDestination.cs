using Kollect.Core.Exports;
using Kollect.Core.Snapshots;
using Kollect.Shell.Snapshots;

namespace Kollect.Shell.Exports;

/// <summary>
/// A sink with its Secrets resolved, ready to connect. Expected answers of a server are values; exceptions are defects, and
/// <see cref="OperationCanceledException"/>, after which nothing was written.
/// </summary>
public interface IDestination : IAsyncDisposable
{
    /// <summary>The limits of values that the backend can store.</summary>
    RowLimits Limits { get; }

    /// <summary>Reads the state of the destination and plans its provisioning. Changes nothing.</summary>
    Task<PlanResult> PlanAsync(CancellationToken cancel);

    /// <summary>Does what an export needs, up to the first write. Changes nothing; at most 15 s.</summary>
    Task<ProbeResult> ProbeAsync(CancellationToken cancel);

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
}

/// <summary>The progress of an export.</summary>
/// <param name="Items">Items read so far.</param>
/// <param name="Bytes">Payload bytes read so far.</param>
/// <param name="Doing">The current step, e.g. <c>reading</c> or <c>upserting</c>.</param>
public readonly record struct ExportProgress(long Items, long Bytes, string Doing);
