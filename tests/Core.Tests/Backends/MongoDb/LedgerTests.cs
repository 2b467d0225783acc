using Kollect.Core.Backends;
using Kollect.Core.Backends.MongoDb;
using Kollect.Core.Backends.MongoDb.Bson;
using Kollect.Core.Exports;
using Kollect.Core.Snapshots;
using Kollect.Models.V1Alpha1;

namespace Kollect.Core.Tests.Backends.MongoDb;

public sealed class LedgerTests
{
    private static readonly Namespace Items = new("inventory", "items");
    private static readonly DateTimeOffset Monday = new(2026, 11, 23, 8, 30, 0, TimeSpan.Zero);
    private static readonly Ledger Ours = new(Items, new Scope("platform", "all", "east"));
    private static readonly LedgerEntry Entry = new(7, Monday, "5e884898", 3, IsComplete: true, Rows: 3, VerifiedAt: None, IsWriting: false);
    private static readonly LedgerCounts Counts = new(3, 1, 1, 1, 0, 0, 12, "kollect-7d9f");

    private static readonly ObservedCollection Plain = new("collection", None, new CollectionOptions(false, false, false));

    private static readonly Observed Ready = new("7.0.5", true, None, new ObservedCollection(
        "collection",
        Some(Seq1(new ObservedIndex(Desired.IdentityIndex, Columns.Identity, true, false))),
        new CollectionOptions(false, false, false)));

    private static Desired Wanted(KollectDatabaseSinkMode mode = KollectDatabaseSinkMode.Ensure) => new(Items, mode) { Ledger = Ledger.Of(Items) };

    [Fact]
    public void Every_command_of_the_ledger() => Golden.Verify(
        string.Join('\n',
        [
            "// the newest entry of the scope, before the first write of every export",
            $"db.runCommand({BsonText.Of(Ours.Newest.Span)})\n",
            "// an export begins on top of an entry; a difference only where nobody else has begun",
            Show(Ours.Begin(Entry, Monday.AddMinutes(1), unlessWriting: true)),
            "// after the last row; a duplicate key = another export was faster",
            Show(Ours.Add(Entry with { Number = 8, ExportedAt = Monday.AddMinutes(1) }, Counts)),
            "// the same, where no row was changed",
            Show(Ours.Verify(Entry, Monday.AddMinutes(1))),
            "// after a look that found nothing to repair",
            Show(Ours.Look(Entry, Monday.AddMinutes(1), rows: 3)),
            "// an export that was refused",
            Show(Ours.AddRefused(Monday, Counts with { Inserted = 0, Updated = 0, Deleted = 0 }, "superseded: the destination holds a snapshot of …")),
            "// old entries, which are then deleted by _id",
            $"db.runCommand({BsonText.Of(Ours.Old(Entry, Monday.AddDays(-90)).Span)})\n",
            "// after a hundred differences: entries of the exporter that are an hour old, of which those of the same hour become one",
            $"db.runCommand({BsonText.Of(Ours.Aged(Entry with { Number = 200 }, "kollect-7d9f").Span)})\n",
            Show(Ledger.RollUp(Reply([.. Enumerable.Range(0, 4).Select(i =>
                Ours.Add(Entry with { Number = 99 + i, ExportedAt = Monday.AddMinutes(20 * i) }, Counts))]))),
        ]),
        "mongodb/ledger.js");

    [Fact]
    public void An_entry_is_read_as_it_was_written()
    {
        Assert.Equal(Entry with { VerifiedAt = Monday }, LedgerEntry.Read(Reply(Ours.Add(Entry, Counts))).IfNone(() => throw new InvalidOperationException()));
        Assert.True(LedgerEntry.Read(Reply(new WriteBatch())).IsNone);
        Assert.True(LedgerEntry.Read(Reply(Ours.AddRefused(DateTimeOffset.MinValue, Counts, "no"))).IsNone);
    }

    [Fact]
    public void A_difference_is_written_on_top_of_its_basis_only()
    {
        var (basis, later) = (new Fence(Monday, "5e884898"), Monday.AddMinutes(1));
        Assert.True(Entry.Lacks(basis, later).IsNone);
        foreach (var (entry, why) in new[]
        {
            (Entry with { Checksum = "6b86b273" }, "names a snapshot of 2026-11-23T08:30:00.000Z"),
            (Entry with { Checksum = None }, "names a snapshot of"),
            (Entry with { ExportedAt = later }, "names a snapshot of 2026-11-23T08:31:00.000Z"),
            (Entry with { IsWriting = true }, "has begun since, or was killed"),
            (Entry with { IsComplete = false }, "incomplete"),
            (Entry with { VerifiedAt = later.AddMinutes(1) }, "verified at 2026-11-23T08:32:00.000Z"),
        })
            Assert.Contains(why, entry.Lacks(basis, later).Map(it => it.Why).IfNone(""), StringComparison.Ordinal);
    }

