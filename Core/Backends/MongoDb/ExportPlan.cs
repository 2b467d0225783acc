using Kollect.Core.Backends.MongoDb.Bson;
using Kollect.Core.Exports;
using Kollect.Core.Failures;
using Kollect.Core.Formatting;
using Kollect.Core.Snapshots;

namespace Kollect.Core.Backends.MongoDb;

/// <summary>One export, decided before the first item is read.</summary>
/// <param name="Header">Scope and time of the snapshot.</param>
/// <param name="SkipUnchanged">Equal rows are not rewritten.</param>
internal sealed record ExportPlan(SnapshotHeader Header, Namespace Collection, bool SkipUnchanged)
{
    /// <summary>The entries of the scope; None = exports work without a ledger.</summary>
    public Option<Ledger> Ledger { get; init; }

    /// <summary>The plan of one export.</summary>
    /// <param name="observed">After what is missing was created.</param>
    public static ExportPlan Of(MongoDbSink sink, Desired desired, Observed observed, SnapshotHeader header)
    {
        var ledger = Diff.UsableLedger(desired, observed);
        return new ExportPlan(header, desired.Collection, sink.Settings.SkipsUnchanged(ledger.IsSome))
        {
            Ledger = ledger.Map(_ => new Ledger(desired.Collection, header.Scope)),
        };
    }

    /// <summary>The command that reads the state of the scope; <see cref="ScopeFacts.Read"/> reads its reply.</summary>
    public ReadOnlyMemory<byte> Inspect => Documents.Inspect(Collection.Collection, Header.Scope);

    /// <summary>Decides about the snapshot from the state of the scope.</summary>
    /// <param name="entry">The newest entry of the ledger.</param>
    public WriteDecision Decide(ScopeFacts facts, Option<LedgerEntry> entry) =>
        (facts.Newest.Filter(newest => newest > Header.ExportedAt)
            | entry.Map(it => it.Holds).Filter(held => held > Header.ExportedAt && Header.RemovedAt.IsNone)).Match<WriteDecision>(
        newest => new WriteDecision.Superseded(newest),
        () => new WriteDecision.Write(new Documents(Header, mayAdopt: facts.Foreign > 0)));

    /// <summary>Attempts to enter an export into the ledger.</summary>
    private const int MaxEntries = 20;

    /// <summary>
    /// Another export has taken the number in the ledger. Where every row of the snapshot carries its time, the scope is read and older rows are deleted once
    /// more; equal rows that keep an older time may be those of the other export.
    /// </summary>
    /// <param name="entries">Attempts so far.</param>
    public bool MayEnterAgain(int entries) => !SkipUnchanged && entries < MaxEntries;

    /// <summary>Deletes of stale rows at most; another writer may go on for ever.</summary>
    private const int MaxDeletes = 2;

    /// <summary>
    /// Decides how to go on once every upsert is acknowledged and the scope was read again, and again after each delete: rows that another writer adds
    /// while the export runs are stale as well.
    /// </summary>
    /// <param name="before">The state before the first upsert.</param>
    /// <param name="now">The state after the last upsert or delete.</param>
    /// <param name="identities">Those of the snapshot.</param>
    /// <param name="deletes">Deletes so far.</param>
    public Ending Conclude(ScopeFacts before, ScopeFacts now, SnapshotCounts read, IdentityCounts identities, Upserts upserts, int deletes)
    {
        foreach (var newer in now.Newest.Filter(newest => newest > Header.ExportedAt).AsEnumerable())
            return new Ending.Overtaken(newer, RowsOfBoth: SkipUnchanged, TakesBack: deletes == 0);
        foreach (var refused in upserts.Refused.AsEnumerable())
            return new Ending.Contended(refused);
        foreach (var miscount in upserts.Miscount.AsEnumerable())
            return new Ending.Miscounted(miscount);
        if (now.Rows < identities.Written)
            return new Ending.Miscounted(new Miscount("rows of the snapshot found in the collection", identities.Written, now.Rows));
        if (!read.ShowsWhatIsStale || NothingIsStale(now, identities, deletes))
            return new Ending.Exact(NeedsTouch: Ledger.IsNone && SkipUnchanged && upserts.Counts is { Inserted: 0, Modified: 0 });
        return deletes == MaxDeletes
            ? new Ending.Miscounted(new Miscount("rows of the inventory and cluster", identities.Written, now.Rows))
            : new Ending.DeleteStale(deletes == 0 && CanUseWatermark(before, identities) ? StaleDelete.ByWatermark : StaleDelete.ByKey);
    }

