using Kollect.Core.Backends;
using Kollect.Core.Backends.Postgres;
using Kollect.Core.Exports;
using Kollect.Core.Failures;
using Kollect.Core.Sinks;

namespace Kollect.Core.Tests.Backends.Postgres;

public sealed class DiffTests
{
    [Fact]
    public void A_complete_table_needs_no_change() =>
        Assert.Equal(
            new ProvisioningPlan.Ready(Seq<Statement>()),
            Plan.Provision(Examples.Desired(ProvisioningMode.Existing), Examples.Ready));

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
            Columns = table.Columns.Rev().Add(new ObservedColumn("note", "text", false, false, false, false, false, false)),
        })));

    [Fact]
    public void The_identity_index_may_have_its_columns_in_any_order() =>
        Assert.True(Ready(Examples.WithTable(table => table with
        {
            UniqueIndexes = Seq1(new ObservedIndex("i", Columns.Identity.Rev(), true)),
        })));

    [Theory]
    [InlineData("inventory_namespace,inventory_name,target_name")]
    [InlineData("inventory_namespace,inventory_name,target_name,source_uid,cluster")]
    [InlineData("inventory_namespace,inventory_name,target_name,")]
    public void A_unique_index_on_other_columns_is_not_the_identity(string columns) =>
        Assert.False(Ready(Examples.WithTable(table => table with
        {
            UniqueIndexes = Seq1(new ObservedIndex("i", columns.Split(',').ToSeq(), true)),
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
                .Map(column => column.Name == "payload" ? column with { Type = "json", CanInsert = false } : column),
        });
        var refused = Assert.IsType<ProvisioningPlan.Refused>(Plan.Provision(Examples.Desired(ProvisioningMode.Existing), observed));
        Golden.Verify(Print(refused.Refusals), "postgres/all-gaps-at-once.txt");
    }

    [Fact]
    public void Every_gap_has_a_cause_and_a_remedy()
    {
        var column = Columns.All.Find(it => it.Name == "exported_at").IfNone(() => throw new InvalidOperationException());
        var gaps = Seq<Gap>(
            new Gap.ReadOnlyServer(),
            new Gap.CitusWorker(3),
            new Gap.SchemaMissing("inventory"),
            new Gap.NoSchemaUsage("inventory"),
            new Gap.CannotCreateTable(Examples.Table),
            new Gap.TableMissing(Examples.Table),
            new Gap.NotATable(Examples.Table, "v"),
            new Gap.ColumnMissing(Examples.Table, column),
            new Gap.WrongType(Examples.Table, column, "timestamp without time zone"),
            new Gap.GeneratedColumn(Examples.Table, "cluster"),
            new Gap.UnfillableColumn(Examples.Table, "team"),
            new Gap.NoIdentityIndex(Examples.Table, Seq1("inventory_items_partial")),
            new Gap.MissingPrivileges(Examples.Table, Seq("SELECT", "DELETE")),
            new Gap.RowSecurity(Examples.Table));

        var cases = typeof(Gap).GetNestedTypes().Where(type => type.IsAssignableTo(typeof(Gap)));
        Assert.Equal(
            cases.OrderBy(type => type.Name, StringComparer.Ordinal),
            gaps.Map(gap => gap.GetType()).OrderBy(type => type.Name, StringComparer.Ordinal));
        Golden.Verify(Print(gaps.Map(Render.Explain)), "postgres/gaps.txt");
    }

    private static bool Ready(Observed observed) =>
        Plan.Provision(Examples.Desired(ProvisioningMode.Existing), observed) is ProvisioningPlan.Ready;

    private static string Print(Seq<Refusal> refusals) => string.Join(
        "\n",
        refusals.Map(refusal => $"{refusal.What}\n    {refusal.Remedy.Replace("\n", "\n    ", StringComparison.Ordinal)}\n"));
}
