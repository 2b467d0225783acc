using Kollect.Core.Backends.MongoDb;
using Kollect.Core.Failures;

namespace Kollect.MongoDb;

/// <summary>
/// The operations of a MongoDB driver that an export needs, in BSON as on the wire; reads go to the primary. Any error of the server, the
/// network or the driver is a <see cref="MongoDbException"/>.
/// </summary>
internal interface IMongoDb : IDisposable
{
    /// <summary>Runs a command; gives its reply.</summary>
    Task<byte[]> CommandAsync(string database, ReadOnlyMemory<byte> command, CancellationToken cancel);

    /// <summary>Hands every document that <paramref name="filter"/> finds to <paramref name="onDocument"/>.</summary>
    Task FindAsync(Namespace collection, ReadOnlyMemory<byte> filter, Projection projection, DocumentHandler onDocument, CancellationToken cancel);

    /// <summary>Writes everything, in any order; also gives an answer when the server refused some of the writes.</summary>
    Task<BulkAnswer> WriteAsync(Namespace collection, WriteBatch batch, CancellationToken cancel);
}

/// <summary>The document is valid only during the call; false = stop the enumeration.</summary>
internal delegate bool DocumentHandler(ReadOnlySpan<byte> document);

/// <summary>The driver's error as a fault, which Core classifies.</summary>
internal sealed class MongoDbException(Fault fault, string message, Exception? cause = null) : Exception(message, cause)
{
    public Fault Fault { get; } = fault;
}
