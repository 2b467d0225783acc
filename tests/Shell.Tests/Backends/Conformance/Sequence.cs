using Kollect.Core.Exports;

namespace Kollect.Shell.Tests.Backends.Conformance;

/// <summary>Something that happens to the rows of a scope, or to the snapshot that they should be.</summary>
/// <param name="Do">The word in <see cref="Sequence.DoAsync"/>.</param>
/// <param name="Uid">Of the row that it concerns, if it concerns one.</param>
/// <param name="Number">From 0: the value, the kind of write, or where the connection is cut.</param>
public sealed record SequenceStep(string Do, string Uid, int Number);

/// <summary>An exporter behind a connection that can be cut, another one, and clients that write the same rows; beside the rows of another inventory.</summary>
internal sealed class Sequence : IAsyncDisposable
{
    private const string Neighbours = "a=1/neighbour b=2/neighbour z=3/neighbour";

    private static readonly string[] Operations = ["sync", "look", "export"];

    private readonly Mirror mirror;
    private readonly Relay relay;
    private readonly SnapshotKeeper keeper;
    private readonly SnapshotKeeper other;
    private readonly Dictionary<(string Operation, Relay.Way Way), long> usual = [];
    private readonly List<ForeignWrite> unrepaired = [];
    private readonly List<string> inserted = [];
    private bool areNeighboursGone;

    private Sequence(Mirror mirror)
    {
        this.mirror = mirror;
        relay = new Relay(mirror.Address);
        var clock = new SnapshotKeeper.Clock();
        keeper = new SnapshotKeeper(mirror.Through(relay.Port), clock);
        other = new SnapshotKeeper(mirror, clock);
    }

    public static async Task<Sequence> BeginAsync(Mirror mirror)
    {
        await mirror.ExportedAsync(Mirror.Items("a=1 b=2 z=3"), inventory: "neighbour");
        var sequence = new Sequence(mirror);
        sequence.keeper.Set("a=1 b=1 c=1");
        await sequence.RunAsync("export");
        return sequence;
    }

    public async Task DoAsync(SequenceStep step)
    {
        var (uid, value) = (step.Number % 4 == 0 ? inserted.LastOrDefault(step.Uid) : step.Uid, $"{step.Number % 3}");
        switch (step.Do)
        {
            case "put":
                keeper.Put(uid, value);
                break;
            case "remove":
                keeper.Remove(uid);
                break;
            case "reject":
                keeper.Reject(uid, tooDeep: step.Number % 2 == 0);
                break;
            case "kill" or "drop":
                await CutAsync(step.Do == "kill", Operations[step.Number % 3], (Relay.Way)(step.Number / 3 % 2), step.Number / 6 % 101);
                break;
            case "foreign":
                await WriteAsync(mirror.ForeignWrites[step.Number % mirror.ForeignWrites.Count], step.Uid);
                if (step.Number / 100 % 3 > 0)
                    await RepairAsync();
                break;
            case "other exporter":
                other.Set($"{uid}={value} z=1");
                await other.SyncAsync();
                break;
            case "both at once":
                other.Set($"{uid}={value} z=1");
                await Task.WhenAll(keeper.SyncAsync(), other.SyncAsync());
                break;
            case "restart":
                await keeper.RestartAsync();
                break;
            case "incomplete":
                keeper.IsComplete = false;
                await keeper.SyncAsync();
                keeper.IsComplete = true;
                break;
            default:
                await RunAsync(step.Do);
                break;
        }
    }

    /// <summary>Repairs as cheaply as the backend promises.</summary>
    public async Task RepairAsync()
    {
        await RunAsync("sync");
        await RunAsync(LookFindsAll ? "look" : "export");
    }

    public async ValueTask DisposeAsync()
    {
        await keeper.DisposeAsync();
        await other.DisposeAsync();
        await relay.DisposeAsync();
    }

    private bool LookFindsAll => mirror.LookFinds(unrepaired, keeper.RejectedUids.Count > 0);

    /// <summary>Afterwards the rows are those of the snapshot, unless others have written some that this operation need not find.</summary>
    private async Task RunAsync(string operation)
    {
        var (sent, received, exports) = (relay.Passed(Relay.Way.ToServer), relay.Passed(Relay.Way.ToClient), keeper.Exports);
        var result = await StartAsync(operation, null);
        Assert.True(result is ExportResult.Exported, $"{operation}: {result}");
        usual[(operation, Relay.Way.ToServer)] = relay.Passed(Relay.Way.ToServer) - sent;
        usual[(operation, Relay.Way.ToClient)] = relay.Passed(Relay.Way.ToClient) - received;
        if (keeper.Exports > exports || (operation == "look" && LookFindsAll))
            unrepaired.Clear();
        if (unrepaired.Count == 0)
            await CompareAsync();
    }

    private async Task CompareAsync()
    {
        var rejected = keeper.RejectedUids;
        var rows = (await mirror.RowsAsync())
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Where(row => !row.Contains('@', StringComparison.Ordinal))
            .ToLookup(row => row.Contains('/', StringComparison.Ordinal));
        Assert.Equal(keeper.Rows, string.Join(' ', rows[false].Where(row => !rejected.Contains(row.Split('=')[0]))));
        Assert.Equal(areNeighboursGone ? "" : Neighbours, string.Join(' ', rows[true]));
    }

    /// <summary>The connection is cut within an export, or where the last bytes of one usually pass.</summary>
    /// <param name="kills">True = the exporter ends with it, and begins again; false = it may connect again at once.</param>
    /// <param name="place">0 to 80: that part of the bytes; 81 to 100: so many of the last 20.</param>
    private async Task CutAsync(bool kills, string operation, Relay.Way way, int place)
    {
        var bytes = usual.GetValueOrDefault((operation, way), usual[("export", way)]);
        using var dead = new CancellationTokenSource();
        var isCut = false;
        relay.CutAfter(way, Math.Max(0, place <= 80 ? bytes * place / 80 : bytes - 100 + place), kills, () =>
        {
            isCut = true;
            if (kills)
                dead.Cancel();
        });
        try
        {
            var result = await StartAsync(operation, dead.Token);
            Assert.True(result is ExportResult.Exported or ExportResult.Failed, $"{operation}: {result}");
        }
        catch (OperationCanceledException) when (dead.IsCancellationRequested)
        {
            // The process has ended.
        }

        await relay.SettledAsync();
        if (isCut)
            await mirror.SettledAsync();
        relay.ComeBack();
        if (kills)
            await keeper.RestartAsync();
    }

    private async Task WriteAsync(ForeignWrite write, string uid)
    {
        if (write.Name == ForeignWrite.Insert)
            inserted.Add($"f{inserted.Count}");
        await write.WriteAsync(write.Name == ForeignWrite.Insert ? inserted[^1] : uid);
        unrepaired.Add(write);
        areNeighboursGone |= write.Truncates;
    }

    private Task<ExportResult> StartAsync(string operation, CancellationToken? cancel) => operation switch
    {
        "sync" => keeper.SyncAsync(cancel),
        "look" => keeper.LookAsync(cancel),
        _ => keeper.ExportAsync(cancel),
    };
}
