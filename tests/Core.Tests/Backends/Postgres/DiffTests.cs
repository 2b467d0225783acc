using Kollect.Core.Backends;
using Kollect.Core.Backends.Postgres;
using Kollect.Core.Exports;
using Kollect.Core.Failures;
using Kollect.Core.Sinks;
using Kollect.Models.V1Alpha1;

namespace Kollect.Core.Tests.Backends.Postgres;

public sealed class DiffTests
{
    [Fact]
    public void A_complete_table_needs_no_change() =>
        Assert.Equal(
            new ProvisioningPlan.Ready(Seq<Statement>()),
            Plan.Provision(Examples.Desired(KollectDatabaseSinkMode.Existing), Examples.Ready));

    [Fact]
    public void A_missing_table_is_created_in_mode_ensure()
    {
        var plan = Plan.Provision(Examples.Desired(), Examples.Ready with { Table = None });
        var ready = Assert.IsType<ProvisioningPlan.Ready>(plan);
        Golden.Verify(string.Concat(ready.Statements.Map(it => $"-- {it.Why}\n{it.Sql}\n")), "postgres/create-table.sql");
    }

    [Fact]
    public void Columns_in_another_order_and_additional_columns_are_accepted() =>
        Assert.True(Ready(Examples.WithTable(table => table with
        {
            Columns = table.Columns.Rev().Add(
                Examples.Column("note", "text") with { NotNull = false, CanSelect = false, CanInsert = false, CanUpdate = false }),
        })));

    [Fact]
    public void The_identity_index_may_have_its_columns_in_any_order() =>
        Assert.True(Ready(Examples.WithTable(table => table with
        {
            UniqueIndexes = Seq1(new ObservedIndex("i", Columns.Identity.Rev(), true, true)),
        })));

    [Theory]
    [InlineData("inventory_namespace,inventory_name,target_name")]
    [InlineData("inventory_namespace,inventory_name,target_name,source_uid,cluster")]
    [InlineData("inventory_namespace,inventory_name,target_name,")]
    public void A_unique_index_on_other_columns_is_not_the_identity(string columns) =>
        Assert.False(Ready(Examples.WithTable(table => table with
        {
            UniqueIndexes = Seq1(new ObservedIndex("i", columns.Split(',').ToSeq(), true, true)),
        })));

    [Fact]
    public void A_role_that_cannot_create_temporary_tables_is_accepted() =>
        Assert.True(Ready(Examples.Ready with { CanCreateTemp = false }));

    [Fact]
    public void A_missing_CREATE_privilege_is_accepted_once_the_table_exists() =>
        Assert.True(Ready(Examples.Ready with { CanCreateTable = false }));

    [Fact]
    public void All_gaps_are_reported_at_once()
    {
        var observed = Examples.WithTable(table => table with
        {
            CanDelete = false,
            UniqueIndexes = Empty,
            Columns = table.Columns
                .Filter(column => column.Name != "cluster")
                .Map(column => column.Name == "payload" ? column with { Type = "json", BuiltIn = "json", CanInsert = false } : column),
        });
        var refused = Assert.IsType<ProvisioningPlan.Refused>(Plan.Provision(Examples.Desired(KollectDatabaseSinkMode.Existing), observed));
        Golden.Verify(Print(refused.Refusals), "postgres/all-gaps-at-once.txt");
    }

    [Fact]
    public void Every_gap_has_a_cause_and_a_remedy()
    {
        var column = Columns.All.Find(it => it.Name == "exported_at").IfNone(() => throw new InvalidOperationException());
        var gaps = Seq<Gap>(
            new Gap.UnsupportedServer("the server is CockroachDB CCL v23.1.11: its advisory locks lock nothing"),
            new Gap.Standby(),
            new Gap.ReadOnlyTransactions(),
            new Gap.WrongEncoding("SQL_ASCII"),
            new Gap.CitusWorker(3),
            new Gap.SchemaMissing("inventory"),
            new Gap.NoSchemaUsage("inventory"),
            new Gap.CannotCreateTable(Examples.Table),
            new Gap.TableMissing(Examples.Table),
            new Gap.NotATable(Examples.Table, "v"),
            new Gap.ColumnMissing(Examples.Table, column),
            new Gap.WrongType(Examples.Table, column, "timestamp without time zone"),
            new Gap.NondeterministicColumn(Examples.Table, Columns.All.Head),
            new Gap.NondeterministicIndex(Examples.Table, "inventory_items_ci"),
            new Gap.GeneratedColumn(Examples.Table, "cluster"),
            new Gap.UnfillableColumn(Examples.Table, "team"),
            new Gap.NoIdentityIndex(Examples.Table, IsPartitioned: false, Seq1("inventory_items_partial")),
            new Gap.NoIdentityIndex(Examples.Table, IsPartitioned: true, Empty),
            new Gap.PartitionKey(Examples.Table, Seq("exported_at", "")),
            new Gap.NoPartition(Examples.Table, ByHash: true),
            new Gap.NoPartition(Examples.Table, ByHash: false),
            new Gap.Intercepted(Examples.Table, Examples.Trigger()),
            new Gap.Intercepted(Examples.Table, new Interceptor.Rule(Examples.Table, "redirect", true)),
            new Gap.Intercepted(Examples.Table, new Interceptor.Child(new TableName("public", "old_items"))),
            new Gap.NoReplicaIdentity(Examples.Table, "inventory_items_key"),
            new Gap.NoReplicaIdentity(Examples.Table, None),
            new Gap.MissingPrivileges(Examples.Table, Seq("SELECT", "DELETE")),
            new Gap.HistoryMissing(new History(Examples.Table), IsExisting: true),
            new Gap.HistoryMissing(new History(Examples.Table), IsExisting: false),
            new Gap.NotTheHistory(new History(Examples.Table), Seq("column change is missing", "column payload is not jsonb")),
            new Gap.NoHistoryInCitus(Examples.Table),
            new Gap.RowSecurity(Examples.Table, Forced: false),
            new Gap.RowSecurity(Examples.Table, Forced: true));

        var cases = typeof(Gap).GetNestedTypes().Where(type => type.IsAssignableTo(typeof(Gap)));
        Assert.Equal(
            cases.OrderBy(type => type.Name, StringComparer.Ordinal),
            gaps.Map(gap => gap.GetType()).Distinct().OrderBy(type => type.Name, StringComparer.Ordinal));
        Golden.Verify(Print(gaps.Map(Render.Explain)), "postgres/gaps.txt");
    }

