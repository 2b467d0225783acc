using System.Text;
using Kollect.Core.Exports;
using Kollect.Core.Snapshots;
using Kollect.Shell.Exports;
using Kollect.Shell.Tests.Backends.Conformance;

namespace Kollect.Shell.Tests.Backends.MongoDb;

/// <summary>Exports as an operator does: differences on top of what the destination recorded last, and in full where that is lost.</summary>
internal sealed class Exporter(Mirror mirror, string name = "one") : IAsyncDisposable
{
    private IDestination destination = mirror.Open();

    /// <summary>The snapshot that the destination records; None = unknown.</summary>
    public Option<Held> Basis { get; private set; }

    /// <summary>Exports that were in full, differences, and lost bases so far.</summary>
    public int Fulls { get; private set; }

    public int Differences { get; private set; }

    public int Lost { get; private set; }

    /// <summary>The process ends and begins again; it knows the last basis from the status.</summary>
    public async Task RestartAsync()
    {
        await destination.DisposeAsync();
        destination = mirror.Open();
    }

    public async Task<ExportResult> FullAsync(IReadOnlyDictionary<string, string> items, int at)
    {
        Fulls++;
        var result = await destination.ExportAsync(
            Header(items, at), items.Select(it => Mirror.Item(it.Key, it.Value)).ToAsyncEnumerable(), false, null, TestContext.Current.CancellationToken);
        return Remember(result, items);
    }

    /// <summary>A difference where there is a basis, else in full; a failed difference is one in full.</summary>
    public async Task<ExportResult> SyncAsync(IReadOnlyDictionary<string, string> items, int at)
    {
        foreach (var basis in Basis.AsEnumerable())
        {
            Differences++;
            var changed = items.Where(it => basis.Items.GetValueOrDefault(it.Key) != it.Value).Select(it => Mirror.Item(it.Key, it.Value)).ToArray();
            RowIdentity[] removed = [.. basis.Items.Keys.Where(uid => !items.ContainsKey(uid)).Select(uid => new RowIdentity("deployments", uid))];
            var result = await destination.ExportChangesAsync(
                Header(items, at), new SnapshotChanges(basis.Basis, changed, removed), TestContext.Current.CancellationToken);
            return await result.MatchAsync(RightAsync: it => Task.FromResult(Remember(it, items)), LeftAsync: _ => AgainAsync(items, at));
        }

        return await FullAsync(items, at);
    }

    /// <summary>Looks at the rows of the basis, whatever the cluster holds now; in full where that cannot tell.</summary>
    public async Task<ExportResult> LookAsync(IReadOnlyDictionary<string, string> items, int at)
    {
        if (!Basis.Exists(it => it.Basis.Checksum == ChecksumOf(items)))
            return await FullAsync(items, at);
        var held = Basis.IfNone(() => throw new InvalidOperationException("no basis"));
        var result = await destination.RepairAsync(Header(items, at), held, TestContext.Current.CancellationToken);
        return await result.MatchAsync(RightAsync: it => Task.FromResult(Remember(it, items)), LeftAsync: _ => AgainAsync(items, at));
    }

    public ValueTask DisposeAsync() => destination.DisposeAsync();

    private Task<ExportResult> AgainAsync(IReadOnlyDictionary<string, string> items, int at)
    {
        Lost++;
        return FullAsync(items, at);
    }

    private ExportResult Remember(ExportResult result, IReadOnlyDictionary<string, string> items)
    {
        // After a failure the old basis stays, as a restarted operator reads it from the status: the destination has to refuse it.
        if (result is ExportResult.Exported exported)
            Basis = exported.Fence.Map(fence => new Held(fence, items.ToDictionary()));
        return result;
    }

    private SnapshotHeader Header(IReadOnlyDictionary<string, string> items, int at) =>
        new(new Scope("platform", "all", "east"), Mirror.Monday.AddMinutes(at), None)
        {
            Content = new ContentStamp(ChecksumOf(items), items.Count),
            Exporter = name,
        };

    private static string ChecksumOf(IReadOnlyDictionary<string, string> items) => Convert.ToHexStringLower(
        System.Security.Cryptography.SHA256.HashData(
            Encoding.UTF8.GetBytes(string.Join(' ', items.OrderBy(it => it.Key, StringComparer.Ordinal).Select(it => $"{it.Key}={it.Value}")))));
}

/// <summary>A snapshot in memory.</summary>
internal sealed record Held(Fence Basis, IReadOnlyDictionary<string, string> Items) : IHeldSnapshot
{
    public long Count => Items.Count;

    public IEnumerable<RowIdentity> Identities => Items.Keys.Select(uid => new RowIdentity("deployments", uid));

    public Option<RowOrRejection> Find(RowIdentity identity) =>
        Items.TryGetValue(identity.SourceUid, out var value) ? Mirror.Item(identity.SourceUid, value) : Option<RowOrRejection>.None;
}
