using System.Security.Cryptography;
using System.Text;
using Kollect.Core.Exports;
using Kollect.Core.Snapshots;
using Kollect.Shell.Exports;

namespace Kollect.Shell.Tests.Backends.Conformance;

/// <summary>Holds a snapshot in memory, as an operator does, and exports what changes in it through one destination that stays open.</summary>
/// <param name="clock">Minutes after Monday, shared by the exporters of one test: each export takes the next.</param>
internal sealed class SnapshotKeeper(Mirror mirror, SnapshotKeeper.Clock clock) : IHeldSnapshot, IAsyncDisposable
{
    public sealed class Clock
    {
        public int Minutes { get; set; }
    }

    private IDestination destination = mirror.Open();
    private SortedDictionary<string, RowOrRejection> items = new(StringComparer.Ordinal);
    private SortedDictionary<string, RowOrRejection> written = new(StringComparer.Ordinal);

    /// <summary>What the destination recorded; None = every change is an export in full.</summary>
    public Option<Fence> Fence { get; set; }

    public bool IsComplete { get; set; } = true;

    /// <summary>Exports in full so far.</summary>
    public int Exports { get; private set; }

    /// <summary>Why the last difference or repair was none; empty = it was one.</summary>
    public string Lost { get; private set; } = "";

    Fence IHeldSnapshot.Basis => Fence.IfNone(new Fence(default, "unknown"));

    long IHeldSnapshot.Count => items.Count;

    IEnumerable<RowIdentity> IHeldSnapshot.Identities => items.Keys.Select(uid => new RowIdentity("deployments", uid));

    RejectedItems IHeldSnapshot.Rejected => RejectedOf(items.Keys);

    Option<RowOrRejection> IHeldSnapshot.Find(RowIdentity identity) =>
        identity.TargetName == "deployments" && items.TryGetValue(identity.SourceUid, out var item) ? item : None;

    /// <summary>The rows that the destination should hold: <c>a=1 b=2</c>.</summary>
    public string Rows => string.Join(' ', items.Where(it => it.Value is RowOrRejection.Accepted).Select(it => $"{it.Key}={ValueOf(it.Value)}"));

    /// <summary>Sets the snapshot, as <see cref="Mirror.Items"/> reads it; <c>a=!</c> is an item that cannot be stored.</summary>
    public void Set(string snapshot)
    {
        items = new(StringComparer.Ordinal);
        foreach (var part in snapshot.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(part => part.Split('=')))
            items[part[0]] = part[1] == "!" ? Mirror.Rejected(part[0]) : Mirror.Item(part[0], part[1]);
    }

    public void Put(string uid, string value) => items[uid] = Mirror.Item(uid, value);

    public void Remove(string uid) => items.Remove(uid);

    /// <summary>The item cannot be stored any more: the destination itself says so.</summary>
    /// <param name="tooDeep">True = it nests too deep; false = it holds a number that is too large.</param>
    public void Reject(string uid, bool tooDeep = false)
    {
        var json = $$"""
            {"targetName":"deployments","uid":"{{uid}}","value":{{(tooDeep ? new string('[', 2_000) + new string(']', 2_000) : "1e131073")}}}
            """;
        items[uid] = Assert.IsType<RowOrRejection.Rejected>(ItemReader.Read(
            Encoding.UTF8.GetBytes(json), new ItemRules(Scope, destination.Limits, None, IncludeSecrets: true), 1));
    }

    public IReadOnlySet<string> RejectedUids => items.Where(it => it.Value is RowOrRejection.Rejected).Select(it => it.Key).ToHashSet();

    /// <summary>The process ends and begins again; what it knows of the destination stands in the status.</summary>
    public async Task RestartAsync()
    {
        await destination.DisposeAsync();
        destination = mirror.Open();
    }

    public Task<ExportResult> ExportAsync(CancellationToken? cancel = null) => ExportAsync(Header(), cancel);

    /// <summary>The difference to what was written last.</summary>
    public Task<Either<BasisLost, ExportResult>> ChangeAsync() => ChangeAsync(Header(), null);

    public Task<Either<BasisLost, ExportResult>> RepairAsync() => RepairAsync(Header(), null);

