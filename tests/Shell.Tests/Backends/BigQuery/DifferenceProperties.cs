using FsCheck;
using FsCheck.Fluent;
using Kollect.Core.Exports;
using Kollect.Shell.Tests.Backends.Conformance;

namespace Kollect.Shell.Tests.Backends.BigQuery;

/// <summary>Whatever happens to a scope in whatever order, after a repair it holds the snapshot.</summary>
public sealed class DifferenceProperties(SharedBigQuery shared) : IClassFixture<SharedBigQuery>
{
    private static readonly string[] Steps =
    [
        "put", "put", "put", "remove", "change", "change", "change", "export", "repair", "other exporter", "restart", "foreign row",
        """{"on":"jobs.insert","times":1,"drop":"after"}""",
        """{"on":"jobs.insert","times":1,"drop":"before"}""",
        """{"on":"job-result","times":1,"status":400,"reason":"jobBackendError","message":"The job encountered an error during execution"}""",
    ];

    private static readonly Gen<(string Do, string Uid, string Value)> Step =
        from what in Gen.Elements(Steps)
        from uid in Gen.Elements("a", "b", "c", "d")
        from value in Gen.Elements("1", "2", "3")
        select (what, uid, value);

    [Property(MaxTest = 6)]
    public Property Any_sequence_ends_after_a_repair_in_the_rows_of_the_snapshot() =>
        Prop.ForAll(Arb.From(Step.ListOf(14)), steps => RunAsync([.. steps]));

    private async Task<bool> RunAsync((string Do, string Uid, string Value)[] steps)
    {
        var mirror = await BigQueryMirror.OverAsync(await shared.ServerAsync);
        var (clock, foreign) = (new SnapshotKeeper.Clock(), 0);
        var keeper = new SnapshotKeeper(mirror, clock);
        await using var other = new SnapshotKeeper(mirror, clock);
        keeper.Set("a=1 b=1 c=1");
        await ExportedAsync(keeper);
        foreach (var (what, uid, value) in steps)
            switch (what)
            {
                case "put":
                    keeper.Put(uid, value);
                    break;
                case "remove":
                    keeper.Remove(uid);
                    break;
                case "change":
                    await OrExportedAsync(keeper, keeper.ChangeAsync());
                    break;
                case "export":
                    await ExportedAsync(keeper);
                    break;
                case "repair":
                    await RepairedAsync(keeper);
                    break;
                case "other exporter":
                    other.Set($"{uid}={value} z=1");
                    await OrExportedAsync(other, other.ChangeAsync());
                    break;
                case "restart":
                    var rows = keeper.Rows;
                    await keeper.DisposeAsync();
                    keeper = new SnapshotKeeper(mirror, clock);
                    keeper.Set(rows);
                    break;
                case "foreign row":
                    await mirror.Server.ClearFaultsAsync(); // they would hit the other client
                    await mirror.InsertAsync($"foreign-{foreign++}");
                    break;
                default:
                    await mirror.Server.FaultsAsync($"[{what}]");
                    break;
            }

        await RepairedAsync(keeper);
        Assert.Equal(keeper.Rows, await mirror.RowsAsync());
        await keeper.DisposeAsync();
        return true;
    }

    private static async Task RepairedAsync(SnapshotKeeper keeper)
    {
        await OrExportedAsync(keeper, keeper.ChangeAsync());
        await OrExportedAsync(keeper, keeper.RepairAsync());
    }

    private static async Task ExportedAsync(SnapshotKeeper keeper)
    {
        var result = await keeper.ExportAsync();
        Assert.True(result is ExportResult.Exported, $"{result}");
    }

    private static async Task OrExportedAsync(SnapshotKeeper keeper, Task<Either<BasisLost, ExportResult>> running)
    {
        var result = await running;
        if (result.IsLeft)
            await ExportedAsync(keeper);
        else
            Assert.True(result.Exists(it => it is ExportResult.Exported), $"{result}");
    }
}
