using Kollect.Core.Backends.MongoDb.Bson;
using Kollect.Core.Exports;
using Kollect.Core.Formatting;
using Kollect.Core.Snapshots;

namespace Kollect.Core.Backends.MongoDb;

/// <summary>
/// The entries of one scope in the collection <see cref="Name"/> beside the destination: one for each export that changed something or was refused;
/// exports of the same hour share one when they are an hour old.
/// </summary>
/// <remarks>
/// <para>
/// No transaction is needed. The <c>_id</c> of an entry is its scope and number: an export that began on top of entry 7 may only insert entry 8. A
/// duplicate key means that another one was faster, and so does an entry above 8, as 8 may have been rolled up. Entries of refused exports have negative
/// numbers, by their time.
/// </para>
/// <para>
/// Before its first write an export sets <c>writing</c> in the entry that it began on. An entry that carries it is no basis of a difference: an export that
/// was killed leaves it behind, and one that lost the race sets it in the newest entry, because its last writes may stand beside that entry's rows.
/// </para>
/// </remarks>
/// <param name="Destination">The collection of the rows.</param>
/// <param name="Scope">The scope of the entries.</param>
internal sealed record Ledger(Namespace Destination, Scope Scope)
{
    /// <summary>The name of the collection in every database.</summary>
    public const string Name = "kollect_exports";

    /// <summary>The fields of an entry, in their order, and the types of their values.</summary>
    public static Seq<(string Name, string Type)> FieldTypes { get; } = Seq(
        ("_id", "document"), ("collection", "string"), ("inventory_namespace", "string"), ("inventory_name", "string"), ("cluster", "string"),
        ("exported_at", "date"), ("checksum", "string"), ("items", "long"), ("complete", "bool"), ("inserted", "long"), ("updated", "long"),
        ("deleted", "long"), ("adopted", "long"), ("rejected", "long"), ("duration_ms", "long"), ("exporter", "string"), ("refusal", "string"),
        ("verified_at", "date"), ("rows", "long"), ("writing", "date"));

    /// <summary>Old entries that are deleted at once.</summary>
    public const int SweptAtOnce = 500;

    /// <summary>Differences between two sweeps.</summary>
    private const int SweepEvery = 100;

    /// <summary>The ledger of the database.</summary>
    public Namespace At => Of(Destination);

    /// <summary>The ledger beside a collection.</summary>
    public static Namespace Of(Namespace destination) => destination with { Collection = Name };

    /// <summary>Asks for the newest entry of rows that were written; <see cref="LedgerEntry.Read"/> reads the reply.</summary>
    public ReadOnlyMemory<byte> Newest => Find(1, long.MaxValue, descending: true, limit: 1);

    /// <summary>Asks for the oldest entries whose snapshots are older than <paramref name="before"/>, except for the newest of all.</summary>
    public ReadOnlyMemory<byte> Old(LedgerEntry newest, DateTimeOffset before) =>
        Find(long.MinValue, newest.Number - 1, descending: false, SweptAtOnce, to => to.StartDocument("exported_at"u8).DateTime("$lt"u8, before).End());

    /// <summary>Asks for the oldest entries of an exporter that are an hour to a day older than the newest one.</summary>
    public ReadOnlyMemory<byte> Aged(LedgerEntry newest, string exporter) => Find(1, newest.Number - 1, descending: false, SweptAtOnce, to => to
        .String("exporter"u8, exporter)
        .StartDocument("exported_at"u8)
        .DateTime("$gte"u8, Times.Add(newest.ExportedAt, -TimeSpan.FromDays(1)))
        .DateTime("$lt"u8, Times.Add(newest.ExportedAt, -TimeSpan.FromHours(1)))
        .End());

    /// <summary>
    /// Makes one entry of those of the same hour in a reply to <see cref="Aged"/>: the last one, with the counts of all. If that is cut short, an entry
    /// more may remain, or its counts may be missing.
    /// </summary>
    public static WriteBatch RollUp(ReadOnlySpan<byte> reply)
    {
        var batch = new WriteBatch();
        foreach (var hour in Counted(reply).GroupBy(it => it.Hour).Where(hour => hour.Count() > 1))
        {
            var last = hour.Last();
            foreach (var other in hour.SkipLast(1))
                batch.Add(batch.Make(WriteKind.DeleteOne, to => to.StartDocument().Elements(other.Id).End()));
            batch.Add(batch.Make(
                WriteKind.Touch,
                to => to.StartDocument().Elements(last.Id).End(),
                to =>
                {
                    to.StartDocument().StartDocument("$set"u8);
                    for (var i = 0; i < Counts.Length; i++)
                        to.Int64(Counts[i], hour.Sum(it => it.Counts[i]));
                    to.End().End();
                }));
        }

        return batch;
    }

