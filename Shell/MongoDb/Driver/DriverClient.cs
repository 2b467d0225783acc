using System.Runtime.CompilerServices;
using Kollect.Core.Backends.MongoDb;
using Kollect.Core.Failures;
using Kollect.Shell.Backends;
using Kollect.Shell.Backends.Dial;
using MongoDB.Bson;
using MongoDB.Driver;
using MongoDB.Driver.Core.Clusters;
using MongoDB.Driver.Core.Configuration;
using MongoDB.Driver.Core.Connections;
using MongoDB.Driver.Core.Events;

namespace Kollect.MongoDb.Driver;

/// <summary>MongoDB.Driver behind <see cref="IMongoDb"/>: a client of its own for each operation of a sink.</summary>
internal sealed class DriverClient : IMongoDb
{
    /// <summary>A batch of a cursor is at most one document of 16 MiB, or many within that; the reply around it is small.</summary>
    private const long BatchBytes = 17 << 20;

    private readonly DialGuard guard;
    private readonly ServerConnections bounds;
    private readonly MongoClient client;
    private readonly CancellationTokenSource forbidden = new();
    private Option<Fault> refusal;

    private DriverClient(MongoClientSettings settings, GuardedStreams streams, DialGuard guard, ServerConnections bounds)
    {
        (Streams, this.guard, this.bounds) = (streams, guard, bounds);
        settings.ClusterConfigurator = builder =>
        {
            RegisterStreamFactory(builder, _ => streams);
            builder.Subscribe<ClusterDescriptionChangedEvent>(changed => EndSelection(changed.NewDescription));
        };
        client = new MongoClient(settings);
    }

    /// <summary>The source of all connections of this client.</summary>
    public GuardedStreams Streams { get; }

    /// <summary>Looks <c>mongodb+srv</c> up; connects with the first operation.</summary>
    /// <param name="trust">For TLS, where <paramref name="uri"/> wants it.</param>
    /// <param name="guard">Decides which hosts may be dialled. Under a guard nothing is compressed: few bytes would unpack to any number.</param>
    /// <param name="bounds">Of this client alone.</param>
    public static async Task<DriverClient> OpenAsync(DriverUri uri, ServerTrust trust, DialGuard guard, ServerConnections bounds, CancellationToken cancel)
    {
        try
        {
            var settings = await uri.SettingsAsync(cancel);
            if (guard.IsOn)
                settings.Compressors = [];
            var streams = new GuardedStreams(guard, uri.UsesTls ? trust : null, settings.ConnectTimeout, bounds, unpacks: settings.Compressors.Count > 0);
            return new DriverClient(settings, streams, guard, bounds);
        }
        catch (MissingMethodException renamed)
        {
            throw new MongoDbException(
                Errors.OfDriver("this version of MongoDB.Driver lets nobody else make its connections; Kollect works with MongoDB.Driver 3.14"),
                "no dial guard",
                renamed);
        }
        catch (Exception refused) when (DriverUri.IsOfDriver(refused))
        {
            throw new MongoDbException(
                Errors.OfDriver("the driver does not take the parts of the connection string together, such as a user without a password; correct them"),
                refused.GetType().Name,
                refused);
        }
    }

    public Task<byte[]> CommandAsync(string database, ReadOnlyMemory<byte> command, CancellationToken cancel) => RunAsync(
        async either =>
        {
            bounds.AllowAnswer();
            using var reply = await client.GetDatabase(database).RunCommandAsync(
                new BsonDocumentCommand<RawBsonDocument>(Raw.Document(command)), ReadPreference.Primary, either);
            return Raw.Read(reply, bytes => bytes.ToArray());
        },
        cancel);

    public Task FindAsync(
        Namespace collection, ReadOnlyMemory<byte> filter, Projection projection, DocumentHandler onDocument, CancellationToken cancel) => RunAsync(
        async either =>
        {
            var options = new FindOptions<RawBsonDocument>
            {
                Projection = Raw.Document(projection.Fields),
                BatchSize = projection.BatchSize.ToNullable(),
            };
            bounds.AllowAnswer(BatchBytes);
            using var cursor = await Collection(collection).FindAsync(Raw.Document(filter), options, either);
            while (await cursor.MoveNextAsync(either))
                foreach (var document in cursor.Current)
                    using (document)
                        if (!Raw.Read(document, bytes => onDocument(bytes)))
                            return true;
            return true;
        },
        cancel);

    public async Task<BulkAnswer> WriteAsync(Namespace collection, WriteBatch batch, CancellationToken cancel) =>
        batch.Writes.Count == 0 ? BulkAnswer.OfNothing : await RunAsync(
            async either =>
            {
                bounds.AllowAnswer(BatchBytes); // it may refuse each of the writes
                try
                {
                    return Bulk.Answer(await Collection(collection).BulkWriteAsync(Bulk.Models(batch), Bulk.Unordered, either), []);
                }
                catch (MongoBulkWriteException<RawBsonDocument> some) when (some.WriteConcernError is null)
                {
                    return Bulk.Answer(some.Result, some.WriteErrors);
                }
            },
            cancel);

    /// <summary>The driver keeps its clusters, with their threads and connections, after the client that made them: this ends both.</summary>
    public void Dispose()
    {
        var cluster = client.Cluster;
        client.Dispose();
        ClusterRegistry.Instance.UnregisterAndDisposeCluster(cluster);
    }

    private IMongoCollection<RawBsonDocument> Collection(Namespace collection) =>
        client.GetDatabase(collection.Database).GetCollection<RawBsonDocument>(collection.Collection);

    private async Task<T> RunAsync<T>(Func<CancellationToken, Task<T>> operation, CancellationToken cancel)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, forbidden.Token, bounds.Closed);
        try
        {
            return await operation(either.Token);
        }
        catch (OperationCanceledException ended) when (!cancel.IsCancellationRequested)
        {
            throw new MongoDbException(refusal.IfNone(new Fault.Network(NetworkFault.TimedOut)), "the operation was ended", ended);
        }
        catch (TimeoutException late)
        {
            throw new MongoDbException(await CauseAsync(cancel), "no server was found in time", late);
        }
        catch (Exception failed) when (Faults.Of(failed) is { IsSome: true } fault)
        {
            throw new MongoDbException(fault.IfNone(Errors.OfDriver("")), failed.GetType().Name, failed);
        }
    }

    /// <summary>A resolver may be slower than the selection of a server, which then has nothing to say.</summary>
    private async Task<Fault> CauseAsync(CancellationToken cancel)
    {
        var servers = client.Cluster.Description;
        if (Selection.Cause(servers).MatchUnsafe<Fault?>(it => it, () => null) is { } known)
            return known;
        try
        {
            foreach (var server in client.Settings.Servers)
                await guard.AddressesAsync(server.Host, cancel);
        }
        catch (DialException dial)
        {
            return new Fault.Forbidden(dial.Objection);
        }
        catch (System.Net.Sockets.SocketException unknown)
        {
            return new Fault.Network(NetworkFaults.Of(unknown.SocketErrorCode));
        }

        return new Fault.Network(NetworkFault.TimedOut);
    }

    /// <summary>The driver would dial a forbidden host again until the selection times out.</summary>
    private void EndSelection(ClusterDescription servers) => Selection.Refusal(servers).IfSome(fault =>
    {
        refusal = fault;
        forbidden.Cancel();
    });

    // The interface is public and the method is not. A driver without it throws a MissingMethodException here, before anything is dialled.
    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "RegisterStreamFactory")]
    private static extern ClusterBuilder RegisterStreamFactory(ClusterBuilder builder, Func<IStreamFactory, IStreamFactory> wrapper);
}
