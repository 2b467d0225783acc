using Kollect.Core.Backends;
using Kollect.Core.Backends.Postgres;
using Kollect.Core.Exports;
using Kollect.Core.Snapshots;

namespace Kollect.Core.Tests.Backends.Postgres;

public sealed class DeltaTests
{
    private static readonly Fence Basis = new(Examples.Header.ExportedAt, "aaaa");

    private static readonly LedgerEntry Entry = new(
        Basis.ExportedAt, Basis.ExportedAt, Basis.Checksum, Items: 10, IsComplete: true, Rejected: 0, Xid: 710, Horizon: 700, Rows: 10);

    private static SnapshotHeader Header { get; } = Examples.Header with
    {
        ExportedAt = Examples.Header.ExportedAt.AddMinutes(1),
        Content = new ContentStamp("bbbb", 11),
    };

    internal static IEnumerable<(string File, string Sql)> All(DeltaStatements delta, RepairStatements repair) =>
    [
        ("delta-upsert", delta.Upsert),
        ("delta-upsert-partitioned", new DeltaStatements(delta.Batches with { Form = TableForm.Partitioned }).Upsert),
        ("delta-delete", delta.Delete),
        ("delta-may-intercept", DeltaStatements.MayIntercept),
        ("repair-look", repair.Look),
        ("repair-touched-rows", repair.TouchedRows),
        ("repair-is-of-this-server", repair.IsOfThisServer),
    ];

    [Fact]
    public void Every_statement_of_a_difference_and_of_a_repair_matches_its_golden()
    {
        foreach (var (file, sql) in All(
                     new DeltaStatements(new BatchStatements(Examples.Table, Columns.Identity)), new RepairStatements(new Ledger(Examples.Table))))
            Golden.Verify(sql, $"postgres/export/{file}.sql");
    }

    [Fact]
    public void A_difference_is_written_on_top_of_its_basis_only()
    {
        var now = Header.ExportedAt;
        Assert.Equal(Entry, Found(Entry, now));
        Assert.Equal(Entry, Found(Entry with { VerifiedAt = now }, now).Map(it => it with { VerifiedAt = Entry.VerifiedAt }));
        Assert.Contains("names no snapshot", Lost(None, now), StringComparison.Ordinal);
        Assert.Contains("checksum cccc, instead of the one of 2026", Lost(Entry with { Checksum = "cccc" }, now), StringComparison.Ordinal);
        Assert.Contains("read from a stream", Lost(Entry with { Checksum = None }, now), StringComparison.Ordinal);
        Assert.Contains("2026-11-23T08:30:00.001Z", Lost(Entry with { ExportedAt = Basis.ExportedAt.AddMilliseconds(1) }, now), StringComparison.Ordinal);
        Assert.Contains("this one is of", Lost(Entry with { VerifiedAt = now.AddMilliseconds(1) }, now), StringComparison.Ordinal);
        Assert.Contains("this one is of", Lost(Entry, Basis.ExportedAt), StringComparison.Ordinal);
    }

    [Fact]
    public void Ids_of_transactions_tell_nothing_after_a_restore_nor_after_half_of_them()
    {
        Assert.Equal("", Horizon(horizon: 700, oldest: 700));
        Assert.Equal("", Horizon(horizon: 700, oldest: 700L + int.MaxValue));
        Assert.Contains("went backwards", Horizon(horizon: 701, oldest: 700), StringComparison.Ordinal);
        Assert.Contains("2^31", Horizon(horizon: 700, oldest: 701L + int.MaxValue), StringComparison.Ordinal);
        Assert.Contains("no transaction since which", Horizon(horizon: 0, oldest: 700), StringComparison.Ordinal);

        static string Horizon(long horizon, long oldest) =>
            DeltaBasis.HorizonObjection(new LedgerReading(Entry, oldest), Entry with { Horizon = horizon }).Match(it => it.Why, () => "");
    }

    [Fact]
    public void The_number_of_rows_is_known_only_while_the_server_counts_what_the_snapshot_has()
    {
        Assert.Equal(11, DeltaBasis.RowsAfter(Entry, WriteCounts.Zero with { Inserted = 2, Deleted = 1, Rewritten = 5 }, items: 11, isOfRejected: false));
        Assert.Equal(DeltaBasis.UnknownRows, DeltaBasis.RowsAfter(Entry, WriteCounts.Zero with { Rewritten = 1 }, items: 11, isOfRejected: false));
        Assert.Equal(
            DeltaBasis.UnknownRows, DeltaBasis.RowsAfter(Entry with { Rows = DeltaBasis.UnknownRows }, WriteCounts.Zero, items: 10, isOfRejected: false));
        Assert.Equal(DeltaBasis.UnknownRows, DeltaBasis.RowsAfter(Entry, WriteCounts.Zero with { Inserted = 1 }, items: 11, isOfRejected: true));
    }

    [Fact]
    public void Only_an_export_in_full_does_what_some_tables_and_sinks_need()
    {
        Assert.Equal("", Refused(Examples.Ready));
        Assert.Contains("Citus", Refused(Examples.Ready with { Citus = new Citus(0, new CitusTable("h", false, "source_uid")) }), StringComparison.Ordinal);
        var trigger = Examples.Trigger(before: false);
        Assert.Contains("triggers", Refused(Examples.WithTable(table => table with { Interceptors = Seq1<Interceptor>(trigger) })), StringComparison.Ordinal);
        Assert.Contains("skip_unchanged", Refused(Examples.Ready, skipUnchanged: false), StringComparison.Ordinal);
        Assert.Contains("checksum", Refused(Examples.Ready, header: Examples.Header), StringComparison.Ordinal);
        Assert.Contains("no ledger", Refused(Examples.Ready, hasLedger: false), StringComparison.Ordinal);

        static string Refused(Observed observed, bool skipUnchanged = true, SnapshotHeader? header = null, bool hasLedger = true)
        {
            var plan = ExportPlan.Of(Examples.Sink(skipUnchanged: skipUnchanged), Examples.Desired(), observed, header ?? Header);
            return DeltaPlan.Of(plan with { Ledger = hasLedger ? new Ledger(Examples.Table) : None }).Match(_ => "", lost => lost.Why);
        }
    }

    private static Option<LedgerEntry> Found(Option<LedgerEntry> newest, DateTimeOffset time) =>
        DeltaBasis.Find(new LedgerReading(newest, 0), Basis, time).ToOption();

    private static string Lost(Option<LedgerEntry> newest, DateTimeOffset time) =>
        DeltaBasis.Find(new LedgerReading(newest, 0), Basis, time).Match(_ => "", lost => lost.Why);
}
