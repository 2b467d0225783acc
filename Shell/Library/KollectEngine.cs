using System.Buffers;
using System.Text;
using System.Text.Json;
using Kollect.Core.Backends;
using Kollect.Core.Exports;
using Kollect.Core.Failures;
using Kollect.Core.Manifests;
using Kollect.Core.Secrets;
using Kollect.Core.Sinks;
using Kollect.Models;
using Kollect.Models.V1Alpha1;
using Kollect.Shell.Backends;
using Kollect.Shell.Backends.Dial;
using Kollect.Shell.Exports;
using Kollect.Shell.Manifests;

namespace Kollect.Shell;

/// <summary>
/// Validates sinks, plans and probes their destinations, and exports snapshots into them. Several threads may use one engine; it holds nothing between two
/// calls. What a server refuses or cannot do is a result, not an exception.
/// </summary>
public sealed class KollectEngine(KollectEngineOptions options)
{
    private const string Kind = "KollectDatabaseSink";

    private readonly BackendSet backends = new(
        options.Backends,
        options.Dial is null ? DialGuard.Unrestricted : new DialGuard(options.Dial),
        options.ShowsConnections ? Audience.Owner : Audience.Cluster);

    /// <summary>Reads and validates the manifest of one sink; never throws.</summary>
    /// <param name="manifest">YAML or JSON, at most 3 MiB.</param>
    public static SinkManifest Validate(string manifest)
    {
        var known = KnownDocuments.Of(ManifestText.Read("manifest", Encoding.UTF8.GetBytes(manifest)));
        var problems = known.Problems.Map(it => Unreadable(it.ToString())).Strict();
        return problems.IsEmpty && known.Documents.AsEnumerable().ToArray() is [{ Kind: Kind } sink]
            ? new SinkManifest(SinkObject.Read(sink.Json.IfLeft(_ => ReadOnlyMemory<byte>.Empty).Span))
            : new SinkManifest([.. problems.IsEmpty ? Seq1(Unreadable($"holds other objects than one {Kind}; give the manifest of one sink")) : problems]);
    }

    /// <summary>Validates a sink of the API server, or one that is made here; never throws.</summary>
    public static SinkManifest Validate(KollectDatabaseSink sink)
    {
        var json = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(json))
            sink.WriteJson(writer);
        return new SinkManifest(SinkObject.Read(json.WrittenSpan));
    }

    /// <summary>Observes the destination and says what an export would create in it. At most 15 s.</summary>
    /// <param name="settings">The inventory, which a naming template needs; null = the sink has none.</param>
    /// <exception cref="InvalidOperationException">The sink is not valid.</exception>
    public async Task<PlanSummary> PlanAsync(SinkManifest sink, ExportSettings? settings = null, CancellationToken cancel = default) => PlanSummary.Of(
        await UseAsync<PlanResult>(
            sink, settings, destination => destination.PlanAsync(cancel), static failure => new PlanResult.Failed(failure), cancel));

    /// <summary>Connects and checks everything that an export needs. At most 15 s.</summary>
    /// <param name="settings">The inventory, which a naming template needs; null = the sink has none.</param>
    /// <exception cref="InvalidOperationException">The sink is not valid.</exception>
    public async Task<ProbeSummary> ProbeAsync(SinkManifest sink, ExportSettings? settings = null, CancellationToken cancel = default) => ProbeSummary.Of(
        await UseAsync<ProbeResult>(
            sink, settings, destination => destination.ProbeAsync(cancel), static failure => new ProbeResult.Failed(failure), cancel));

    /// <summary>
    /// Makes the rows of an inventory exactly a snapshot, in one transaction where the backend has them: they are then the snapshot, or as before.
    /// </summary>
    /// <param name="snapshot">
    /// Items or Kubernetes objects in UTF-8, as NDJSON, a JSON array, a Kubernetes List or an envelope; read as a stream and not closed.
    /// </param>
    /// <param name="progress">Null = no reports.</param>
    /// <param name="cancel">Rolls back.</param>
    /// <exception cref="InvalidOperationException">The sink is not valid.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled, and nothing was written.</exception>
    public async Task<ExportSummary> ExportAsync(
        SinkManifest sink, ExportSettings settings, Stream snapshot, IProgress<ExportProgress>? progress = null, CancellationToken cancel = default)
    {
        var now = options.Time.GetUtcNow();
        var destinations = await DestinationsAsync(sink.Sink, cancel);
        return ExportSummary.Of(ExportReport.Of(
            await SnapshotExport.RunAsync(destinations, sink.Sink, settings.Request, snapshot, now, progress, cancel), now));
    }

    private async Task<T> UseAsync<T>(
        SinkManifest sink, ExportSettings? settings, Func<IDestination, Task<T>> work, Func<Failure, T> failed, CancellationToken cancel)
    {
        var destinations = await DestinationsAsync(sink.Sink, cancel);
        return await LocationOf(sink.Sink, settings).Bind(at => destinations.Open(sink.Sink, at)).MatchAsync(
            RightAsync: async destination =>
            {
                await using (destination)
                    return await work(destination);
            },
            Left: failed);
    }

    private static Either<Failure, TableLocation> LocationOf(Sink sink, ExportSettings? settings) => settings is null
        ? sink.Settings.NamingTemplate.IsNone
            ? Naming.Unrendered(sink)
            : new Failure.Refused("plan: the sink has a naming template, so its table depends on the inventory — give its namespace and name")
        : Naming.LocationOf(sink, settings.Request.ScopeOf(sink)).MapLeft<Failure>(why => new Failure.Refused(why));

    private async Task<IDestinations> DestinationsAsync(Sink sink, CancellationToken cancel)
    {
        var secrets = new Dictionary<SecretRef, SecretData>();
        foreach (var wanted in sink.Secrets)
            if (await options.ReadSecret(wanted.Namespace, wanted.Name, cancel) is { } secret)
                secrets[wanted] = secret;
        return backends.With(wanted => secrets.TryGetValue(wanted, out var secret) ? Some(secret) : None);
    }

    private static Problem Unreadable(string message) => new(StructuralIds.Of(StructuralProblemKind.MalformedJson), "", message);
}
