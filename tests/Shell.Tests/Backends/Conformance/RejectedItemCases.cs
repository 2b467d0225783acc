using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Kollect.Core.Collection;
using Kollect.Core.Exports;
using Kollect.Core.Inventories.Scheduling;
using Kollect.Core.Snapshots;
using Kollect.Shell.Exports;

namespace Kollect.Shell.Tests.Backends.Conformance;

/// <summary>Items that cannot be stored make no export one in full, and a difference leaves the rows and the counts that an export in full does.</summary>
public abstract class RejectedItemCases
{
    /// <summary><c>!</c> = cannot be stored; empty = the item is removed.</summary>
    private static readonly Gen<(string Uid, string Value)> Step =
        from uid in Gen.Elements("a", "b", "c", "d")
        from value in Gen.Elements("1", "2", "!", "!", "")
        select (uid, value);

    private protected abstract Task<Mirror> CreateAsync();

    [Fact]
    public async Task A_difference_beside_a_rejected_item_sends_what_changed()
    {
        await using var mirror = await CreateAsync();
        await using var exporter = new MemoryExporter(mirror);
        await exporter.ExportAsync("a=1 b=1 c=1");
        Assert.Equal((3, 1, 0), Counts(await exporter.ExportAsync("a=1 b=! c=1")));
        Assert.Equal((3, 1, 1), Counts(await exporter.ExportAsync("a=2 b=! c=1")));
        Assert.Equal((3, 1, 0), Counts(await exporter.ExportAsync("a=2 b=! c=1", looks: true)));
        Assert.Equal((2, 1, 0), Counts(await exporter.ExportAsync("a=2 b=!")));
        Assert.Equal("a=2 b=1", await mirror.RowsAsync());
        Assert.Equal((2, 0, 1), Counts(await exporter.ExportAsync("a=2 b=2")));
        Assert.Equal("a=2 b=2", await mirror.RowsAsync());
        Assert.Equal(1, exporter.Fulls);
    }

    [Property(MaxTest = 6)]
    public Property Differences_end_as_exports_in_full_do() => Prop.ForAll(Arb.From(Step.ListOf(10)), steps => RunAsync([.. steps]));

    private async Task<bool> RunAsync((string Uid, string Value)[] steps)
    {
        await using var one = await CreateAsync();
        var two = await one.NamedAsync("items_in_full");
        await using var differences = new MemoryExporter(one);
        await using var fulls = new MemoryExporter(two) { IsAlwaysFull = true };
        var items = new SortedDictionary<string, string>(StringComparer.Ordinal) { ["a"] = "1", ["b"] = "1", ["c"] = "!" };
        foreach (var (uid, value) in steps.Prepend(("d", "1")))
        {
            if (value.Length > 0)
                items[uid] = value;
            else
                items.Remove(uid);
            var snapshot = string.Join(' ', items.Select(it => $"{it.Key}={it.Value}"));
            var (changed, whole) = (await differences.ExportAsync(snapshot), await fulls.ExportAsync(snapshot));
            Assert.Equal(await two.RowsAsync(), await one.RowsAsync());
            Assert.Equal(Shown(whole), Shown(changed));
        }

        return true;
    }

    private static (long Items, long Rejected, long Updated) Counts(ExportOutcome it) => (it.Items, it.Rejected, it.Updated);

    // One row that is equal carries the time of the snapshot in BigQuery, and counts as updated or unchanged.
    private static string Shown(ExportOutcome it) =>
        $"{it.Items} items, {it.Inserted} new, {it.Updated + it.Unchanged} old, {it.Deleted} deleted, {it.Rejected} rejected: "
        + string.Join(", ", it.Rejections.Order(StringComparer.Ordinal));

    /// <summary>Exports a snapshot in memory by the method that its last success allows, as the operator does.</summary>
    private sealed class MemoryExporter(Mirror mirror) : IAsyncDisposable
    {
        private readonly IDestination destination = mirror.Open();
        private Option<ExportResult.Exported> last;
        private SnapshotContent before = SnapshotContent.Nothing;
        private int minutes;

        public bool IsAlwaysFull { get; init; }

        public int Fulls { get; private set; }

        public async Task<ExportOutcome> ExportAsync(string snapshot, bool looks = false)
        {
            var content = SnapshotContent.Of(snapshot.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Item), Dedupe.KeepAll);
            var header = new SnapshotHeader(new Scope("platform", "all", "east"), Mirror.Monday.AddMinutes(++minutes), None)
            {
                Content = new ContentStamp(content.Checksum, content.Count),
            };
            var method = last.Filter(_ => !IsAlwaysFull).Bind(it => it.Fence.Map<ExportMethod>(fence => looks
                ? new ExportMethod.Look(fence) { Rejected = it.Rejected }
                : new ExportMethod.Changes(before, fence, Looks: false) { Rejected = it.Rejected })).IfNone(() => new ExportMethod.Full(""));
            var ended = await ContentExport.RunAsync(destination, header, method, content, TestContext.Current.CancellationToken);
            Assert.True(ended.Lost.IsNone, $"{ended.Lost}");
            Fulls += method is ExportMethod.Full ? 1 : 0;
            Assert.True(ended.Result is ExportResult.Exported, $"{method} of {snapshot}: {ended.Result}");
            var exported = (ExportResult.Exported)ended.Result;
            Assert.Equal(exported.Outcome.Rejected, exported.Rejected.Count);
            (last, before) = (exported, content);
            return exported.Outcome;
        }

        public ValueTask DisposeAsync() => destination.DisposeAsync();

        // Nested more deeply than any of the backends stores it.
        private static CollectedItem Item(string part)
        {
            var (uid, value) = (part.Split('=')[0], part.Split('=')[1]);
            var deep = value == "!" ? $$""","deep":{{new string('[', 1_500)}}{{new string(']', 1_500)}}""" : "";
            return new CollectedItem("deployments", uid, "shop", Encoding.UTF8.GetBytes(
                $$"""{"targetName":"deployments","uid":"{{uid}}","namespace":"shop","kind":"Deployment","name":"{{uid}}","value":"{{value}}"{{deep}}}"""));
        }
    }
}

public sealed class PostgresRejectedItems : RejectedItemCases
{
    private protected override async Task<Mirror> CreateAsync() => await PostgresMirror.CreateAsync() with { SkipUnchanged = None };
}

public sealed class MongoDbRejectedItems(SharedMongoDb shared) : RejectedItemCases, IClassFixture<SharedMongoDb>
{
    private protected override async Task<Mirror> CreateAsync() => MongoDbMirror.Over(await shared.ServerAsync) with { SkipUnchanged = None };
}

public sealed class BigQueryRejectedItems(SharedBigQuery shared) : RejectedItemCases, IClassFixture<SharedBigQuery>
{
    private protected override async Task<Mirror> CreateAsync() => await BigQueryMirror.OverAsync(await shared.ServerAsync) with { SkipUnchanged = true };
}
