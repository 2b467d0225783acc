using Kollect.Core.Exports;

namespace Kollect.Shell.Tests.Backends.Conformance;

/// <summary>
/// The guarantees of differences and repairs: whatever is exported how, the destination holds the snapshot. A backend whose ledger cannot tell answers
/// <see cref="BasisLost"/>, and an export in full follows.
/// </summary>
public abstract class DifferenceCases
{
    private protected abstract Task<Mirror> CreateAsync();

    /// <summary>True = the backend writes differences, so that none of these may be lost.</summary>
    private protected abstract bool WritesDifferences { get; }

    [Theory]
    [InlineData("a=1 b=2", "a=1 b=3", 0, 1, 0)]
    [InlineData("a=1 b=2", "a=1 b=2 c=3", 1, 0, 0)]
    [InlineData("a=1 b=2", "a=1", 0, 0, 1)]
    [InlineData("a=1 b=2 c=3", "b=4 d=5", 1, 1, 2)]
    [InlineData("a=1", "", 0, 0, 1)]
    [InlineData("", "a=1", 1, 0, 0)]
    [InlineData("a=1", "a=1", 0, 0, 0)]
    public async Task A_difference_writes_what_changed(string before, string after, int inserted, int updated, int deleted)
    {
        var mirror = await CreateAsync();
        await using var keeper = await KeptAsync(mirror, before);
        keeper.Set(after);
        var outcome = await ChangedAsync(keeper);
        Assert.Equal((inserted, updated, deleted), (outcome.Inserted, outcome.Updated, outcome.Deleted));
        Assert.Equal(after, await mirror.RowsAsync());
        await RepairedAsync(keeper);
        Assert.Equal(after, await mirror.RowsAsync());
    }

    [Fact]
    public async Task An_item_that_cannot_be_stored_any_more_keeps_its_old_row()
    {
        var mirror = await CreateAsync();
        await using var keeper = await KeptAsync(mirror, "a=1 b=2");
        keeper.Set("a=! b=3 new=!");
        var outcome = await ChangedAsync(keeper);
        Assert.Equal((3, 2, 1), (outcome.Items, outcome.Rejected, outcome.Updated));
        Assert.Equal("a=1 b=3", await mirror.RowsAsync());
        await RepairedAsync(keeper);
        Assert.Equal("a=1 b=3", await mirror.RowsAsync());
        keeper.Set("b=3 new=1");
        await ChangedAsync(keeper);
        Assert.Equal("b=3 new=1", await mirror.RowsAsync());
    }

    [Fact]
    public async Task Nothing_is_written_on_top_of_another_snapshot_than_the_basis()
    {
        var mirror = await CreateAsync();
        var clock = new SnapshotKeeper.Clock();
        await using var one = await KeptAsync(mirror, "a=1 b=2", clock);
        await using var two = await KeptAsync(mirror, "a=7 c=8", clock);
        one.Set("a=1 b=3");
        Assert.True((await one.ChangeAsync()).IsLeft);
        Assert.True((await one.RepairAsync()).IsLeft);
        Assert.Equal("a=7 c=8", await mirror.RowsAsync());
        Assert.IsType<ExportResult.Exported>(await one.ExportAsync());
        Assert.Equal("a=1 b=3", await mirror.RowsAsync());
    }

    /// <summary>Two operators by mistake.</summary>
    [Fact]
    public async Task Two_exporters_that_alternate_lose_no_row_and_leave_none()
    {
        var mirror = await CreateAsync();
        var clock = new SnapshotKeeper.Clock();
        await using var one = await KeptAsync(mirror, "a=1 b=2 c=3", clock);
        await using var two = await KeptAsync(mirror, "a=1 b=2 c=3", clock);
        foreach (var (keeper, snapshot) in new[]
                 {
                     (two, "a=1 b=2 c=4"), (two, "a=1 b=2"), (one, "a=1 b=2 d=1"), (two, "b=2 d=1 e=1"), (one, "b=2 d=2"), (one, "b=2 d=3"), (two, "b=2"),
                 })
        {
            keeper.Set(snapshot);
            await ChangedOrExportedAsync(keeper);
            Assert.Equal(snapshot, await mirror.RowsAsync());
        }
    }

    [Fact]
    public async Task A_row_that_another_client_adds_is_removed_and_nothing_else_is_written()
    {
        var mirror = await CreateAsync();
        await using var keeper = await KeptAsync(mirror, "a=1 b=2");
        await mirror.InsertAsync("x");
        var outcome = await RepairedAsync(keeper);
        Assert.Equal((0, 0, 1), (outcome.Inserted, outcome.Updated, outcome.Deleted));
        Assert.Equal("a=1 b=2", await mirror.RowsAsync());
    }

    private protected static async Task<SnapshotKeeper> KeptAsync(Mirror mirror, string snapshot, SnapshotKeeper.Clock? clock = null)
    {
        var keeper = new SnapshotKeeper(mirror, clock ?? new SnapshotKeeper.Clock());
        keeper.Set(snapshot);
        Assert.IsType<ExportResult.Exported>(await keeper.ExportAsync());
        return keeper;
    }

    private protected async Task<ExportOutcome> ChangedAsync(SnapshotKeeper keeper) => await AfterAsync(keeper, await keeper.ChangeAsync());

    private protected async Task<ExportOutcome> RepairedAsync(SnapshotKeeper keeper) => await AfterAsync(keeper, await keeper.RepairAsync());

    private protected static async Task ChangedOrExportedAsync(SnapshotKeeper keeper)
    {
        if ((await keeper.ChangeAsync()).IsLeft)
            Assert.IsType<ExportResult.Exported>(await keeper.ExportAsync());
    }

    private async Task<ExportOutcome> AfterAsync(SnapshotKeeper keeper, Either<BasisLost, ExportResult> result) =>
        result.IsRight || WritesDifferences
            ? SnapshotKeeper.Outcome(result)
            : Assert.IsType<ExportResult.Exported>(await keeper.ExportAsync()).Outcome;
}
