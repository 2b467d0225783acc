namespace Kollect.Core.Exports;

/// <summary>The last export of a scope as its destination records it: a difference may only be written on top of exactly this.</summary>
/// <param name="ExportedAt">The time of the snapshot, in whole milliseconds.</param>
/// <param name="Checksum">
/// Of the snapshot: see <see cref="Snapshots.ContentStamp"/>. A destination without a ledger does not hold it and compares only the time.
/// </param>
internal sealed record Fence(DateTimeOffset ExportedAt, string Checksum)
{
    /// <summary>True = the destination keeps no ledger: after a failed export, which may still be written, it does not tell what it holds.</summary>
    public bool IsTimeAlone { get; init; }
}

/// <summary>The destination does not hold the snapshot that a difference is based on. Nothing was written; an export in full is needed.</summary>
/// <param name="Why">For the log, one line: <c>the ledger names a snapshot of …</c>.</param>
internal sealed record BasisLost(string Why);
