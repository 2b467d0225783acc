using Kollect.Core.Backends.MongoDb.Bson;

namespace Kollect.Core.Backends.MongoDb;

/// <summary>The effect of a write on the document that its filter finds.</summary>
internal enum WriteKind
{
    /// <summary>Replaces it, or inserts the new one when there is none.</summary>
    Replace,

    /// <summary>Runs a pipeline over it, or over nothing when there is none.</summary>
    Merge,

    /// <summary>Inserts a new one; there is no filter. Refused where one of its identity is there.</summary>
    Insert,

    /// <summary>Updates it when it is there.</summary>
    Touch,

    /// <summary>Deletes it.</summary>
    DeleteOne,

    /// <summary>Deletes all that are found.</summary>
    DeleteMany,
}

/// <summary>The position of a document in the buffer of its batch; length 0 = there is none.</summary>
internal readonly record struct Piece(int Start, int Length);

/// <summary>One write of a batch.</summary>
internal readonly record struct Write(WriteKind Kind, Piece Filter, Piece Document);

/// <summary>Writes of one request, carried out in any order: no two of them may touch the same document.</summary>
/// <param name="capacity">Bytes to begin with; it grows as needed.</param>
internal sealed class WriteBatch(int capacity = 1024)
{
    /// <summary>
    /// A batch is sent once it holds this many bytes: within the 16 MiB of one document, so that no server or driver has to hold
    /// much of it, and enough that a round trip does not matter.
    /// </summary>
    public const int EnoughBytes = 1 << 20;

    /// <summary>Or this many writes; a server takes 100,000 (<c>maxWriteBatchSize</c>).</summary>
    public const int EnoughWrites = 10_000;

    private readonly BsonWriter writer = new(capacity);
    private readonly List<Write> writes = [];

    /// <summary>All documents.</summary>
    public ReadOnlyMemory<byte> Buffer => writer.Written;

    /// <summary>In the order of their indexes in the server's answer.</summary>
    public IReadOnlyList<Write> Writes => writes;

    /// <summary>True when the batch is full and has to be sent.</summary>
    public bool IsFull => writer.Length >= EnoughBytes || writes.Count >= EnoughWrites;

    /// <summary>Lays the documents of a write into the buffer; it is not among the writes yet.</summary>
    /// <param name="filter">Writes one document.</param>
    /// <param name="document">Writes one document or pipeline; null = the kind has none.</param>
    public Write Make(WriteKind kind, Action<BsonWriter> filter, Action<BsonWriter>? document = null) => Make(
        kind, (filter, document), static (to, it) => it.filter(to), document is null ? null : static (to, it) => it.document!(to));

    /// <summary>The same without a closure for each of many writes.</summary>
    /// <param name="state">Handed to both.</param>
    /// <param name="filter">Writes one document.</param>
    /// <param name="document">Writes one document or pipeline; null = the kind has none.</param>
    public Write Make<T>(WriteKind kind, T state, Action<BsonWriter, T> filter, Action<BsonWriter, T>? document)
    {
        var start = writer.Length;
        filter(writer, state);
        var middle = writer.Length;
        document?.Invoke(writer, state);
        return new Write(kind, new Piece(start, middle - start), document is null ? default : new Piece(middle, writer.Length - middle));
    }

    /// <summary>Adds a write of this batch; gives its index.</summary>
    public int Add(Write write)
    {
        writes.Add(write);
        return writes.Count - 1;
    }

    /// <summary>Takes writes out of the batch; their documents stay in the buffer.</summary>
    /// <param name="indexes">In ascending order.</param>
    public void Remove(IReadOnlyList<int> indexes)
    {
        var (kept, removed) = (0, 0);
        for (var index = 0; index < writes.Count; index++)
            if (removed < indexes.Count && indexes[removed] == index)
                removed++;
            else
                writes[kept++] = writes[index];
        writes.RemoveRange(kept, writes.Count - kept);
    }

    /// <summary>Adds the write of another batch once more.</summary>
    public void AddFrom(WriteBatch from, int index)
    {
        var write = from.writes[index];
        writes.Add(new Write(write.Kind, Copy(from, write.Filter), Copy(from, write.Document)));
    }

    /// <summary>Holds exactly these writes from now on; gives the space for their documents, to be filled by the caller.</summary>
    /// <param name="all">Writes of a batch that was put aside.</param>
    /// <param name="documentBytes">Length of its buffer.</param>
    public Span<byte> Load(ReadOnlySpan<Write> all, int documentBytes)
    {
        Clear();
        writes.AddRange(all);
        return writer.Space(documentBytes);
    }

    /// <summary>Empty again, with the memory it has.</summary>
    public void Clear()
    {
        writer.Clear();
        writes.Clear();
    }

    private Piece Copy(WriteBatch from, Piece piece)
    {
        var start = writer.Length;
        writer.Elements(from.Buffer.Span.Slice(piece.Start, piece.Length));
        return new Piece(start, piece.Length);
    }
}