    private static readonly byte[][] Counts =
        [[.. "inserted"u8], [.. "updated"u8], [.. "deleted"u8], [.. "adopted"u8], [.. "duration_ms"u8]];

    private static List<(byte[] Id, long Hour, long[] Counts)> Counted(ReadOnlySpan<byte> reply)
    {
        var entries = new List<(byte[] Id, long Hour, long[] Counts)>();
        var found = Replies.FirstBatch(reply);
        while (found.Read())
        {
            var entry = found.AsDocument();
            if (!BsonReader.Find(entry, "_id"u8, out var id) || !BsonReader.Find(entry, "exported_at"u8, out var time))
                continue;
            var counts = new long[Counts.Length];
            for (var i = 0; i < counts.Length; i++)
                counts[i] = BsonReader.Find(entry, Counts[i], out var count) ? count.AsInt64() : 0;
            entries.Add((id.Element.ToArray(), time.AsTime().IfNone(DateTimeOffset.MinValue).UtcTicks / TimeSpan.TicksPerHour, counts));
        }

        return entries;
    }

    /// <summary>True = old entries are looked for after this one.</summary>
    public static bool IsSwept(LedgerEntry entry, bool isDifference) => !isDifference || entry.Number % SweepEvery == 0;

    /// <summary>Deletes the entries of a reply to <see cref="Old"/>.</summary>
    public static WriteBatch Delete(ReadOnlySpan<byte> reply)
    {
        var batch = new WriteBatch();
        var found = Replies.FirstBatch(reply);
        while (found.Read())
            if (BsonReader.Find(found.AsDocument(), "_id"u8, out var id))
            {
                var element = id.Element.ToArray();
                batch.Add(batch.Make(WriteKind.DeleteOne, to => to.StartDocument().Elements(element).End()));
            }

        return batch;
    }

    /// <summary>An export with this time begins to write on top of an entry. No match = not any more.</summary>
    /// <param name="unlessWriting">True = no match either where another one has begun, or was killed.</param>
    public WriteBatch Begin(LedgerEntry on, DateTimeOffset at, bool unlessWriting) => Update(
        on.Number,
        to => to.StartDocument("$set"u8).DateTime("writing"u8, at).End(),
        unlessWriting ? Untouched : null);

    /// <summary>Inserts the next entry. Refused = another export was faster.</summary>
    public WriteBatch Add(LedgerEntry entry, LedgerCounts counts)
    {
        var batch = new WriteBatch();
        batch.Add(batch.Make(WriteKind.Insert, _ => { }, to => Entry(to, entry, counts, refusal: None)));
        return batch;
    }

    /// <summary>True = the number of an entry is taken.</summary>
    public static bool IsTaken(RefusedWrite refused) => refused.Code == Upserts.DuplicateKey;

    /// <summary>The entry of an export that wrote nothing; replaces one of the same snapshot time.</summary>
    public WriteBatch AddRefused(DateTimeOffset at, LedgerCounts counts, string refusal)
    {
        // Negative for every time from the year 1 on.
        var number = DateTimeOffset.MinValue.ToUnixTimeMilliseconds() - at.ToUnixTimeMilliseconds() - 1;
        var entry = new LedgerEntry(number, at, None, 0, false, 0, None, false);
        var batch = new WriteBatch();
        batch.Add(batch.Make(
            WriteKind.Replace,
            to => Id(to.StartDocument(), number).End(),
            to => Entry(to, entry, counts, refusal)));
        return batch;
    }

    /// <summary>A comparison of all rows, begun at a time, found them to be its snapshot. No match = another export has begun since.</summary>
    public WriteBatch Verify(LedgerEntry entry, DateTimeOffset at) => Update(
        entry.Number,
        to =>
        {
            to.StartDocument("$max"u8).DateTime("verified_at"u8, at).End();
            to.StartDocument("$unset"u8).String("writing"u8, "").End();
            to.StartDocument("$set"u8).Int64("items"u8, entry.Items).Boolean("complete"u8, entry.IsComplete).Int64("rows"u8, entry.Rows);
            entry.Checksum.Iter(it => to.String("checksum"u8, it));
            to.End();
        },
        filter => filter.DateTime("writing"u8, at));

