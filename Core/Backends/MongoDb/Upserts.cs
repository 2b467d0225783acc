using Kollect.Core.Backends.MongoDb.Bson;
using Kollect.Core.Exports;
using Kollect.Core.Snapshots;

namespace Kollect.Core.Backends.MongoDb;

/// <summary>
/// Converts rows to batches of upserts and counts their results. Uses 16 bytes of memory for each identity of the snapshot and 16
/// for each document that was inserted.
/// </summary>
/// <param name="skipUnchanged">Equal rows are not rewritten.</param>
public sealed class Upserts(Documents documents, bool skipUnchanged)
{
    /// <summary>DuplicateKey.</summary>
    private const int DuplicateKey = 11000;

    private readonly System.Collections.Generic.HashSet<UInt128> written = [];
    private readonly System.Collections.Generic.HashSet<UInt128> kept = [];
    private readonly List<ObjectId> inserted = [];
    private UpsertBatch filling = new();
    private UpsertBatch? spare;

    /// <summary>The counts of the answers so far.</summary>
    public WriteCounts Counts { get; private set; } = WriteCounts.Zero;

    /// <summary>Documents that this export inserted.</summary>
    public IReadOnlyList<ObjectId> Inserted => inserted;

    /// <summary>A write that was refused as a duplicate, twice; None = there is none.</summary>
    public Option<RefusedWrite> Refused { get; private set; }

    /// <summary>The first of the server's counts that differs from what was sent; None = all agree.</summary>
    public Option<Miscount> Miscount { get; private set; }

    /// <summary>Different identities that were written.</summary>
    public long Distinct => written.Count;

    /// <summary>Rejected items, whose rows are kept although they are not written: no watermark distinguishes them from stale ones.</summary>
    public long Kept => kept.Count;

    /// <summary>True when the batch is full: <see cref="Take"/> comes next.</summary>
    public bool IsFull => filling.Firsts.IsFull || filling.Repeats.IsFull;

    /// <summary>Adds a row; its memory is not needed afterwards.</summary>
    public void Add(Row row)
    {
        var fingerprint = IdentityFingerprint.Of(row.TargetName, row.SourceUid);
        var isRepeat = !written.Add(fingerprint);
        if (isRepeat)
            Counts = Counts with { Duplicates = Counts.Duplicates + 1 };
        filling.Add(fingerprint, isRepeat, skipUnchanged ? WriteKind.Merge : WriteKind.Replace, documents, row);
    }

    /// <summary>The row of a rejected item, if there is one, is not stale.</summary>
    public void Keep(string targetName, string sourceUid) => kept.Add(IdentityFingerprint.Of(targetName, sourceUid));

    /// <summary>True when the identity belongs to the snapshot.</summary>
    public bool IsCurrent(StoredIdentity row)
    {
        var fingerprint = IdentityFingerprint.Of(row.TargetName, row.SourceUid);
        return written.Contains(fingerprint) || kept.Contains(fingerprint);
    }

    /// <summary>The rows that were added since the last call.</summary>
    public UpsertBatch Take()
    {
        var taken = filling;
        (filling, spare) = (spare ?? new UpsertBatch(), null);
        return taken;
    }

    /// <summary>Lets a batch that is no longer needed be filled again.</summary>
    public void Recycle(UpsertBatch batch)
    {
        batch.Clear();
        spare = batch;
    }

    /// <summary>Counts the answer to a batch and decides about the refused writes.</summary>
    /// <param name="answer">The server's answer.</param>
    /// <param name="repeats">Rows that were counted already when their identity came first.</param>
    /// <param name="again">It was sent for the second time.</param>
    public AfterWrite After(WriteBatch sent, BulkAnswer answer, bool repeats, bool again)
    {
        foreach (var refused in answer.Refused)
            if (refused.Code != DuplicateKey)
                return new AfterWrite.Failed(refused);

        // The repeats too: an upsert finds a document or inserts one.
        Miscount = Miscount || Exports.Miscount.Of(
            "rows matched or inserted", sent.Writes.Count - answer.Refused.Count, answer.Matched + answer.Inserted.Count);
        inserted.AddRange(answer.Inserted);
        Counts = Counts with
        {
            Inserted = Counts.Inserted + answer.Inserted.Count,
            Matched = Counts.Matched + (repeats ? 0 : answer.Matched),
            Modified = Counts.Modified + (repeats ? 0 : answer.Modified),
        };
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
}

/// <summary>
/// Rows that are sent together. A batch of writes is carried out in any order, so an identity that comes again replaces its write
/// while it is not sent yet; one that was sent before goes into the repeats, which follow.
/// </summary>
public sealed class UpsertBatch
{
    private readonly Dictionary<UInt128, int> firsts = [];
    private readonly Dictionary<UInt128, int> repeats = [];

    /// <summary>Sent first.</summary>
    public WriteBatch Firsts { get; } = new(WriteBatch.EnoughBytes + (64 << 10));

    /// <summary>Sent once the others are written.</summary>
    public WriteBatch Repeats { get; } = new();

    internal void Add(UInt128 fingerprint, bool isRepeat, WriteKind kind, Documents documents, Row row)
    {
        var (batch, indexes) = isRepeat && !firsts.ContainsKey(fingerprint) ? (Repeats, repeats) : (Firsts, firsts);
        var write = batch.Make(
            kind,
            (documents, row, kind),
            static (to, it) => it.documents.Guarded(to, it.row.TargetName, it.row.SourceUid),
            static (to, it) => it.documents.Row(to, it.row, unlessEqual: it.kind == WriteKind.Merge));
        if (indexes.TryGetValue(fingerprint, out var index))
            batch.Replace(index, write);
        else
            indexes[fingerprint] = batch.Add(write);
    }

    internal void Clear()
    {
        Firsts.Clear();
        Repeats.Clear();
        firsts.Clear();
        repeats.Clear();
    }
}

/// <summary>The next step after the answer to a batch. Closed.</summary>
public abstract record AfterWrite
{
    private AfterWrite() { }

    /// <summary>Go on.</summary>
    public sealed record Done : AfterWrite;

    /// <summary>Send these once more.</summary>
    public sealed record Again(WriteBatch Batch) : AfterWrite;

    /// <summary>The export fails.</summary>
    public sealed record Failed(RefusedWrite Why) : AfterWrite;
}
