using Kollect.Core.BigQuery;
using Kollect.Core.Sinks;

namespace Kollect.Core.Tests.BigQuery;

public sealed class RenderTests
{
    private static readonly Desired Items = new(new TableId("acme-prod", "inventory", "items"), ProvisioningMode.Ensure);

    [Fact]
    public void The_wanted_table_reads_as_DDL() => Golden.Verify(Render.CreateTable(Items), "bigquery/create-table.sql");

    [Fact]
    public void The_wanted_table_is_a_resource_of_the_API() => Golden.Verify(Render.TableResource(Items), "bigquery/table.json");

    [Fact]
    public void One_guarded_MERGE_replaces_a_scope() => Golden.Verify(Describe(Merge.Into(Items.Table, skipUnchanged: false)), "bigquery/merge.sql");

    [Fact]
    public void A_MERGE_that_skips_unchanged_rows_still_refuses_a_late_snapshot() =>
        Golden.Verify(Describe(Merge.Into(Items.Table, skipUnchanged: true)), "bigquery/merge-skip-unchanged.sql");

    [Fact]
    public void Every_parameter_is_used_and_every_used_one_is_declared()
    {
        foreach (var merge in new[] { Merge.Into(Items.Table, false), Merge.Into(Items.Table, true) })
        {
            var used = System.Text.RegularExpressions.Regex.Matches(merge.Sql, "@([a-z_]+)").Select(match => match.Groups[1].Value).Distinct();
            Assert.Equal(merge.Parameters.Map(p => p.Name).Order(StringComparer.Ordinal), used.Order(StringComparer.Ordinal));
        }
    }

    [Fact]
    public void A_name_can_never_leave_its_backticks() =>
        Assert.Equal(@"`a`.`b\`; DROP TABLE x; --`.`c\\`", new TableId("a", "b`; DROP TABLE x; --", @"c\").Sql);

    [Fact]
    public void The_offline_plan_says_why_each_statement_stands_there() =>
        Golden.Verify(
            string.Join("\n\n", Plan.Offline(Items with { Mode = ProvisioningMode.Existing }, skipUnchanged: false).Map(step => $"-- {step.Why}\n{step.Sql}")),
            "bigquery/plan-offline-existing.sql");

    private static string Describe(Merge merge) =>
        string.Concat(merge.Parameters.Map(p => $"-- @{p.Name} {p.Type}\n")) + merge.Sql;
}