    /// <summary>A look at the rows found nothing to repair. No match = another export has begun.</summary>
    /// <param name="rows">Rows of the scope that were counted.</param>
    public WriteBatch Look(LedgerEntry entry, DateTimeOffset at, long rows) => Update(
        entry.Number,
        to => to
            .StartDocument("$max"u8).DateTime("verified_at"u8, at).End()
            .StartDocument("$set"u8).Int64("rows"u8, rows).End(),
        Untouched);

    private void Entry(BsonWriter to, LedgerEntry entry, LedgerCounts counts, Option<string> refusal)
    {
        Id(to.StartDocument(), entry.Number);
        Fields(to).DateTime("exported_at"u8, entry.ExportedAt);
        entry.Checksum.Iter(it => to.String("checksum"u8, it));
        to.Int64("items"u8, counts.Items).Boolean("complete"u8, entry.IsComplete)
            .Int64("inserted"u8, counts.Inserted).Int64("updated"u8, counts.Updated).Int64("deleted"u8, counts.Deleted)
            .Int64("adopted"u8, counts.Adopted).Int64("rejected"u8, counts.Rejected).Int64("duration_ms"u8, counts.DurationMs)
            .String("exporter"u8, counts.Exporter);
        refusal.Iter(it => to.String("refusal"u8, it));
        if (refusal.IsNone)
            to.DateTime("verified_at"u8, entry.VerifiedAt.IfNone(entry.ExportedAt)).Int64("rows"u8, entry.Rows);
        to.End();
    }

    private WriteBatch Update(long number, Action<BsonWriter> update, Action<BsonWriter>? condition = null)
    {
        var batch = new WriteBatch();
        batch.Add(batch.Make(
            WriteKind.Touch,
            to =>
            {
                Id(to.StartDocument(), number);
                condition?.Invoke(to);
                to.End();
            },
            to =>
            {
                update(to.StartDocument());
                to.End();
            }));
        return batch;
    }

    private static void Untouched(BsonWriter filter) => filter.StartDocument("writing"u8).Boolean("$exists"u8, false).End();

    private ReadOnlyMemory<byte> Find(long first, long last, bool descending, int limit, Action<BsonWriter>? condition = null)
    {
        var to = new BsonWriter().StartDocument().String("find"u8, Name).StartDocument("filter"u8).StartDocument("_id"u8);
        Fields(to.StartDocument("$gte"u8)).Int64("number"u8, first).End();
        Fields(to.StartDocument("$lte"u8)).Int64("number"u8, last).End();
        to.End();
        condition?.Invoke(to);
        return to.End()
            .StartDocument("sort"u8).Int32("_id"u8, descending ? -1 : 1).End()
            .Int32("limit"u8, limit).Int32("batchSize"u8, limit).Boolean("singleBatch"u8, true)
            .End().Written;
    }

    private BsonWriter Id(BsonWriter to, long number) => Fields(to.StartDocument("_id"u8)).Int64("number"u8, number).End();

    private BsonWriter Fields(BsonWriter to) => to
        .String("collection"u8, Destination.Collection)
        .String("inventory_namespace"u8, Scope.InventoryNamespace)
        .String("inventory_name"u8, Scope.InventoryName)
        .String("cluster"u8, Scope.Cluster);
}

