using System.Buffers;
using Kollect.Core.Backends.MongoDb;

namespace Kollect.Shell.Backends.MongoDb.Native;

/// <summary>One bulk of writes in any order. The driver copies what it is given and splits what is too long for one message.</summary>
internal sealed unsafe class NativeBulk : IDisposable
{
    private readonly nint collection;
    private readonly nint bulk;
    private readonly NativeBson filter = new();
    private readonly NativeBson document = new();
    private readonly NativeBson upsert = new();
    private readonly MemoryHandle upsertMemory = BulkOptions.Upsert.Pin();

    public NativeBulk(nint client, Namespace target)
    {
        upsert.View((byte*)upsertMemory.Pointer, BulkOptions.Upsert.Length);
        using var unorderedMemory = BulkOptions.Unordered.Pin();
        using var unordered = new NativeBson();
        unordered.View((byte*)unorderedMemory.Pointer, BulkOptions.Unordered.Length);
        collection = Mongoc.ClientGetCollection(client, target.Database, target.Collection);
        bulk = Mongoc.BulkNew(collection, unordered.Pointer);
    }

    /// <summary>Both documents of <paramref name="write"/> lie in <paramref name="buffer"/>.</summary>
    public void Add(Write write, byte* buffer)
    {
        filter.View(buffer + write.Filter.Start, write.Filter.Length);
        if (write.Document.Length > 0)
            document.View(buffer + write.Document.Start, write.Document.Length);
        Mongoc.Error error;
        var added = write.Kind switch
        {
            WriteKind.Replace => Mongoc.BulkReplaceOne(bulk, filter.Pointer, document.Pointer, upsert.Pointer, out error),
            WriteKind.Merge => Mongoc.BulkUpdateOne(bulk, filter.Pointer, document.Pointer, upsert.Pointer, out error),
            WriteKind.Touch => Mongoc.BulkUpdateOne(bulk, filter.Pointer, document.Pointer, null, out error),
            WriteKind.DeleteOne => Mongoc.BulkRemoveOne(bulk, filter.Pointer, null, out error),
            _ => Mongoc.BulkRemoveMany(bulk, filter.Pointer, null, out error),
        };
        if (!added)
            throw Faults.Of(error, []);
    }

    /// <summary>The reply; writes that the server refused one by one stand in it.</summary>
    public byte[] Execute()
    {
        using var reply = new NativeBson();
        var server = Mongoc.BulkExecute(bulk, reply.Pointer, out var error);
        var answer = reply.ToArray();
        return server != 0 || BulkAnswer.Read(answer).RefusedOneByOne ? answer : throw Faults.Of(error, answer);
    }

    public void Dispose()
    {
        Mongoc.BulkDestroy(bulk);
        Mongoc.CollectionDestroy(collection);
        filter.Dispose();
        document.Dispose();
        upsert.Dispose();
        upsertMemory.Dispose();
    }
}
