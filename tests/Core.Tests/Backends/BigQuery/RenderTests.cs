using System.Text.Json.Nodes;
using Kollect.Core.Backends.BigQuery;
using Kollect.Models.V1Alpha1;

namespace Kollect.Core.Tests.Backends.BigQuery;

public sealed class RenderTests
{
    private static readonly Desired Items = new(new TableId("acme-prod", "inventory", "items"), KollectDatabaseSinkMode.Ensure);

    [Fact]
    public void The_desired_table_is_rendered_as_DDL() => Golden.Verify(Render.CreateTable(Items), "bigquery/create-table.sql");

    [Fact]
    public void The_desired_table_is_rendered_as_an_API_resource() => Golden.Verify(Render.TableResource(Items), "bigquery/table.json");

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
    public void A_dry_run_counts_the_effects_of_the_MERGE()
    {
        Golden.Verify(Merge.Count(Items.Table, Source(false), skipUnchanged: false), "bigquery/count.sql");
        Golden.Verify(Merge.Count(Items.Table, Source(true), skipUnchanged: true), "bigquery/count-staging-skip-unchanged.sql");
        Golden.Verify(Merge.Newest(Items.Table), "bigquery/newest.sql");
    }

    [Theory, MemberData(nameof(Merges))]
    public void The_parameters_that_are_sent_are_those_that_are_used(string golden, bool skipUnchanged, bool staged)
    {
        Assert.NotEmpty(golden);
        var used = System.Text.RegularExpressions.Regex.Matches(Merge.Into(Items.Table, Source(staged), skipUnchanged), "@([a-z_]+)")
            .Select(match => match.Groups[1].Value)
            .Distinct();
        string[] always = ["inventory_namespace", "inventory_name", "cluster", "exported_at", "delete_stale"];
        string[] sent = [.. always, staged ? "last" : "rows"];
        Assert.Equal(sent.Order(StringComparer.Ordinal), used.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("delta.sql", true)]
    [InlineData("delta-removals.sql", false)]
    public void One_fenced_MERGE_writes_a_difference(string golden, bool writes)
    {
        var statement = Delta.Into(Items.Table, writes);
        Golden.Verify(statement, $"bigquery/{golden}");
        var sent = JsonNode.Parse(Requests.Statement(DifferenceTests.Plan.Job(default, 0), statement, DifferenceTests.Plan.Parameters(new SourceRows()),
            DifferenceTests.Plan.Export.Settings).Span)!["configuration"]!["query"]!["queryParameters"]!.AsArray().Select(it => (string)it!["name"]!);
        Assert.Equal(
            sent.Order(StringComparer.Ordinal),
            System.Text.RegularExpressions.Regex.Matches(statement, "@([a-z_]+)").Select(match => match.Groups[1].Value).Distinct()
                .Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_look_reads_no_payload() => Golden.Verify(Merge.Look(Items.Table), "bigquery/look.sql");

    [Fact]
    public void A_hostile_name_stays_inside_its_backticks() =>
        Assert.Equal(@"`a`.`b\`; DROP TABLE x; --`.`c\\`", new TableId("a", "b`; DROP TABLE x; --", @"c\").Sql);

    [Fact]
    public void The_offline_plan_has_a_reason_for_each_statement() =>
        Golden.Verify(
            string.Join("\n\n", Plan.Offline(Items with { Mode = KollectDatabaseSinkMode.Existing }, skipUnchanged: false)
                .Map(step => $"-- {step.Why}\n{step.Sql}")),
            "bigquery/plan-offline-existing.sql");
}
