using Kollect.Core.Exports;

namespace Kollect.Shell.Tests.Backends.Conformance;

/// <summary>The guarantees of every backend about differences and looks: whatever is exported how, the destination holds the snapshot.</summary>
public abstract class DifferenceCases : StaleRowCases
{
    [Fact]
    public async Task A_difference_writes_what_changed()
    {
        var mirror = await MirrorAsync();
        await using var keeper = await KeptAsync(mirror, "a=1 b=2");
        foreach (var (after, inserted, updated, deleted) in new[]
                 {
                     ("a=1 b=3", 0, 1, 0), ("a=1 b=3 c=3", 1, 0, 0), ("a=1 b=3 c=3", 0, 0, 0), ("b=4 d=5", 1, 1, 2), ("d=5", 0, 0, 1), ("", 0, 0, 1),
                     ("a=1", 1, 0, 0),
                 })
        {
            var (exports, forgets) = (keeper.Exports, mirror.Differs(Difference.ForgetsAnEmptyScope) && (after.Length == 0 || keeper.Rows.Length == 0));
            keeper.Set(after);
            var outcome = await SyncedAsync(keeper);
            Assert.Equal(after, await mirror.RowsAsync());
            if (mirror.WritesDifferences)
                Assert.Equal((inserted, updated, deleted), (outcome.Inserted, outcome.Updated, outcome.Deleted));
            var looked = await LookedAsync(keeper);
            Assert.Equal((0, 0), (looked.Inserted, looked.Deleted));
            Assert.Equal(forgets || !mirror.WritesDifferences, keeper.Exports > exports);
        }
    }

    [Fact]
    public async Task An_item_that_cannot_be_stored_any_more_keeps_its_old_row_in_a_difference()
    {
        var mirror = await MirrorAsync();
        await using var keeper = await KeptAsync(mirror, "a=1 b=2");
        keeper.Set("a=1 b=3");
        keeper.Reject("a");
        keeper.Reject("new", tooDeep: true);
        var outcome = await SyncedAsync(keeper);
        Assert.Equal((3, 2, 1), (outcome.Items, outcome.Rejected, outcome.Updated));
        Assert.Equal("a=1 b=3", await mirror.RowsAsync());
        await LookedAsync(keeper);
        Assert.Equal("a=1 b=3", await mirror.RowsAsync());
        keeper.Set("b=3 new=1");
        await SyncedAsync(keeper);
        Assert.Equal("b=3 new=1", await mirror.RowsAsync());
        Assert.Equal(!mirror.WritesDifferences, keeper.Exports > 1);
    }

    [Fact]
    public async Task Nothing_is_written_on_top_of_another_snapshot_than_the_basis()
    {
        var mirror = await MirrorAsync();
        var clock = new SnapshotKeeper.Clock();
        await using var one = await KeptAsync(mirror, "a=1 b=2", clock);
        await using var two = await KeptAsync(mirror, "a=7 c=8", clock);
        foreach (var snapshot in new[] { "a=1 b=3", "a=1", "" })
        {
            one.Set(snapshot);
            Assert.True((await one.ChangeAsync()).IsLeft);
            Assert.Equal("a=7 c=8", await mirror.RowsAsync());
        }

        Assert.True((await one.RepairAsync()).IsLeft);
        one.Set("a=1 b=3");
        await SyncedAsync(one);
        Assert.Equal("a=1 b=3", await mirror.RowsAsync());
    }

    /// <summary>Two operators by mistake.</summary>
    [Fact]
    public async Task Two_exporters_that_alternate_lose_no_row_and_leave_none()
    {
        var mirror = await MirrorAsync();
        var clock = new SnapshotKeeper.Clock();
        await using var one = await KeptAsync(mirror, "a=1 b=2 c=3", clock);
        await using var two = await KeptAsync(mirror, "a=1 b=2 c=3", clock);
        foreach (var (keeper, snapshot) in new[]
                 {
                     (two, "a=1 b=2 c=4"), (two, "a=1 b=2"), (one, "a=1 b=2 d=1"), (two, "b=2 d=1 e=1"), (one, "b=2 d=2"), (one, "b=2 d=3"), (two, "b=2"),
                 })
        {
            keeper.Set(snapshot);
            await SyncedAsync(keeper);
            Assert.Equal(snapshot, await mirror.RowsAsync());
        }
    }

    [Fact]
    public async Task A_row_that_another_client_adds_is_removed_at_the_next_look_and_nothing_else_is_written()
    {
        var mirror = await MirrorAsync();
        await using var keeper = await KeptAsync(mirror, "a=1 b=2");
        await mirror.InsertAsync("x");
        var outcome = await LookedAsync(keeper);
        var rewritten = !mirror.WritesDifferences || mirror.Differs(Difference.RepairsInFull) ? 2 : 0;
        Assert.Equal((0, rewritten, 1), (outcome.Inserted, outcome.Updated, outcome.Deleted));
        Assert.Equal("a=1 b=2", await mirror.RowsAsync());
    }

    private protected static async Task<SnapshotKeeper> KeptAsync(Mirror mirror, string snapshot, SnapshotKeeper.Clock? clock = null)
    {
        var keeper = new SnapshotKeeper(mirror, clock ?? new SnapshotKeeper.Clock());
        keeper.Set(snapshot);
        Assert.IsType<ExportResult.Exported>(await keeper.ExportAsync());
        return keeper;
    }

    private static async Task<ExportOutcome> SyncedAsync(SnapshotKeeper keeper) => Assert.IsType<ExportResult.Exported>(await keeper.SyncAsync()).Outcome;

    private static async Task<ExportOutcome> LookedAsync(SnapshotKeeper keeper) => Assert.IsType<ExportResult.Exported>(await keeper.LookAsync()).Outcome;

    private async Task<Mirror> MirrorAsync() => await CreateAsync() with { SkipUnchanged = None };
}
