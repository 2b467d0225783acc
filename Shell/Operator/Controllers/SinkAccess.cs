using Kollect.Core.Failures;
using Kollect.Core.Inventories.Scheduling;
using Kollect.Core.Operator;
using Kollect.Core.Secrets;
using Kollect.Core.Sinks;
using Kollect.Core.Snapshots;
using Kollect.Shell.Backends;
using Kollect.Shell.Exports;

namespace Kollect.Operator.Controllers;

/// <summary>Opens destinations with the Secrets of their sinks, and keeps those of successful exports open for the next one.</summary>
/// <param name="secrets">Reads the Secrets of a sink.</param>
internal sealed class SinkAccess(OperatorOptions options, SecretReader secrets, BackendSet backends, TimeProvider time) : IAsyncDisposable
{
    /// <summary>Each may hold a connection to a server.</summary>
    private const int MaxIdleDestinations = 64;

    private readonly DestinationPool<OpenDestination> pool = new(MaxIdleDestinations, time);

    /// <summary>Closes what belongs to other versions of a sink.</summary>
    /// <param name="version">None = it does not exist, or is not known.</param>
    public void SinkChanged(SinkName sink, Option<SinkVersion> version) => pool.Keep(sink, version);

    /// <summary>Closes what a deleted inventory used.</summary>
    public void Forget(InventoryName inventory) => pool.Forget(inventory);

    /// <summary>Closes all connections; nothing runs any more.</summary>
    public ValueTask DisposeAsync() => pool.DisposeAsync();

    /// <summary>
    /// The destination of the last export, or a new one. Only a difference goes through the former without a look at the Secrets: a change of theirs is
    /// seen within <see cref="OperatorOptions.SecretInterval"/>, and by every other export.
    /// </summary>
    /// <returns>Read: None = no Secret was read. The caller keeps or disposes what is open.</returns>
    public async Task<(Either<Failure, OpenDestination> Opened, Option<Seq<SecretReadResult>> Read)> OpenAsync(ExportStart start, CancellationToken cancel)
    {
        var kept = pool.Take(KeyOf(start));
        if (kept is not null && start.Method is ExportMethod.Changes)
            return (kept, None);
        var isKept = false;
        try
        {
            // The Secrets as they are now, also where the decision was made with older ones.
            var read = await ReadAsync(start.Header.Scope, start.Sink, cancel);
            isKept = kept is not null && new SecretsRead(read, time.GetUtcNow()).Text == start.Version.SecretVersions;
            return (isKept ? kept! : Resolve(start.Sink, read).Bind(find => Open(start, find)), read);
        }
        finally
        {
            if (kept is not null && !isKept)
                await kept.DisposeAsync();
        }
    }

    /// <summary>Keeps the destination of a successful export.</summary>
    public void Keep(ExportStart start, OpenDestination open) =>
        pool.Return(KeyOf(start), new InventoryName(start.Header.Scope.InventoryNamespace, start.Header.Scope.InventoryName), open);

    /// <summary>The Secrets of a sink as they are now.</summary>
    /// <param name="scope">Of the inventory that causes it.</param>
    public async Task<Seq<SecretReadResult>> ReadAsync(Scope scope, Sink sink, CancellationToken cancel) =>
        SinkSecrets.Permit(options.CrossNamespaceSecrets, sink, await secrets.ReadAsync(scope.InventoryNamespace, sink.Secrets, cancel));

    /// <summary>Left = one of them is missing, or may not be used.</summary>
    public Either<Failure, Func<SecretRef, Option<SecretData>>> Resolve(Sink sink, Seq<SecretReadResult> read) =>
        SinkSecrets.Resolve(options.CrossNamespaceSecrets, sink, read);

    /// <summary>Both of these.</summary>
    public async Task<Either<Failure, Func<SecretRef, Option<SecretData>>>> FindAsync(Scope scope, Sink sink, CancellationToken cancel) =>
        Resolve(sink, await ReadAsync(scope, sink, cancel));

    /// <summary>The sink that reaches the rows to be removed.</summary>
    /// <param name="held">See <see cref="RemovalStart.Held"/>.</param>
    public async Task<Either<Failure, (Sink Sink, Func<SecretRef, Option<SecretData>> Find)>> FindAsync(
        RemovalStart start, HeldSink? held, CancellationToken cancel)
    {
        var before = from sink in start.Held from it in Optional(held) select (sink, it.Secrets);
        if (start.Sink.Case is not Sink now)
            return before.ToEither(WorkFailures.NoSink(start.Location.Sink));
        var read = await ReadAsync(start.Scope, now, cancel);
        return before.Filter(_ => !SinkSecrets.AreFound(read)).Match(
            Some: it => it,
            None: () => Resolve(now, read).Map(find => (now, find)));
    }

    private Either<Failure, OpenDestination> Open(ExportStart start, Func<SecretRef, Option<SecretData>> find) =>
        backends.With(find).Open(start.Sink, start.Header.Scope)
            .Map(destination => new OpenDestination(destination, new HeldSink(start.Sink, find)));

    private static DestinationKey KeyOf(ExportStart start) =>
        new(start.Name, start.Version, start.Location.At, start.Header.Scope.InventoryNamespace);
}