    // The scope holds as many rows as were written, so it holds no other. How many rejected items have an old row is unknown: what a delete has left
    // may be theirs.
    private static bool NothingIsStale(ScopeFacts now, IdentityCounts identities, int deletes) =>
        now.Rows <= identities.Written + (deletes > 0 ? identities.Kept : 0) && (deletes > 0 || identities.Kept == 0);

    // The watermark is the snapshot's time: every row of the snapshot carries it, and nothing else does. Not so when equal rows
    // keep their old time, when a rejected item keeps its row, and when the same time is exported once more.
    private bool CanUseWatermark(ScopeFacts before, IdentityCounts identities) =>
        !SkipUnchanged && identities.Kept == 0 && before.Newest.ForAll(newest => newest < Header.ExportedAt);

    /// <summary>
    /// True when a stored row is deleted if its identity is not in the snapshot. A row that is newer than the snapshot belongs to another writer.
    /// </summary>
    public bool MayBeStale(StoredRow row) => row.ExportedAt.ForAll(time => time <= Header.ExportedAt);

    /// <summary>Both sides of the count, put together.</summary>
    /// <param name="before">The state before the first upsert.</param>
    /// <param name="now">The state after the last upsert: rows that left the other clusters were adopted.</param>
    /// <param name="deleted">Stale rows.</param>
    public ExportOutcome Tally(SnapshotCounts read, IdentityCounts identities, WriteCounts written, ScopeFacts before, ScopeFacts now, long deleted)
    {
        var adopted = Math.Clamp(before.Foreign - now.Foreign, 0, written.Matched);
        var updated = Math.Max(0, (SkipUnchanged ? written.Modified : written.Matched) - adopted);
        return Outcome(read, written.Inserted, updated, adopted, identities.Duplicates, deleted);
    }

    /// <summary>The counts of an export; what is neither inserted, updated nor adopted is unchanged.</summary>
    public static ExportOutcome Outcome(
        SnapshotCounts read, long inserted, long updated, long adopted, long duplicates, long deleted) => new(
        Items: read.Items,
        Inserted: inserted,
        Updated: updated,
        Unchanged: Math.Max(0, read.Items - read.Rejected - duplicates - inserted - updated - adopted),
        Deleted: deleted,
        Adopted: adopted,
        Duplicates: duplicates,
        Sanitized: read.Sanitized,
        Rejected: read.Rejected,
        StaleKept: !read.ShowsWhatIsStale,
        Skipped: read.Skipped,
        Bytes: read.Bytes,
        ElapsedMs: 0,
        Rejections: read.Rejections);
}

/// <summary>The rows that the destination holds for an inventory.</summary>
/// <param name="Newest">The newest <c>exported_at</c> of the scope; None = no row of this cluster.</param>
/// <param name="Rows">Rows of this cluster.</param>
/// <param name="Foreign">Rows of the inventory under another cluster label.</param>
internal sealed record ScopeFacts(Option<DateTimeOffset> Newest, long Rows, long Foreign)
{
    /// <summary>The reply to <see cref="Documents.Inspect"/>.</summary>
    public static ScopeFacts Read(ReadOnlySpan<byte> reply)
    {
        var facts = new ScopeFacts(None, 0, 0);
        if (!BsonReader.Find(reply, "cursor"u8, out var cursor) || !BsonReader.Find(cursor.AsDocument(), "firstBatch"u8, out var batch))
            return facts;
        var groups = new BsonReader(batch.AsDocument());
        while (groups.Read())
        {
            var rows = BsonReader.Find(groups.AsDocument(), "rows"u8, out var count) ? count.AsInt64() : 0;
            if (BsonReader.Find(groups.AsDocument(), "_id"u8, out var ours) && ours.AsBoolean())
                facts = facts with { Rows = rows, Newest = BsonReader.Find(groups.AsDocument(), "newest"u8, out var time) ? time.AsTime() : None };
            else
                facts = facts with { Foreign = rows };
        }

        return facts;
    }
}

