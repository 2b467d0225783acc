using System.Buffers.Binary;
using MongoDB.Bson;
using MongoDB.Bson.Serialization;

namespace Kollect.Shell.Tests.Backends.Hostile;

/// <summary>The server's side of MongoDB's protocol (MongoDB manual, "MongoDB Wire Protocol"): OP_MSG, and OP_QUERY for the first message.</summary>
internal static class MongoDbMessages
{
    private const int Reply = 1, Query = 2004, Message = 2013;

    /// <summary>A request of a client.</summary>
    public sealed record Request(int Id, int Opcode, BsonDocument Document)
    {
        public string Command => Document.GetElement(0).Name;
    }

    public static async Task<Request> ReadAsync(Stream stream, CancellationToken cancel)
    {
        var header = new byte[16];
        await stream.ReadExactlyAsync(header, cancel);
        var body = new byte[BinaryPrimitives.ReadInt32LittleEndian(header) - header.Length];
        await stream.ReadExactlyAsync(body, cancel);
        var opcode = BinaryPrimitives.ReadInt32LittleEndian(header.AsSpan(12));
        // OP_MSG: flags, kind 0, document. OP_QUERY: flags, name and zero, two numbers, document.
        var at = opcode == Query ? System.Array.IndexOf(body, (byte)0, 4) + 9 : 5;
        return new Request(BinaryPrimitives.ReadInt32LittleEndian(header.AsSpan(4)), opcode, BsonSerializer.Deserialize<BsonDocument>(body[at..]));
    }

    /// <summary>The answer to a request, in the form that it asks for.</summary>
    public static byte[] Answer(Request to, BsonDocument document)
    {
        var bson = document.ToBson();
        byte[] body = to.Opcode == Query
            ? [.. Int32(8), .. new byte[12], .. Int32(1), .. bson] // AwaitCapable; no cursor; one document
            : [.. Int32(0), 0, .. bson];
        return [.. Header(to, body.Length, to.Opcode == Query ? Reply : Message), .. body];
    }

    /// <summary>The header of an answer, without its body.</summary>
    public static byte[] Header(Request to, int bodyBytes, int opcode = Message) =>
        [.. Int32(bodyBytes + 16), .. Int32(1), .. Int32(to.Id), .. Int32(opcode)];

    /// <summary>What a server says of itself; without a replica set unless <paramref name="more"/> says so.</summary>
    public static BsonDocument Hello(BsonDocument? more = null) => new BsonDocument
    {
        { "helloOk", true },
        { "ismaster", true },
        { "isWritablePrimary", true },
        { "maxBsonObjectSize", 16 << 20 },
        { "maxMessageSizeBytes", 48_000_000 },
        { "maxWriteBatchSize", 100_000 },
        { "localTime", DateTime.UnixEpoch },
        { "minWireVersion", 0 },
        { "maxWireVersion", 21 },
        { "readOnly", false },
        { "ok", 1.0 },
    }.Merge(more ?? [], overwriteExistingElements: true);

    public static byte[] Int32(int value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
        return bytes;
    }
}
