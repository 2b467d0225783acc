using Kollect.Core.Backends.Postgres;
using Kollect.Core.Snapshots;

namespace Kollect.Shell.Backends.Postgres;

/// <summary>One way to bring rows into the table; rows come one by one, then <see cref="FinishAsync"/> once.</summary>
internal interface IWrite : IAsyncDisposable
{
    /// <summary>The row's payload is read before this returns.</summary>
    ValueTask AddAsync(Row row, UInt128 fingerprint, CancellationToken cancel);

    /// <summary>A rejected item: its old row is not stale.</summary>
    ValueTask KeepAsync(string targetName, string sourceUid, CancellationToken cancel);

    /// <summary>Brings the rest to the table; nothing is committed yet.</summary>
    /// <param name="deleteStale">Remove the rows of the scope that were neither added nor kept.</param>
    /// <param name="cancel">Rolls everything back.</param>
    Task<WriteCounts> FinishAsync(bool deleteStale, CancellationToken cancel);
}