    /// <summary>The difference to what was written last, or everything where the destination does not hold that.</summary>
    public Task<ExportResult> SyncAsync(CancellationToken? cancel = null)
    {
        var header = Header();
        return OrExportAsync(ChangeAsync(header, cancel), header, cancel);
    }

    /// <summary>A look at what others have done; before that the difference, if there is one.</summary>
    public async Task<ExportResult> LookAsync(CancellationToken? cancel = null)
    {
        if (ChecksumOf(items) != ChecksumOf(written) && await SyncAsync(cancel) is var synced and not ExportResult.Exported)
            return synced;
        var header = Header();
        return await OrExportAsync(RepairAsync(header, cancel), header, cancel);
    }

    /// <summary>The outcome of a difference or a repair that must not be lost.</summary>
    public static ExportOutcome Outcome(Either<BasisLost, ExportResult> result) => result.Match(
        it => Assert.IsType<ExportResult.Exported>(it).Outcome, lost => throw new InvalidOperationException(lost.Why));

    public ValueTask DisposeAsync() => destination.DisposeAsync();

    private static Scope Scope { get; } = new("platform", "all", "east");

    private RejectedItems RejectedOf(IEnumerable<string> uids) => RejectedItems.None.With(uids
        .Where(uid => items[uid] is RowOrRejection.Rejected)
        .Select(uid => RejectedItem.Of(new RowIdentity("deployments", uid), (RowOrRejection.Rejected)items[uid])));

    private SnapshotHeader Header() => new(Scope, Mirror.Monday.AddMinutes(++clock.Minutes), None, IsComplete)
    {
        Content = new ContentStamp(ChecksumOf(items), items.Count),
        Exporter = "tests",
    };

    private async Task<ExportResult> ExportAsync(SnapshotHeader header, CancellationToken? cancel)
    {
        Exports++;
        return Recorded(await destination.ExportAsync(
            header, items.Values.ToAsyncEnumerable(), dryRun: false, progress: null, cancel ?? TestContext.Current.CancellationToken));
    }

    private async Task<Either<BasisLost, ExportResult>> ChangeAsync(SnapshotHeader header, CancellationToken? cancel) =>
        Recorded(await destination.ExportChangesAsync(
            header,
            new SnapshotChanges(
                ((IHeldSnapshot)this).Basis,
                items.Where(it => !written.TryGetValue(it.Key, out var old) || ValueOf(old) != ValueOf(it.Value)).Select(it => it.Value),
                [.. written.Keys.Where(uid => IsComplete && !items.ContainsKey(uid)).Select(uid => new RowIdentity("deployments", uid))])
            {
                Rejected = RejectedOf(items.Keys.Where(uid => written.GetValueOrDefault(uid) is RowOrRejection.Rejected)),
            },
            cancel ?? TestContext.Current.CancellationToken));

    private async Task<Either<BasisLost, ExportResult>> RepairAsync(SnapshotHeader header, CancellationToken? cancel) =>
        Recorded(await destination.RepairAsync(header, this, cancel ?? TestContext.Current.CancellationToken));

    private async Task<ExportResult> OrExportAsync(
        Task<Either<BasisLost, ExportResult>> running, SnapshotHeader header, CancellationToken? cancel) =>
        await (await running).MatchAsync(Right: it => it, LeftAsync: _ => ExportAsync(header, cancel));

    private static string ChecksumOf(SortedDictionary<string, RowOrRejection> items) => Convert.ToHexStringLower(SHA256.HashData(
        Encoding.UTF8.GetBytes(string.Join(' ', items.Select(it => $"{it.Key}={ValueOf(it.Value)}")))));

    private Either<BasisLost, ExportResult> Recorded(Either<BasisLost, ExportResult> result)
    {
        Lost = result.Match(_ => "", lost => lost.Why);
        return result.Map(Recorded);
    }

    private ExportResult Recorded(ExportResult result)
    {
        if (result is ExportResult.Exported exported)
            (Fence, written) = (exported.Fence, new(items, StringComparer.Ordinal));
        return result;
    }

    private static string ValueOf(RowOrRejection item) =>
        item is RowOrRejection.Accepted { Row: var row } ? Encoding.UTF8.GetString(row.Payload.Span).Split('"')[^2] : "!";
}