/// <summary>Write the snapshot, or do not. Closed.</summary>
internal abstract record WriteDecision
{
    private WriteDecision() { }

    /// <summary>The destination holds a newer snapshot.</summary>
    public sealed record Superseded(DateTimeOffset Held) : WriteDecision
    {
        /// <summary>For the ledger.</summary>
        public string Why => $"superseded: the destination holds a snapshot of {Times.Text(Held)}";
    }

    /// <summary>Write with these.</summary>
    public sealed record Write(Documents Documents) : WriteDecision;
}

/// <summary>The method of finding stale rows.</summary>
internal enum StaleDelete
{
    /// <summary>They are older than the snapshot.</summary>
    ByWatermark,

    /// <summary>Their identities are read and compared with the snapshot's.</summary>
    ByKey,
}

/// <summary>The end of an export after its last upsert. Closed.</summary>
internal abstract record Ending
{
    private Ending() { }

    /// <summary>Delete what is stale, and read the scope again.</summary>
    public sealed record DeleteStale(StaleDelete How) : Ending;

    /// <summary>No row is stale, or an item without identity may stand for any row.</summary>
    /// <param name="NeedsTouch">Nothing was written: one row has to carry the new time, for the ordering guard.</param>
    public sealed record Exact(bool NeedsTouch) : Ending;

    /// <summary>A newer snapshot came in between.</summary>
    /// <param name="RowsOfBoth">Equal rows keep their old time, so this export may have written over rows of the newer one.</param>
    /// <param name="TakesBack">
    /// What this export inserted is taken back, and nothing else is deleted. False = it has deleted already: its rows stay until the newer export deletes them,
    /// so that there are never fewer rows than in one of the snapshots.
    /// </param>
    public sealed record Overtaken(DateTimeOffset Held, bool RowsOfBoth, bool TakesBack) : Ending
    {
        /// <summary>The result of the export.</summary>
        public ExportResult Result(DateTimeOffset offered) => RowsOfBoth
            ? new ExportResult.Failed(new Failure.TryLater(
                FailureLine.Of(
                    Stage.Export,
                    "a newer snapshot was exported meanwhile, and rows of both stand beside each other",
                    "the next export repairs it: export again"),
                Waits.Soon))
            : new ExportResult.Superseded(offered, Held);
    }

    /// <summary>Another export entered the ledger first.</summary>
    public static Failure LostRace { get; } = new Failure.TryLater(
        FailureLine.Of(
            Stage.Export,
            "another export wrote rows of the inventory and cluster meanwhile",
            "look for a second operator, or a second sink with the same cluster label; it is tried again"),
        Waits.Soon);

    /// <summary>The server counted other rows than it was sent.</summary>
    public sealed record Miscounted(Miscount Miscount) : Ending
    {
        /// <summary>The result of the export.</summary>
        public Failure Failure => new Failure.TryLater(
            FailureLine.Of(
                Stage.Export,
                $"{Miscount}",
                "rows of the snapshot may stand beside others; look for another writer of these rows; it is tried again"),
            Waits.Soon);
    }

    /// <summary>Some rows were refused as duplicates although no newer snapshot is there.</summary>
    public sealed record Contended(RefusedWrite Why) : Ending;
}

/// <summary>Counts of the server's writes.</summary>
/// <param name="Inserted">Documents that were not there.</param>
/// <param name="Matched">Documents that were.</param>
/// <param name="Modified">Those that are different now.</param>
internal sealed record WriteCounts(long Inserted, long Matched, long Modified)
{
    /// <summary>Nothing yet.</summary>
    public static WriteCounts Zero { get; } = new(0, 0, 0);
}
