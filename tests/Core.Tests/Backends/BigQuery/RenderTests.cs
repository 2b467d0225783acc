using Kollect.Core.Backends.BigQuery;
using Kollect.Core.Sinks;

namespace Kollect.Core.Tests.Backends.BigQuery;

public sealed class RenderTests
{
    private static readonly Desired Items = new(new TableId("acme-prod", "inventory", "items"), ProvisioningMode.Ensure);

    [Fact]
    public void The_wanted_table_reads_as_DDL() => Golden.Verify(Render.CreateTable(Items), "bigquery/create-table.sql");

    [Fact]
    public void The_wanted_table_is_a_resource_of_the_API() => Golden.Verify(Render.TableResource(Items), "bigquery/table.json");

    public static TheoryData<string, bool, bool> Merges { get; } = new()
    {
        { "merge.sql", false, false },
        { "merge-skip-unchanged.sql", true, false },
        { "merge-staging.sql", false, true },
        { "merge-staging-skip-unchanged.sql", true, true },
    };

    private static RowSource Source(bool staged) => staged
        ? new RowSource.Staging(new TableId("acme-prod", "scratch", "kollect_staging_1f"))
        : new RowSource.Parameter();

    [Theory, MemberData(nameof(Merges))]
    public void One_guarded_MERGE_replaces_a_scope(string golden, bool skipUnchanged, bool staged) =>
        Golden.Verify(Merge.Into(Items.Table, Source(staged), skipUnchanged), $"bigquery/{golden}");

    [Fact]
    public void A_dry_run_counts_what_the_MERGE_would_do()
    {
        Golden.Verify(Merge.Count(Items.Table, Source(false), skipUnchanged: false), "bigquery/count.sql");
        Golden.Verify(Merge.Count(Items.Table, Source(true), skipUnchanged: true), "bigquery/count-staging-skip-unchanged.sql");
        Golden.Verify(Merge.Newest(Items.Table), "bigquery/newest.sql");
    }

    [Theory, MemberData(nameof(Merges))]
    public void Every_used_parameter_is_sent_and_every_one_that_is_sent_is_used(string golden, bool skipUnchanged, bool staged)
    {
        Assert.NotEmpty(golden);
        var used = System.Text.RegularExpressions.Regex.Matches(Merge.Into(Items.Table, Source(staged), skipUnchanged), "@([a-z_]+)").Select(match => match.Groups[1].Value).Distinct();
        string[] always = ["inventory_namespace", "inventory_name", "cluster", "exported_at", "delete_stale"];
        string[] sent = [.. always, staged ? "last" : "rows"];
        Assert.Equal(sent.Order(StringComparer.Ordinal), used.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_name_can_never_leave_its_backticks() =>
        Assert.Equal(@"`a`.`b\`; DROP TABLE x; --`.`c\\`", new TableId("a", "b`; DROP TABLE x; --", @"c\").Sql);

    [Fact]
    public void The_offline_plan_says_why_each_statement_stands_there() =>
        Golden.Verify(
            string.Join("\n\n", Plan.Offline(Items with { Mode = ProvisioningMode.Existing }, skipUnchanged: false).Map(step => $"-- {step.Why}\n{step.Sql}")),
            "bigquery/plan-offline-existing.sql");
}
