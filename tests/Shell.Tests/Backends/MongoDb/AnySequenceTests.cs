using FsCheck;
using FsCheck.Fluent;
using Kollect.Core.Exports;
using Kollect.Shell.Tests.Backends.Conformance;

namespace Kollect.Shell.Tests.Backends.MongoDb;

/// <summary>One server with fault switches for all cases, which run one after the other.</summary>
public sealed class AnySequenceTests
{
    private enum Step
    {
        Change,
        Remove,
        Sync,
        Full,
        Look,
        KilledSync,
        KilledFull,
        ForeignInsert,
        ForeignDelete,
        ForeignUpdate,
        OtherExporter,
    }

    private static readonly Lazy<Task<MongoDbMirror>> Shared = new(() => MongoDbMirror.CreateOwnAsync("fault switches"));

    /// <summary>Each number is a step, and which item or which command it concerns.</summary>
    [Property(MaxTest = 12)]
    public Property After_any_sequence_a_repair_leaves_the_rows_of_the_snapshot() => Prop.ForAll(
        Gen.Choose(0, 11 * 5 - 1).ListOf(12).ToArbitrary(),
        async numbers =>
        {
            var shared = await Shared.Value;
            var mirror = shared with { Database = shared.Server.NewDatabase(), SkipUnchanged = None };
            await RunAsync(mirror, [.. numbers.Select(it => ((Step)(it % 11), it / 11))]);
        });

    private static async Task RunAsync(MongoDbMirror mirror, IReadOnlyList<(Step Step, int Which)> steps)
    {
        await using var exporter = new Exporter(mirror);
        var items = new Dictionary<string, string> { ["i0"] = "0", ["i1"] = "0", ["i2"] = "0" };
        var (at, inserted, deleted, updated) = (1, 0, 0, 0);
        await exporter.FullAsync(items, at++);
        foreach (var (step, which) in steps)
        {
            var uid = $"i{which}";
            var fulls = exporter.Fulls;
            ExportResult? result = null;
            switch (step)
            {
                case Step.Change: items[uid] = $"{at}"; break;
                case Step.Remove: items.Remove(uid); break;
                case Step.Sync: result = await exporter.SyncAsync(items, at); break;
                case Step.Full: result = await exporter.FullAsync(items, at); break;
                case Step.Look: result = await exporter.LookAsync(items, at); break;
                case Step.KilledSync: await KilledAsync(() => exporter.SyncAsync(items, at)); break;
                case Step.KilledFull: await KilledAsync(() => exporter.FullAsync(items, at)); break;
                case Step.ForeignInsert: await mirror.InsertAsync($"x{at}"); inserted++; break;
                case Step.ForeignDelete:
                    await WriteAsync($$$"""{"delete":"inventory_items","deletes":[{"q":{"source_uid":"{{{uid}}}"},"limit":1}]}""");
                    deleted++;
                    break;
                case Step.ForeignUpdate:
                    await WriteAsync(
                        """{"update":"inventory_items","updates":[{"q":{"source_uid":"UID"},"u":{"$set":{"payload.value":"foreign"}}}]}"""
                            .Replace("UID", uid, StringComparison.Ordinal));
                    updated++;
                    break;
                case Step.OtherExporter:
                    await using (var other = new Exporter(mirror, "other"))
                        await other.FullAsync(new Dictionary<string, string> { ["i0"] = "other", [uid] = $"other{at}" }, at);
                    (inserted, deleted, updated) = (0, 0, 0);
                    break;
            }

            if (result is ExportResult.Exported && exporter.Fulls > fulls)
                (inserted, deleted, updated) = (0, 0, 0);
            at++;

            Task WriteAsync(string command) => mirror.Server.CommandAsync(mirror.Database, command, mirror.Server.User);

            async Task KilledAsync(Func<Task<ExportResult>> export)
            {
                await mirror.Server.FailAsync(
                    """{"configureFailPoint":"failCommand","mode":MODE,"data":{"failCommands":["insert","update","delete"],"closeConnection":true}}"""
                        .Replace("MODE", which == 0 ? "\"alwaysOn\"" : $"{{\"skip\":{which}}}", StringComparison.Ordinal));
                await export();
                await mirror.RepairAsync();
                await exporter.RestartAsync();
            }
        }

        // A look sees counts and times: not another payload under an old time, nor as many rows added as removed.
        if (updated > 0 || (inserted > 0 && deleted > 0))
            await exporter.FullAsync(items, at);
        else
        {
            await exporter.SyncAsync(items, at);
            await exporter.LookAsync(items, at + 1);
        }

        Assert.Equal(string.Join(' ', items.OrderBy(it => it.Key, StringComparer.Ordinal).Select(it => $"{it.Key}={it.Value}")), await mirror.RowsAsync());
    }

    /// <summary>By mistake two operators export the same scope, each with its own view of the cluster's changes.</summary>
    [Fact]
    public async Task Two_exporters_at_once_leave_no_lost_and_no_stale_row()
    {
        var shared = await Shared.Value;
        var mirror = shared with { Database = shared.Server.NewDatabase(), SkipUnchanged = None };
        await using var one = new Exporter(mirror);
        await using var two = new Exporter(mirror, "two");
        var random = new Random(7);
        var items = new Dictionary<string, string> { ["i0"] = "0" };
        for (var round = 1; round <= 60; round++)
        {
            var before = items.ToDictionary();
            if (!items.Remove($"i{random.Next(6)}") || random.Next(2) == 0)
                items[$"i{random.Next(6)}"] = $"{round}";
            var (behind, ahead) = round % 2 == 0 ? (one, two) : (two, one);
            await Task.WhenAll(behind.SyncAsync(before, 2 * round), ahead.SyncAsync(items.ToDictionary(), (2 * round) + 1));
        }

        await one.SyncAsync(items, 200);
        await one.LookAsync(items, 201);
        Assert.Equal(string.Join(' ', items.OrderBy(it => it.Key, StringComparer.Ordinal).Select(it => $"{it.Key}={it.Value}")), await mirror.RowsAsync());
        Assert.True(one.Lost + two.Lost > 0, "no race was lost");
    }
}
