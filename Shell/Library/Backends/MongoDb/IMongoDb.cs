using Kollect.Core.Backends.MongoDb;
using Kollect.Core.Failures;

namespace Kollect.Shell.Backends.MongoDb;

/// <summary>
/// The operations of a MongoDB driver that an export needs, in BSON as on the wire. One operation at a time; reads go to the primary.
/// Disposing during an operation does not wait for it: the connection ends with the operation.
/// </summary>
internal interface IMongoDb : IDisposable
{
    /// <summary>Runs a command; gives its reply. A refusal is a <see cref="MongoDbException"/>.</summary>
    Task<byte[]> CommandAsync(string database, ReadOnlyMemory<byte> command, CancellationToken cancel);

    /// <summary>Hands every document that <paramref name="filter"/> finds to <paramref name="onDocument"/>, on another thread.</summary>
    Task FindAsync(Namespace collection, ReadOnlyMemory<byte> filter, ReadOnlyMemory<byte> options, DocumentHandler onDocument, CancellationToken cancel);

    /// <summary>Writes everything, in any order; gives the reply, also when the server refused some of it.</summary>
    Task<byte[]> WriteAsync(Namespace collection, WriteBatch batch, CancellationToken cancel);
}

/// <summary>The document is valid only during the call; false = stop the enumeration.</summary>
internal delegate bool DocumentHandler(ReadOnlySpan<byte> document);

/// <summary>The driver's error as a fault, which Core classifies.</summary>
internal sealed class MongoDbException(Fault fault, string message) : Exception(message)
{
    public Fault Fault { get; } = fault;
}
