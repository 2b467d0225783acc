using System.Buffers;
using Kollect.Core.Backends.MongoDb;
using Kollect.Core.Failures;
using Kollect.Core.Secrets;
using Kollect.Shell.Backends.Dial;

namespace Kollect.Shell.Backends.MongoDb.Native;

/// <summary>libmongoc behind <see cref="IMongoDb"/>. Its functions block, so each runs on the thread pool.</summary>
internal sealed unsafe class NativeClient : IMongoDb
{
    private readonly nint client;
    private readonly GuardedDial? dial;
    private readonly nint primary = Mongoc.ReadPreferenceNew(Mongoc.ReadPrimary);
    private Task running = Task.CompletedTask;

    private NativeClient(nint client, GuardedDial? dial) => (this.client, this.dial) = (client, dial);

    /// <summary>Resolves <c>mongodb+srv</c> names; connects with the first operation.</summary>
    /// <param name="uri">Only options of the allow-list.</param>
    /// <param name="trustFile">PEM file of the authorities to trust; null = the system's.</param>
    /// <param name="skipVerify">Accept any certificate.</param>
    /// <param name="guard">Decides which hosts may be dialled.</param>
    /// <param name="cancel">Gives up waiting; the driver's own time limits end its work.</param>
    public static Task<NativeClient> OpenAsync(SecretText uri, string? trustFile, bool skipVerify, DialGuard guard, CancellationToken cancel) =>
        Task.Run(() => Open(uri, trustFile, skipVerify, guard), CancellationToken.None).WaitAsync(cancel);

    public Task<byte[]> CommandAsync(string database, ReadOnlyMemory<byte> command, CancellationToken cancel) => RunAsync(
        () =>
        {
            using var pinned = command.Pin();
            using NativeBson request = new(), reply = new();
            request.View((byte*)pinned.Pointer, command.Length);
            var done = Mongoc.ClientCommand(client, database, request.Pointer, primary, null, reply.Pointer, out var error);
            return done ? reply.ToArray() : throw Faults.Of(error, reply.ToArray());
        },
        cancel);

    public Task FindAsync(
        Namespace collection, ReadOnlyMemory<byte> filter, ReadOnlyMemory<byte> options, DocumentHandler onDocument, CancellationToken cancel) => RunAsync(
        () =>
        {
            using MemoryHandle pinnedFilter = filter.Pin(), pinnedOptions = options.Pin();
            using NativeBson query = new(), opts = new();
            query.View((byte*)pinnedFilter.Pointer, filter.Length);
            opts.View((byte*)pinnedOptions.Pointer, options.Length);
            var target = Mongoc.ClientGetCollection(client, collection.Database, collection.Collection);
            var cursor = Mongoc.CollectionFind(target, query.Pointer, opts.Pointer, primary);
            try
            {
                while (Mongoc.CursorNext(cursor, out var document))
                {
                    cancel.ThrowIfCancellationRequested();
                    if (!onDocument(NativeBson.Span(document)))
                        return true;
                }

                if (Mongoc.CursorError(cursor, out var error, out var reply))
                    throw Faults.Of(error, reply == 0 ? [] : NativeBson.Copy(reply));
                return true;
            }
            finally
            {
                Mongoc.CursorDestroy(cursor);
                Mongoc.CollectionDestroy(target);
            }
        },
        cancel);

    public Task<byte[]> WriteAsync(Namespace collection, WriteBatch batch, CancellationToken cancel) => RunAsync(
        () =>
        {
            using var bulk = new NativeBulk(client, collection);
            using var pinned = batch.Buffer.Pin();
            foreach (var write in batch.Writes)
                bulk.Add(write, (byte*)pinned.Pointer);
            return bulk.Execute();
        },
        cancel);

    public void Dispose()
    {
        // After a cancelled wait the driver is still at work, so its client must stay alive.
        if (running.IsCompleted)
            Destroy();
        else
            running.ContinueWith(_ => Destroy(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    private static NativeClient Open(SecretText uri, string? trustFile, bool skipVerify, DialGuard guard)
    {
        var parsed = Mongoc.UriNew(uri.Reveal(), out var error);
        if (parsed == 0)
            throw Faults.Of(error, []);
        try
        {
            if (trustFile is not null)
                Mongoc.UriSetText(parsed, "tlscafile", trustFile);
            if (skipVerify)
                Mongoc.UriSetFlag(parsed, "tlsinsecure", true);
            var client = Mongoc.ClientNew(parsed, out error);
            if (client == 0)
                throw Faults.Of(error, []);
            Mongoc.ClientSetErrorApi(client, Mongoc.ErrorApiVersion2);
            return new NativeClient(client, guard.IsOn ? GuardedDial.Install(client, guard) : null);
        }
        finally
        {
            Mongoc.UriDestroy(parsed);
        }
    }

    private Task<T> RunAsync<T>(Func<T> operation, CancellationToken cancel)
    {
        var task = Task.Run(() => Guarded(operation), CancellationToken.None);
        running = task;
        return task.WaitAsync(cancel);
    }

    /// <summary>The driver reports that no server could be reached; the guard holds the reason.</summary>
    private T Guarded<T>(Func<T> operation)
    {
        try
        {
            return operation();
        }
        catch (MongoDbException failure) when (failure.Fault is Fault.Network && dial?.Objection.IsSome == true)
        {
            throw new MongoDbException(dial.Objection.Map(it => (Fault)new Fault.Forbidden(it)).IfNone(failure.Fault), failure.Message);
        }
    }

    private void Destroy()
    {
        Mongoc.ClientDestroy(client);
        dial?.Dispose();
        Mongoc.ReadPreferenceDestroy(primary);
    }
}
