using Kollect.Core.Exports;
using Kollect.Core.Rows;
using Kollect.Core.Secrets;
using Kollect.Core.Sinks;
using Kollect.Shell.Exports;
using LanguageExt;
using static LanguageExt.Prelude;

namespace Kollect.Benchmarks;

/// <summary>The library, as a host uses it: from connecting to the commit.</summary>
/// <param name="url">libpq URL of the server.</param>
/// <param name="skipUnchanged"><c>options.skip_unchanged</c>.</param>
internal sealed class Ours(string url, bool skipUnchanged) : IContestant
{
    private static readonly SecretRef Secret = new("bench", "dsn");

    public string Name => "ours";

    public async Task ExportAsync(string table, Snapshot snapshot, CancellationToken cancel)
    {
        await using var destination = Open(table);
        var scope = new Scope(Snapshot.InventoryNamespace, Snapshot.InventoryName, Snapshot.Cluster);
        var header = new SnapshotHeader(scope, new DateTimeOffset(snapshot.ExportedAt), None);
        var result = await destination.ExportAsync(header, Rows(snapshot).ToAsyncEnumerable(), dryRun: false, progress: null, cancel);
        if (result is not ExportResult.Exported)
            throw new InvalidOperationException($"the export did not succeed: {result}");
    }

    private IDestination Open(string table)
    {
        var settings = new SinkSettings(
            Secret.Namespace, "bench", ProvisioningMode.Ensure, None, Map<string, string>(), skipUnchanged, None, true, Snapshot.Cluster,
            None, new TlsSettings(None, None, false), None);
        var secret = new SecretData(Secret, Map(("url", new SecretText(url))), Map<string, string>());
        return Destinations
            .Open(new Sink.Postgres(settings, Secret, "public", table), table, _ => secret)
            .Match(Right: it => it, Left: failure => throw new InvalidOperationException(failure.ToString()));
    }

    private static IEnumerable<RowOrRejection> Rows(Snapshot snapshot) =>
        snapshot.Items.Select(item => new RowOrRejection.Accepted(new Row(item.TargetName, item.Uid, item.Namespace, item.Payload, 0)));
}
