using FsCheck;
using Kollect.Core.Backends;
using Kollect.Core.Backends.Postgres;
using Kollect.Core.Snapshots;

namespace Kollect.Core.Tests.Backends.Postgres;

public sealed class ExportStatementsTests
{
    /// <summary>Every statement of an export, with the name of its golden.</summary>
    internal static IEnumerable<(string File, string Sql)> All(ExportStatements sql, BatchStatements batches) =>
    [
        ("lock", ExportStatements.Lock),
        ("lock-shared", ExportStatements.LockShared),
        ("lock-limit-waits", ExportStatements.LimitLockWaits),
        ("lock-advisory-holders", LockWaits.AdvisoryHolders),
        ("lock-table-holders", LockWaits.TableHolders),
        ("set", ExportStatements.Set),
        ("inspect", sql.Inspect),
        ("copy-rows", sql.CopyRows),
        ("staging-create", sql.CreateStaging),
        ("staging-copy", sql.CopyStaging),
        ("staging-analyze", sql.AnalyzeStaging),
        ("staging-drop-duplicates", sql.DropDuplicates),
        ("staging-count-adopted", sql.CountAdopted),
        ("staging-upsert", sql.Upsert(skipUnchanged: false)),
        ("staging-upsert-skip-unchanged", sql.Upsert(skipUnchanged: true)),
        ("staging-delete-stale", sql.DeleteStale),
        ("count-rows", sql.CountRows),
        ("copy-delete-others", sql.DeleteOthers),
        ("touch", sql.Touch),
        ("batch-upsert", batches.Upsert(skipUnchanged: false)),
        ("batch-upsert-skip-unchanged", batches.Upsert(skipUnchanged: true)),
        ("batch-upsert-partitioned", (batches with { Form = TableForm.Partitioned }).Upsert(skipUnchanged: false)),
        ("citus-upsert", (batches with { Form = TableForm.Citus }).Upsert(skipUnchanged: false)),
        ("citus-upsert-skip-unchanged", (batches with { Form = TableForm.Citus }).Upsert(skipUnchanged: true)),
        ("citus-count-held", (batches with { Form = TableForm.Citus }).CountHeld),
        ("citus-delete", batches.DeleteOfTarget),
        ("batch-count-held", batches.CountHeld),
        ("batch-identities", batches.PageOfIdentities),
        ("batch-delete", batches.DeleteByIdentity),
        ("staging-upsert-partitioned", (sql with { IsPartitioned = true }).Upsert(skipUnchanged: true)),
        ("check-staged", new CheckStatements(sql.Table, SkipUnchanged: false).Staged),
        ("check-batch-skip-unchanged", new CheckStatements(sql.Table, SkipUnchanged: true).Batch),
    ];

    [Fact]
    public void Every_statement_of_an_export_matches_its_golden()
    {
        foreach (var (file, sql) in All(new ExportStatements(Examples.Table), new BatchStatements(Examples.Table, Columns.Identity)))
            Golden.Verify(sql, $"postgres/export/{file}.sql");
    }

    [Fact]
    public void Every_statement_of_the_ledger_matches_its_golden()
    {
        var ledger = new Ledger(Examples.Table);
        Golden.Verify(ledger.Own.Create, "postgres/ledger/create-table.sql");
        Golden.Verify(ledger.Newest, "postgres/ledger/newest.sql");
        Golden.Verify(ledger.Insert, "postgres/ledger/insert.sql");
        Golden.Verify(ledger.InsertRefused, "postgres/ledger/insert-refused.sql");
        Golden.Verify(ledger.Verify, "postgres/ledger/verify.sql");
        Golden.Verify(ledger.ForgetAfter, "postgres/ledger/forget-after.sql");
        Golden.Verify(ledger.Sweep, "postgres/ledger/sweep.sql");
        Golden.Verify(ledger.RollUp, "postgres/ledger/roll-up.sql");
        Golden.Verify(ledger.NextScope, "postgres/ledger/next-scope.sql");
        Golden.Verify(ledger.TakenFrom, "postgres/ledger/taken-from.sql");
        Golden.Verify(new Freshness(ledger).CreateView, "postgres/ledger/create-freshness.sql");
    }

    [Fact]
    public void The_queries_of_the_catalog_match_their_goldens()
    {
        Golden.Verify(Catalog.Server, "postgres/observe/server.sql");
        Golden.Verify(Catalog.Table, "postgres/observe/table.sql");
        Golden.Verify(Catalog.Columns, "postgres/observe/columns.sql");
        Golden.Verify(Catalog.UniqueIndexes, "postgres/observe/unique-indexes.sql");
        Golden.Verify(Catalog.Engine, "postgres/observe/engine.sql");
        Golden.Verify(Catalog.Constraints, "postgres/observe/constraints.sql");
        Golden.Verify(Catalog.Interceptors, "postgres/observe/interceptors.sql");
        Golden.Verify(Catalog.HasCitus, "postgres/observe/has-citus.sql");
        Golden.Verify(Catalog.Citus, "postgres/observe/citus.sql");
        Golden.Verify(Catalog.View, "postgres/observe/view.sql");
    }

    [Fact]
    public void A_hostile_table_name_stays_inside_its_quotes()
    {
        var sql = new ExportStatements(new TableName("s", "x\"; DROP TABLE users; --")).Inspect;
        Assert.Contains("\"s\".\"x\"\"; DROP TABLE users; --\"", sql, StringComparison.Ordinal);
    }

    [Property]
    public void Quoting_round_trips_any_name(NonNull<string> name)
    {
        var quoted = Identifier.Quote(name.Get);
        Assert.Equal(('"', '"'), (quoted[0], quoted[^1]));
        Assert.Equal(name.Get, quoted[1..^1].Replace("\"\"", "\"", StringComparison.Ordinal));
        Assert.DoesNotContain('"', quoted[1..^1].Replace("\"\"", "", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("", false)]
    [InlineData("a\0b", false)]
    [InlineData("ok", true)]
    [InlineData("ä", true)]
    public void Identifiers_are_bounded(string name, bool valid) => Assert.Equal(valid, Identifier.Problem(name).IsNone);

    [Fact]
    public void The_limit_of_an_identifier_counts_bytes_and_not_characters()
    {
        Assert.True(Identifier.Problem(new string('a', 63)).IsNone);
        Assert.True(Identifier.Problem(new string('a', 64)).IsSome);
        Assert.True(Identifier.Problem(new string('ä', 31)).IsNone);
        Assert.True(Identifier.Problem(new string('ä', 32)).IsSome);
    }

    [Fact]
    public void Two_scopes_never_share_the_name_of_a_lock()
    {
        var sql = new ExportStatements(Examples.Table);
        Assert.NotEqual(sql.LockName(new Scope("a", "b c", "")), sql.LockName(new Scope("a b", "c", "")));
        Assert.NotEqual(sql.LockName(new Scope("a", "b", "")), sql.TableLockName);
        Assert.NotEqual(sql.LockName(new Scope("a", "b", "")), sql.InventoryLockName(new Scope("a", "b", "")));
    }
}
