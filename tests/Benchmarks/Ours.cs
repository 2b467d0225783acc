using Kollect.Core.Backends.Postgres;
using Kollect.Core.Exports;
using Kollect.Core.Secrets;
using Kollect.Core.Sinks;
using Kollect.Core.Snapshots;
using Kollect.Models.V1Alpha1;
using Kollect.Shell.Backends;
using Kollect.Shell.Backends.Dial;
using Kollect.Shell.Backends.Postgres;
using Kollect.Shell.Exports;
using Kollect.Shell.Snapshots;
using static LanguageExt.Prelude;

namespace Kollect.Benchmarks;

/// <summary>The library as used by a host: from connecting to the commit, reading and parsing NDJSON included.</summary>
/// <param name="url">libpq URL of the server.</param>
/// <param name="skipUnchanged"><c>options.skip_unchanged</c>.</param>
/// <param name="keepsHistory"><c>options.history</c>.</param>
internal sealed class Ours(string url, bool skipUnchanged, bool keepsHistory = false) : IContestant
{
    private static readonly SecretRef Secret = new("bench", "dsn");

    private byte[] ndjson = "[]"u8.ToArray();

    /// <summary>Its name as a yardstick of another one of these; by default <c>ours</c>.</summary>
    public string Name { get; init; } = "ours";

    public void Prepare(Snapshot snapshot) => ndjson = snapshot.ToNdjson();

    public async Task ExportAsync(string table, Snapshot snapshot, CancellationToken cancel)
    {
        await using var destination = Open(table);
        var scope = new Scope(Snapshot.InventoryNamespace, Snapshot.InventoryName, Snapshot.Cluster);
        var header = new SnapshotHeader(scope, new DateTimeOffset(snapshot.ExportedAt), None);
        using var stream = new MemoryStream(ndjson, writable: false);
        var reader = await SnapshotReader.OpenAsync(stream, cancel);
        var rows = reader.RowsAsync(new ItemRules(scope, Limits.Instance, None, false), cancel);
        var result = await destination.ExportAsync(header, rows, dryRun: false, progress: null, cancel);
        if (result is not ExportResult.Exported)
            throw new InvalidOperationException($"the export did not succeed: {result}");
    }

    private IDestination Open(string table)
    {
        var settings = new SinkSettings(
            Secret.Namespace, "bench", KollectDatabaseSinkMode.Ensure, None, HashMap<string, string>(), skipUnchanged, None, true, Snapshot.Cluster,
            new TlsSettings(None, None, false), None)
        {
            History = new HistorySettings(keepsHistory, None),
        };
        var secret = new SecretData(Secret, HashMap(("url", new SecretText(url))), HashMap<string, string>());
        var sink = new PostgresSink(settings, Secret, "public", table);
        return new BackendSet([PostgresBackend.Instance], DialGuard.Unrestricted).With(_ => secret)
            .Open(sink, sink.Location)
            .Match(Right: it => it, Left: failure => throw new InvalidOperationException(failure.ToString()));
    }
}
