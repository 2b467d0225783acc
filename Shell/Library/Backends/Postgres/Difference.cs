using Kollect.Core.Backends.Postgres;
using Kollect.Core.Exports;
using Kollect.Core.Snapshots;

namespace Kollect.Shell.Backends.Postgres;

/// <summary>Rows to write and identities to delete, in memory, within the limits of <see cref="DeltaPlan"/>.</summary>
/// <param name="Batches">Rows in parts that fit into one statement each; every identity once.</param>
/// <param name="Read">Counts of the rows, and of items that cannot be stored and keep their old rows.</param>
internal sealed record Difference(IReadOnlyList<Row[]> Batches, IReadOnlyCollection<RowIdentity> Removed, SnapshotCounts Read)
{
    private const int MaxRows = 1_000;
    private const int MaxBytes = 4 << 20;

    /// <summary>True = there is nothing to write.</summary>
    public bool IsEmpty => Batches.Count == 0 && Removed.Count == 0;

    /// <summary>Nothing to write.</summary>
    public static Difference None(SnapshotHeader header) => new([], [], SnapshotCounts.Of(header));

    /// <summary>True = one of its own items cannot be stored.</summary>
    /// <param name="known">Rejected items that are not part of it.</param>
    public bool Rejects(RejectedItems known) => Read.Rejected > known.Count;

    /// <summary>Left = it is beyond the limits.</summary>
    /// <param name="others">Counts of the items that are not part of it.</param>
    public static Either<BasisLost, Difference> Of(SnapshotCounts others, IEnumerable<RowOrRejection> changed, IReadOnlyCollection<RowIdentity> removed)
    {
        var (read, batches, batch, bytes) = (others, new List<Row[]>(), new List<Row>(), 0);
        foreach (var element in changed)
        {
            read = read.Add(element);
            if (read.Items - others.Items + removed.Count > DeltaPlan.MostItems || read.Bytes > DeltaPlan.MostBytes)
                return new BasisLost(FormattableString.Invariant(
                    $"the difference is beyond {DeltaPlan.MostItems:N0} items or {DeltaPlan.MostBytes >> 20} MiB"));
            if (element is not RowOrRejection.Accepted { Row: var row })
                continue;
            batch.Add(row with { Payload = row.Payload.ToArray() });
            bytes += row.Payload.Length;
            if (batch.Count >= MaxRows || bytes >= MaxBytes)
                End();
        }

        if (batch.Count > 0)
            End();
        return removed.Count > DeltaPlan.MostItems
            ? new BasisLost(FormattableString.Invariant($"{removed.Count:N0} rows are to be deleted, and {DeltaPlan.MostItems:N0} are at most"))
            : new Difference(batches, removed, read);

        void End()
        {
            batches.Add([.. batch]);
            batch.Clear();
            bytes = 0;
        }
    }
}
