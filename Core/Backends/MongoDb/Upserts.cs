using Kollect.Core.Exports;
using Kollect.Core.Snapshots;

namespace Kollect.Core.Backends.MongoDb;

/// <summary>Converts rows to batches of upserts and counts their results.</summary>
/// <param name="skipUnchanged">Equal rows are not rewritten.</param>
internal sealed class Upserts(Documents documents, bool skipUnchanged)
{
    /// <summary>DuplicateKey.</summary>
    internal const int DuplicateKey = 11000;

    private WriteBatch filling = New();
    private WriteBatch? spare;

    /// <summary>The counts of the answers so far.</summary>
    public WriteCounts Counts { get; private set; } = WriteCounts.Zero;

    /// <summary>A write that was refused as a duplicate, twice; None = there is none.</summary>
    public Option<RefusedWrite> Refused { get; private set; }

    /// <summary>The first of the server's counts that differs from what was sent; None = all agree.</summary>
    public Option<Miscount> Miscount { get; private set; }

    /// <summary>True when the batch is full: <see cref="Take"/> comes next.</summary>
    public bool IsFull => filling.IsFull;

    /// <summary>Adds a row; its memory is not needed afterwards. A batch holds every row, overruled ones too: see <see cref="WriteBatch.Remove"/>.</summary>
    public void Add(Row row) => filling.Add(filling.Make(
        skipUnchanged ? WriteKind.Merge : WriteKind.Replace,
        (documents, row, skipUnchanged),
        static (to, it) => it.documents.Guarded(to, it.row.TargetName, it.row.SourceUid),
        static (to, it) => it.documents.Row(to, it.row, unlessEqual: it.skipUnchanged)));

    /// <summary>The rows that were added since the last call, in their order.</summary>
    public WriteBatch Take()
    {
        var taken = filling;
        (filling, spare) = (spare ?? New(), null);
        return taken;
    }

    /// <summary>Lets a batch that is no longer needed be filled again.</summary>
    public void Recycle(WriteBatch batch)
    {
        batch.Clear();
        spare = batch;
    }

    /// <summary>Counts the answer to a batch and decides about the refused writes.</summary>
    /// <param name="answer">The server's answer.</param>
    /// <param name="again">It was sent for the second time.</param>
    public AfterWrite After(WriteBatch sent, BulkAnswer answer, bool again)
    {
        foreach (var refused in answer.Refused)
            if (refused.Code != DuplicateKey)
                return new AfterWrite.Failed(refused);

        Miscount = Miscount || Exports.Miscount.Of(
            "rows matched or inserted", sent.Writes.Count - answer.Refused.Count, answer.Matched + answer.Inserted.Count);
        Counts = new WriteCounts(Counts.Inserted + answer.Inserted.Count, Counts.Matched + answer.Matched, Counts.Modified + answer.Modified);
        if (again)
            Refused |= answer.Refused.HeadOrNone();
        if (again || answer.Refused.IsEmpty)
            return new AfterWrite.Done();

        // Two exporters that insert the same row at once get this answer too: the second time the row is there to be found. A row
        // that is newer than the snapshot is refused again.
        var retry = new WriteBatch();
        foreach (var refused in answer.Refused)
            retry.AddFrom(sent, refused.Index);
        return new AfterWrite.Again(retry);
    }

    private static WriteBatch New() => new(WriteBatch.EnoughBytes + (64 << 10));
}

/// <summary>The next step after the answer to a batch. Closed.</summary>
internal abstract record AfterWrite
{
    private AfterWrite() { }

    /// <summary>Go on.</summary>
    public sealed record Done : AfterWrite;

    /// <summary>Send these once more.</summary>
    public sealed record Again(WriteBatch Batch) : AfterWrite;

    /// <summary>The export fails.</summary>
    public sealed record Failed(RefusedWrite Why) : AfterWrite;
}
