using Kollect.Core.Backends.Postgres;
using Kollect.Core.Secrets;
using Kollect.Core.Sinks;
using Kollect.Core.Snapshots;

namespace Kollect.Core.Tests.Backends.Postgres;

public sealed class ExportPlanTests
{
    private static ExportPlan Of(ProvisioningMode mode, bool temp, params (string, string)[] options) => ExportPlan.Of(
        Examples.Sink(mode, options: options), Examples.Desired(mode), Examples.Ready with { CanCreateTemp = temp }, Examples.Header);

    [Theory]
    [InlineData(ProvisioningMode.Ensure, true, WriteMethod.Staging)]
    [InlineData(ProvisioningMode.Ensure, false, WriteMethod.Batches)]
    [InlineData(ProvisioningMode.Existing, true, WriteMethod.Batches)]
    [InlineData(ProvisioningMode.Existing, false, WriteMethod.Batches)]
    public void Mode_existing_never_stages_because_a_temporary_table_is_DDL(ProvisioningMode mode, bool temp, WriteMethod method) =>
        Assert.Equal(method, Of(mode, temp).Method);

    [Fact]
    public void An_option_of_the_sink_overrules_a_planner_setting()
    {
        Assert.Contains(Of(ProvisioningMode.Ensure, true).PlannerSettings, setting => setting.Name == "work_mem");
        Assert.DoesNotContain(
            Of(ProvisioningMode.Ensure, true, ("work_mem", "1GB")).PlannerSettings, setting => setting.Name == "work_mem");
    }

    [Fact]
    public void Required_settings_come_last_so_that_no_option_overrules_them()
    {
        var settings = ExportPlan.SettingsOf(
            Examples.Sink(options: [("statement_timeout", "30000")]), HashMap(("search_path", new SecretText("evil"))));
        Assert.Equal(["search_path", "statement_timeout", "search_path", "row_security"], settings.Map(setting => setting.Name).ToArray());
    }

    [Theory]
    [InlineData(-1, false)]
    [InlineData(0, false)]
    [InlineData(1, true)]
    public void Only_a_snapshot_older_than_the_newest_row_is_superseded(int millisecondsAhead, bool superseded)
    {
        var held = Examples.Header.ExportedAt.AddMilliseconds(millisecondsAhead);
        var decision = Of(ProvisioningMode.Ensure, true).Decide(new ScopeFacts(held, 3, 0));
        Assert.Equal(superseded, decision is WriteDecision.Superseded);
    }

    [Fact]
    public void Rows_under_another_cluster_rule_out_a_plain_copy() =>
        Assert.Equal(
            new WriteDecision.Write(CopyFirst: false, MayAdopt: true, InScope: 0),
            Of(ProvisioningMode.Ensure, true).Decide(new ScopeFacts(None, 3, 3)));

    [Theory]
    [InlineData(10, 0, 0, 10, 0, false)] // the same identities
    [InlineData(10, 5, 2, 17, 0, false)] // grown
    [InlineData(10, 5, 0, 14, 0, true)] // one old identity is gone
    [InlineData(10, 0, 0, 0, 0, true)] // all are gone
    [InlineData(10, 0, 0, 10, 1, true)] // a rejected item: it may or may not have a row
    public void The_counts_prove_that_no_row_is_stale(long inScope, long inserted, long adopted, long identities, long kept, bool maybe) =>
        Assert.Equal(
            maybe,
            new WriteDecision.Write(false, true, inScope).MayHaveStale(
                WriteCounts.Zero with { Inserted = inserted, Adopted = adopted }, identities, kept));

    [Theory]
    [InlineData(100, 0, 0, 0, 0, 0, 100, 0)] // all copied
    [InlineData(60, 30, 10, 0, 0, 0, 90, 10)] // copied, then repeated identities
    [InlineData(0, 20, 30, 5, 2, 7, 20, 2)] // upsert
    public void Every_item_is_counted_once(
        long copied, long inserted, long rewritten, long adopted, long duplicates, long deleted, long allInserted, long allDuplicates)
    {
        var outcome = ExportPlan.Tally(
            SnapshotCounts.Zero with { Items = 103, Rejected = 3 },
            new WriteCounts(copied, inserted, rewritten, adopted, duplicates, deleted));
        Assert.Equal(allInserted, outcome.Inserted);
        Assert.Equal(allDuplicates, outcome.Duplicates);
        Assert.Equal(
            outcome.Items,
            outcome.Inserted + outcome.Updated + outcome.Unchanged + outcome.Adopted + outcome.Duplicates + outcome.Rejected);
    }
}
