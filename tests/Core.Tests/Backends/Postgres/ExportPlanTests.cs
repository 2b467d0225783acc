using Kollect.Core.Backends.Postgres;
using Kollect.Core.Secrets;
using Kollect.Core.Snapshots;
using Kollect.Models.V1Alpha1;

namespace Kollect.Core.Tests.Backends.Postgres;

public sealed class ExportPlanTests
{
    private static ExportPlan Of(KollectDatabaseSinkMode mode, bool temp, params (string, string)[] options) => ExportPlan.Of(
        Examples.Sink(mode, options: options), Examples.Desired(mode), Examples.Ready with { CanCreateTemp = temp }, Examples.Header);

    [Theory]
    [InlineData(KollectDatabaseSinkMode.Ensure, true, nameof(WriteMethod.Staging))]
    [InlineData(KollectDatabaseSinkMode.Ensure, false, nameof(WriteMethod.Batches))]
    [InlineData(KollectDatabaseSinkMode.Existing, true, nameof(WriteMethod.Batches))]
    [InlineData(KollectDatabaseSinkMode.Existing, false, nameof(WriteMethod.Batches))]
    public void Mode_existing_never_stages_because_a_temporary_table_is_DDL(KollectDatabaseSinkMode mode, bool temp, string method) =>
        Assert.Equal(method, Of(mode, temp).Method.ToString());

    [Fact]
    public void An_option_of_the_sink_overrules_a_planner_setting()
    {
        Assert.Contains(Of(KollectDatabaseSinkMode.Ensure, true).PlannerSettings, setting => setting.Name == "work_mem");
        Assert.DoesNotContain(
            Of(KollectDatabaseSinkMode.Ensure, true, ("work_mem", "1GB")).PlannerSettings, setting => setting.Name == "work_mem");
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
        var decision = Of(KollectDatabaseSinkMode.Ensure, true).Decide(new ScopeFacts(held, 3, 0));
        Assert.Equal(superseded, decision is WriteDecision.Superseded);
    }

    [Fact]
    public void Rows_under_another_cluster_rule_out_a_plain_copy() =>
        Assert.Equal(
            new WriteDecision.Write(CopyFirst: false, MayAdopt: true),
            Of(KollectDatabaseSinkMode.Ensure, true).Decide(new ScopeFacts(None, 3, 3)));

    [Theory]
    [InlineData(10, 10, 0, true, true)] // the snapshot alone
    [InlineData(11, 10, 0, false, false)] // one row is stale, or another writer added it
    [InlineData(9, 10, 0, false, false)] // a trigger or a policy took one away
    [InlineData(0, 0, 0, true, true)]
    [InlineData(10, 10, 1, false, true)] // a rejected item: it may or may not have a row
    [InlineData(11, 10, 1, false, true)]
    [InlineData(12, 10, 1, false, false)]
    public void The_rows_of_the_scope_tell_whether_some_are_stale(long rows, long identities, long kept, bool hasNone, bool fits)
    {
        var size = new ScopeSize(identities, kept);
        Assert.Equal((hasNone, fits), (size.HasNoStale(rows), size.Fits(rows)));
        Assert.Equal(fits, size.Compared(WriteCounts.Zero, 3, rows).Miscount.IsNone);
    }

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
