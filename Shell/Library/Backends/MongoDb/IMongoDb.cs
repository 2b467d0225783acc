using Kollect.Core.Backends.MongoDb;
using Kollect.Core.Failures;

namespace Kollect.Shell.Backends.MongoDb;

/// <summary>
/// What an export needs of a MongoDB driver, in BSON as it goes over the wire. One operation at a time; reads go to the primary.
/// Disposing while one is still under way waits for nobody: the connection ends with it.
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

/// <summary>Sees a document only during the call; false = no more of them.</summary>
internal delegate bool DocumentHandler(ReadOnlySpan<byte> document);

/// <summary>The driver's error as plain facts; Core says what it means.</summary>
internal sealed class MongoDbException(Fault fault, string message) : Exception(message)
{
    public Fault Fault { get; } = fault;
}