    // quote_all_identifiers prints "text" and "jsonb" in quotes.
    [Fact]
    public void Types_are_compared_by_the_catalog_and_not_by_their_text() =>
        Assert.True(Ready(Examples.WithTable(table => table with
        {
            Columns = table.Columns.Map(column => column with { Type = $"\"{column.Type}\"" }),
        })));

    [Theory]
    [InlineData("varchar", -1, true)]
    [InlineData("varchar", 259, false)]
    [InlineData("bpchar", -1, false)]
    [InlineData("", -1, false)] // a domain or citext
    public void Only_a_text_without_a_limit_serves_for_text(string builtIn, int modifier, bool fits) =>
        Assert.Equal(fits, Ready(WithColumn("cluster", column => column with { BuiltIn = builtIn, Modifier = modifier })));

    [Theory]
    [InlineData(-1, true)]
    [InlineData(6, true)]
    [InlineData(3, true)]
    [InlineData(2, false)]
    [InlineData(0, false)]
    public void A_time_must_hold_milliseconds(int precision, bool fits) =>
        Assert.Equal(fits, Ready(WithColumn("exported_at", column => column with { Modifier = precision })));

    [Theory]
    [InlineData("source_uid")]
    [InlineData("cluster")]
    [InlineData("resource_namespace")]
    public void A_nondeterministic_collation_of_any_text_column_is_a_gap(string name) =>
        Assert.IsType<Gap.NondeterministicColumn>(Assert.Single(Gaps(WithColumn(name, column => column with { IsDeterministic = false }))));

    [Fact]
    public void A_second_unique_index_on_the_identity_that_is_nondeterministic_is_a_gap() =>
        Assert.IsType<Gap.NondeterministicIndex>(Assert.Single(Gaps(Examples.WithTable(table => table with
        {
            UniqueIndexes = table.UniqueIndexes.Add(new ObservedIndex("ci", Columns.Identity, Usable: true, IsDeterministic: false)),
        }))));

    [Theory]
    [InlineData("SQL_ASCII")]
    [InlineData("LATIN1")]
    [InlineData("EUC_JP")]
    public void A_database_of_another_encoding_is_a_gap_with_or_without_the_table(string encoding)
    {
        Assert.Equal(new Gap.WrongEncoding(encoding), Assert.Single(Gaps(Examples.Ready with { Encoding = encoding })));
        Assert.Equal(
            new Gap.WrongEncoding(encoding), Assert.Single(Gaps(Examples.Ready with { Encoding = encoding, Table = None }, KollectDatabaseSinkMode.Ensure)));
    }

    [Theory]
    [InlineData(true, true, true, true)]
    [InlineData(true, true, false, false)] // disabled
    [InlineData(false, true, true, false)] // AFTER
    [InlineData(true, false, true, false)] // FOR EACH STATEMENT
    public void Only_a_trigger_that_runs_before_each_row_is_a_gap(bool before, bool perRow, bool fires, bool gap) =>
        Assert.Equal(gap, !Ready(Examples.WithTable(table => table with { Interceptors = Seq1<Interceptor>(Examples.Trigger(before, perRow, fires)) })));