    [Fact]
    public void Counts_that_are_not_those_of_the_snapshot_lose_the_basis()
    {
        var header = new SnapshotHeader(Ours.Scope, Monday.AddMinutes(1), None);
        var written = new WrittenChanges(SnapshotCounts.Of(header) with { Items = 2 }, new WriteCounts(1, 1, 1), Deleted: 1, None, None);
        var plan = new ChangesPlan(header, Entry);
        var (outcome, rows) = plan.Conclude(written, before: 3, items: 3).IfLeft(lost => throw new InvalidOperationException(lost.Why));
        Assert.Equal((3, 1, 1, 1, 1, 3L), (outcome.Items, outcome.Inserted, outcome.Updated, outcome.Unchanged, outcome.Deleted, rows));
        Assert.True(plan.Conclude(written with { Deleted = 0 }, before: 3, items: 3).IsLeft);
        Assert.True(plan.Conclude(written with { Refused = new RefusedWrite(0, 11000, "") }, before: 3, items: 3).IsLeft);
        Assert.True(plan.Conclude(written with { Miscount = new Miscount("rows", 2, 1) }, before: 3, items: 3).IsLeft);
        Assert.False(new ChangesPlan(header, Entry with { Items = 4 }).Conclude(written with { Deleted = 0 }, before: 3, items: 5).IsLeft);
    }

    [Fact]
    public void A_look_compares_the_number_of_rows_and_sees_rows_that_are_newer()
    {
        var plan = new ChangesPlan(new SnapshotHeader(Ours.Scope, Monday.AddMinutes(1), None), Entry);
        Assert.Equal(true, plan.Look(new ScopeFacts(Monday, 3, 0)));
        Assert.Equal(false, plan.Look(new ScopeFacts(Monday, 2, 0)));
        Assert.True(plan.Look(new ScopeFacts(Monday.AddSeconds(1), 3, 0)).IsLeft);
    }

    [Fact]
    public void A_missing_ledger_is_created_in_mode_ensure_by_a_user_who_may()
    {
        var planned = Assert.IsType<ProvisioningPlan.Ready>(Plan.Provision(Wanted(), Ready));
        Assert.Equal("the ledger inventory.kollect_exports is missing", Assert.Single(planned.Statements).Why);
        Assert.Empty(Assert.IsType<ProvisioningPlan.Ready>(Plan.Provision(Wanted(), Ready with { Ledger = Plain })).Statements);
        Assert.Empty(Assert.IsType<ProvisioningPlan.Ready>(Plan.Provision(new Desired(Items, KollectDatabaseSinkMode.Ensure), Ready)).Statements);
    }

    [Fact]
    public void Without_the_right_or_in_mode_existing_a_warning_names_the_commands()
    {
        var rows = new Privilege("inventory", "items", false, Seq("find", "insert", "update", "remove"));
        foreach (var (mode, observed) in new[]
        {
            (KollectDatabaseSinkMode.Existing, Ready),
            (KollectDatabaseSinkMode.Ensure, Ready with { Privileges = Seq1(rows) }),
            (KollectDatabaseSinkMode.Ensure, Ready with { Ledger = Plain, Privileges = Seq1(rows) }),
            (KollectDatabaseSinkMode.Ensure, Ready with { Ledger = Plain with { Kind = "view" } }),
        })
        {
            Assert.Empty(Assert.IsType<ProvisioningPlan.Ready>(Plan.Provision(Wanted(mode), observed)).Statements);
            Assert.True(Diff.UsableLedger(Wanted(mode), observed).IsNone);
            var warning = Assert.Single(Warnings.Of(Wanted(mode), observed));
            Assert.Contains("\"create\": \"kollect_exports\"", warning, StringComparison.Ordinal);
            Assert.Contains("createRole", warning, StringComparison.Ordinal);
        }

        Assert.Empty(Warnings.Of(Wanted(KollectDatabaseSinkMode.Existing), Ready with { Ledger = Plain }));
    }

    private static string Show(WriteBatch batch) => string.Join('\n', batch.Writes.Select(write =>
        $"{write.Kind.ToString().ToLowerInvariant()}({string.Join(", ", Texts(batch, write.Filter, write.Document))})\n"));

    private static IEnumerable<string> Texts(WriteBatch batch, params Piece[] pieces) => pieces
        .Where(piece => piece.Length > 0)
        .Select(piece => BsonText.Of(batch.Buffer.Span.Slice(piece.Start, piece.Length)));

    private static byte[] Reply(params WriteBatch[] batches)
    {
        var to = new BsonWriter().StartDocument().StartDocument("cursor"u8).StartArray("firstBatch"u8);
        foreach (var (batch, write) in batches.SelectMany(batch => batch.Writes.Select(write => (batch, write))))
            to.StartDocument("0"u8).Elements(batch.Buffer.Span.Slice(write.Document.Start, write.Document.Length)[sizeof(int)..^1]).End();
        return to.End().End().End().Written.ToArray();
    }
}