/// <summary>The newest entry of a scope whose rows were written.</summary>
/// <param name="Number">1 for the first.</param>
/// <param name="ExportedAt">The time of the snapshot.</param>
/// <param name="Checksum">None = the snapshot was read from a stream.</param>
/// <param name="Items">Items of the snapshot.</param>
/// <param name="IsComplete">Stale rows were deleted.</param>
/// <param name="Rows">Rows of the scope afterwards.</param>
/// <param name="VerifiedAt">The newest time of a snapshot that the rows were found to be.</param>
/// <param name="IsWriting">An export began on top of it, or wrote beside it.</param>
internal sealed record LedgerEntry(
    long Number, DateTimeOffset ExportedAt, Option<string> Checksum, long Items, bool IsComplete, long Rows, Option<DateTimeOffset> VerifiedAt, bool IsWriting)
{
    /// <summary>The reply to <see cref="Ledger.Newest"/>; None = there is no entry.</summary>
    public static Option<LedgerEntry> Read(ReadOnlySpan<byte> reply)
    {
        var batch = Replies.FirstBatch(reply);
        if (!batch.Read())
            return None;
        var entry = new LedgerEntry(0, DateTimeOffset.MinValue, None, 0, false, 0, None, false);
        var fields = new BsonReader(batch.AsDocument());
        while (fields.Read())
        {
            if (fields.Name.SequenceEqual("_id"u8))
                entry = entry with { Number = BsonReader.Find(fields.AsDocument(), "number"u8, out var number) ? number.AsInt64() : 0 };
            else if (fields.Name.SequenceEqual("exported_at"u8)) entry = entry with { ExportedAt = fields.AsTime().IfNone(DateTimeOffset.MinValue) };
            else if (fields.Name.SequenceEqual("checksum"u8)) entry = entry with { Checksum = fields.AsString() };
            else if (fields.Name.SequenceEqual("items"u8)) entry = entry with { Items = fields.AsInt64() };
            else if (fields.Name.SequenceEqual("complete"u8)) entry = entry with { IsComplete = fields.AsBoolean() };
            else if (fields.Name.SequenceEqual("rows"u8)) entry = entry with { Rows = fields.AsInt64() };
            else if (fields.Name.SequenceEqual("verified_at"u8)) entry = entry with { VerifiedAt = fields.AsTime() };
            else if (fields.Name.SequenceEqual("writing"u8)) entry = entry with { IsWriting = true };
        }

        return entry.Number > 0 ? entry : None;
    }

    /// <summary>
    /// The entry of an export that has written its rows, or the old one where the rows are as they were: see <see cref="LedgerCounts.ChangedSomething"/>.
    /// </summary>
    /// <param name="newest">The entry that the export began on.</param>
    public static LedgerEntry After(
        Option<LedgerEntry> newest, SnapshotHeader header, ExportOutcome outcome, bool isComplete, long rows)
    {
        var checksum = header.Content.Map(it => it.Checksum);

        // Another export may still write on top of an entry that was marked: a new number lets it lose the race.
        return newest.Filter(entry => !entry.IsWriting && !LedgerCounts.Of(outcome, header, 0).ChangedSomething).Match(
            entry => entry with { Checksum = checksum | entry.Checksum, Items = outcome.Items, IsComplete = isComplete, Rows = rows },
            () => new LedgerEntry(
                newest.Map(entry => entry.Number).IfNone(0) + 1,
                header.RemovedAt.IfNone(header.ExportedAt),
                checksum,
                outcome.Items,
                isComplete,
                rows,
                None,
                false));
    }

    /// <summary>The time that no older snapshot may be written over.</summary>
    public DateTimeOffset Holds => VerifiedAt.Filter(verified => verified > ExportedAt).IfNone(ExportedAt);

    /// <summary>The basis of the next difference; None = the content is unknown, or other rows may have stayed.</summary>
    public Option<Fence> Fence => Checksum.Filter(_ => IsComplete).Map(checksum => new Fence(ExportedAt, checksum));

    /// <summary>None = a difference from that snapshot may be written; else why not.</summary>
    public Option<BasisLost> Lacks(Fence basis, DateTimeOffset offered) =>
        ExportedAt != basis.ExportedAt || Checksum != basis.Checksum ? new BasisLost($"the ledger names a snapshot of {Times.Text(ExportedAt)}")
        : IsWriting ? new BasisLost("another export has begun since, or was killed")
        : !IsComplete ? new BasisLost("the last snapshot was incomplete, and its stale rows are there")
        : Holds > offered ? new BasisLost($"the rows were verified at {Times.Text(Holds)}, which is later")
        : Option<BasisLost>.None;
}

/// <summary>The counts of an export in its entry.</summary>
/// <param name="Items">Items of the snapshot.</param>
/// <param name="DurationMs">Milliseconds.</param>
/// <param name="Exporter"><see cref="SnapshotHeader.Exporter"/>.</param>
internal sealed record LedgerCounts(
    long Items, long Inserted, long Updated, long Deleted, long Adopted, long Rejected, long DurationMs, string Exporter)
{
    /// <summary>Those of an outcome.</summary>
    public static LedgerCounts Of(ExportOutcome outcome, SnapshotHeader header, long durationMs) => new(
        outcome.Items, outcome.Inserted, outcome.Updated, outcome.Deleted, outcome.Adopted, outcome.Rejected, durationMs, header.Exporter);

    /// <summary>Those of an export that wrote nothing.</summary>
    public static LedgerCounts Refused(SnapshotHeader header, long durationMs) =>
        new(header.Content.Map(it => it.Items).IfNone(0), 0, 0, 0, 0, 0, durationMs, header.Exporter);

    /// <summary>True = an entry of its own, and not only the time of a comparison.</summary>
    public bool ChangedSomething => Inserted + Updated + Deleted + Adopted > 0;
}