    [Fact]
    public void A_table_partitioned_by_columns_of_the_identity_is_accepted_and_any_other_key_is_a_gap()
    {
        Assert.True(Ready(Partitioned("h", 1, "inventory_name")));
        Assert.True(Ready(Partitioned("l", 3, "inventory_namespace", "inventory_name")));
        Assert.IsType<Gap.NoPartition>(Assert.Single(Gaps(Partitioned("h", 0, "inventory_name"))));
        Assert.IsType<Gap.PartitionKey>(Assert.Single(Gaps(Partitioned("r", 1, "exported_at"))));
        Assert.IsType<Gap.PartitionKey>(Assert.Single(Gaps(Partitioned("h", 1, ""))));
    }

    [Theory]
    [InlineData("CockroachDB CCL v23.1.11 (x86_64-pc-linux-gnu, built 2023/09/27 01:53:43, go1.19.10)", 130_000, "CockroachDB CCL v23.1.11: ")]
    [InlineData("CockroachDB OSS v22.2.0 (aarch64-apple-darwin, built)", 130_000, "CockroachDB OSS v22.2.0: ")]
    [InlineData("PostgreSQL 8.0.2 on i686-pc-linux-gnu, compiled by GCC 3.4.2, Redshift 1.0.12103", 80_002, "Amazon Redshift (PostgreSQL 8.0.2): ")]
    [InlineData("PostgreSQL 9.4.24 (Greenplum Database 6.20.0) on x86_64-unknown-linux", 90_424, "(Greenplum Database 6.20.0); Kollect needs PostgreSQL 12")]
    [InlineData("PostgreSQL 11.2-YB-2.18.0.0-b0 on x86_64-pc-linux-gnu", 110_002, "PostgreSQL 11.2-YB-2.18.0.0-b0; Kollect needs PostgreSQL 12")]
    [InlineData("PostgreSQL 15.18 on x86_64-pc-linux-gnu", 150_018, null)]
    [InlineData("PostgreSQL 15.2-YB-2025.1.0.0-b168 on x86_64-pc-linux-gnu", 150_002, null)]
    public void Servers_that_only_speak_the_protocol_or_are_too_old_are_refused_by_name(string version, int number, string? says)
    {
        var objection = new ServerEngine(version, number).Objection;
        Assert.Equal(says is not null, objection.IsSome);
        objection.IfSome(why => Assert.Contains(says!, why, StringComparison.Ordinal));
        Assert.Equal(says is not null, !Diff.Between(Examples.Desired(), Observed.Only(new ServerEngine(version, number))).IsRight
            && Gaps(Observed.Only(new ServerEngine(version, number))) is [Gap.UnsupportedServer]);
    }

    [Fact]
    public void Everything_that_may_fail_an_export_later_is_a_warning_with_its_remedy()
    {
        var observed = Examples.WithTable(table => table with
        {
            IsUnlogged = true,
            PartitionOf = new TableName("public", "all_items"),
            UniqueIndexes = table.UniqueIndexes
                .Add(new ObservedIndex("one_uid", Seq1("source_uid"), true, true))
                .Add(new ObservedIndex("lower_name", Seq("target_name", ""), true, true))
                .Add(new ObservedIndex("with_cluster", Columns.Identity.Add("cluster"), true, true)) // holds whenever the identity does
                .Add(new ObservedIndex("id", Seq1("id"), true, true)), // filled by a default of the server
            Constraints = Seq("c", "x", "f", "R").Map(type => new ObservedConstraint(
                type, $"constraint_{type}", type == "R" ? new TableName("public", "notes") : Examples.Table, "CHECK (true)")),
            Interceptors = Seq<Interceptor>(Examples.Trigger(before: false), Examples.Trigger(before: false, fires: false)),
        });
        Assert.True(Ready(observed));
        Golden.Verify(string.Join('\n', Warnings.Of(Examples.Desired(), observed)) + "\n", "postgres/warnings.txt");
        Assert.Empty(Warnings.Of(Examples.Desired(), Examples.Ready));
    }

    private static Observed WithColumn(string name, Func<ObservedColumn, ObservedColumn> change) => Examples.WithTable(table => table with
    {
        Columns = table.Columns.Map(column => column.Name == name ? change(column) : column),
    });

    private static Observed Partitioned(string strategy, long partitions, params string[] key) => Examples.WithTable(table => table with
    {
        Kind = "p",
        Partitioning = new Partitioning(strategy, key.ToSeq(), partitions),
    });

    private static Seq<Gap> Gaps(Observed observed, KollectDatabaseSinkMode mode = KollectDatabaseSinkMode.Existing) =>
        Diff.Between(Examples.Desired(mode), observed).Match(Left: gaps => gaps, Right: _ => Seq<Gap>());

    private static bool Ready(Observed observed) =>
        Plan.Provision(Examples.Desired(KollectDatabaseSinkMode.Existing), observed) is ProvisioningPlan.Ready;

    private static string Print(Seq<Refusal> refusals) => string.Join(
        "\n",
        refusals.Map(refusal => $"{refusal.What}\n    {refusal.Remedy.Replace("\n", "\n    ", StringComparison.Ordinal)}\n"));
}
