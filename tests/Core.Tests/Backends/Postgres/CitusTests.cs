using Kollect.Core.Backends.Postgres;
using Kollect.Core.Exports;
using Kollect.Models.V1Alpha1;

namespace Kollect.Core.Tests.Backends.Postgres;

/// <summary>What is decided about a server with Citus, from the facts of its catalogs.</summary>
public sealed class CitusTests
{
    private static readonly CitusTable ByUid = new("h", false, "source_uid");

    private static readonly CitusTable Reference = new("n", true, None);

    private static readonly CitusTable OneNode = new("n", false, None);

    [Fact]
    public void A_table_of_Citus_is_written_in_batches_without_a_temporary_table_and_the_plan_says_why()
    {
        foreach (var table in (CitusTable[])[ByUid, Reference, OneNode])
        {
            var observed = Examples.Ready with { Citus = new Citus(0, table) };
            var plan = ExportPlan.Of(Examples.Sink(), Examples.Desired(), observed, Examples.Header);
            Assert.Equal((WriteMethod.Batches, TableForm.Citus), (plan.Method, plan.Batches.Form));
            Assert.Contains(
                $"Citus joins no temporary table with {Examples.Table} ({table})", ProbeReport.Writes(Examples.Desired(), observed), StringComparison.Ordinal);
            Assert.IsType<ProvisioningPlan.Ready>(Plan.Provision(Examples.Desired(), observed));
        }
    }

    [Theory]
    [InlineData("h", false, "source_uid", "distributed by source_uid")]
    [InlineData("h", false, "inventory_name", "distributed by inventory_name")]
    [InlineData("n", true, null, "a reference table")]
    [InlineData("n", false, null, "managed on one node")]
    public void The_probe_says_how_the_table_is_spread(string method, bool replicated, string? column, string words)
    {
        var observed = Examples.Ready with { Citus = new Citus(0, new CitusTable(method, replicated, Optional(column))) };
        var probe = Assert.IsType<ProbeResult.Succeeded>(ProbeReport.Of(Examples.Sink(), Examples.Desired(), observed));
        Assert.Contains(probe.Checked, line => line.EndsWith($"; in Citus it is {words}", StringComparison.Ordinal));
    }

    [Fact]
    public void A_table_that_Citus_does_not_list_keeps_its_statements()
    {
        var plan = ExportPlan.Of(Examples.Sink(), Examples.Desired(), Examples.Ready with { Citus = new Citus(0, None) }, Examples.Header);
        Assert.Equal(ExportPlan.Of(Examples.Sink(), Examples.Desired(), Examples.Ready, Examples.Header), plan);
        Assert.Equal(WriteMethod.Staging, plan.Method);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void No_export_goes_through_a_worker_whose_locks_no_other_node_sees(bool listed)
    {
        var observed = Examples.Ready with { Citus = new Citus(3, listed ? Some(ByUid) : None) };
        var refused = Assert.IsType<ProvisioningPlan.Refused>(Plan.Provision(Examples.Desired(KollectDatabaseSinkMode.Existing), observed));
        Assert.Equal(
            "the server is a worker of Citus (group 3); locks hold on one node only, so exporters through several nodes could mix their rows",
            Assert.Single(refused.Refusals).What);
        Assert.IsType<ProbeResult.Failed>(ProbeReport.Of(Examples.Sink(), Examples.Desired(), observed));
    }

    [Fact]
    public void No_statement_of_a_batch_for_Citus_correlates_or_joins_the_table()
    {
        var sql = new BatchStatements(Examples.Table, Kollect.Core.Backends.Columns.Identity, TableForm.Citus);
        foreach (var text in (string[])[sql.Upsert(false), sql.Upsert(true), sql.CountHeld, sql.DeleteOfTarget])
        {
            Assert.DoesNotContain($"FROM {Examples.Table} o", text, StringComparison.Ordinal);
            Assert.DoesNotContain($"JOIN {Examples.Table}", text, StringComparison.Ordinal);
            Assert.DoesNotContain("xmax", text.Replace("no xmax can", "", StringComparison.Ordinal), StringComparison.Ordinal);
            Assert.DoesNotContain("pg_temp", text, StringComparison.Ordinal);
        }
    }
}
