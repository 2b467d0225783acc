using System.Text;
using MongoDB.Bson;
using static Kollect.Shell.Tests.Backends.Hostile.MongoDbMessages;

namespace Kollect.Shell.Tests.Backends.Hostile;

/// <summary>What a MongoDB server may do to whoever connects to it.</summary>
internal static class MongoDbAttacks
{
    private static readonly byte[] Zeros = new byte[64 << 10];

    /// <summary>The name of each, the connection string of its victim before and after the address, and what it does.</summary>
    public static (string Name, string Uri, Func<Stream, CancellationToken, Task> Serve)[] All { get; } =
    [
        ("one byte every 0.2 s", "?", async (stream, cancel) => await TrickleAsync(stream, Header(await ReadAsync(stream, cancel), 10_000), cancel)),
        ("one byte every 0.2 s after the connection", "?", AfterHello(async (stream, request, cancel) =>
            await TrickleAsync(stream, Header(request, 10_000), cancel))),
        ("silence after the connection", "?", AfterHello((stream, _, cancel) => HostileListener.UntilClosedAsync(stream, cancel))),
        ("a reply of 40 MB", "?", AfterHello((stream, request, cancel) => SendHugeAsync(stream, request, 40_000_000, cancel))),
        ("a first reply of 40 MB", "?", async (stream, cancel) => await SendHugeAsync(stream, await ReadAsync(stream, cancel), 40_000_000, cancel)),
        ("a reply of 2 GB that never ends", "?", AfterHello((stream, request, cancel) => SendHugeAsync(stream, request, int.MaxValue - 64, cancel))),
        ("replies to nobody", "?", AfterHello(async (stream, request, cancel) =>
        {
            var many = Enumerable.Repeat(Answer(request with { Id = 999_999 }, new BsonDocument("ok", 1.0)), 1_000).SelectMany(it => it).ToArray();
            while (true)
                await stream.WriteAsync(many, cancel);
        })),
        ("a compressed reply that nobody asked for", "?", AfterHello((stream, request, cancel) => stream.WriteAsync(
            (byte[])[.. Header(request, 9, opcode: 2012), .. Int32(2013), .. Int32(1 << 30), 2], cancel).AsTask())),
        ("members at forbidden addresses", "?replicaSet=rs0", Always(Hello(new BsonDocument
        {
            { "setName", "rs0" },
            { "setVersion", 1 },
            { "ismaster", false },
            { "isWritablePrimary", false },
            { "secondary", true },
            { "hosts", new BsonArray { "169.254.169.254:80", "metadata.google.internal:80" } },
        }))),
        ("asks for 2 billion rounds of hashing", "user:of-secret@?authMechanism=SCRAM-SHA-256", AfterHello(async (stream, request, cancel) =>
        {
            var first = Encoding.UTF8.GetString(request.Document["payload"].AsByteArray);
            var nonce = first[(first.IndexOf("r=", StringComparison.Ordinal) + 2)..];
            var payload = Encoding.UTF8.GetBytes($"r={nonce}more,s=c2FsdHNhbHRzYWx0c2FsdHNhbHRzYWx0,i=2147483647");
            await stream.WriteAsync(
                Answer(request, new BsonDocument { { "conversationId", 1 }, { "done", false }, { "payload", payload }, { "ok", 1.0 } }), cancel);
            await HostileListener.UntilClosedAsync(stream, cancel);
        })),
    ];

    /// <summary>Answers as a server does until it is asked to log somebody in, or who is logged in.</summary>
    private static Func<Stream, CancellationToken, Task> AfterHello(Func<Stream, Request, CancellationToken, Task> serve) => async (stream, cancel) =>
    {
        var version = new BsonDocument { { "version", "8.0.0" }, { "versionArray", new BsonArray { 8, 0, 0, 0 } } };
        Request request;
        while ((request = await ReadAsync(stream, cancel)).Command is not ("saslStart" or "connectionStatus"))
            await stream.WriteAsync(Answer(request, Hello(version)), cancel);
        await serve(stream, request, cancel);
    };

    private static Func<Stream, CancellationToken, Task> Always(BsonDocument hello) => async (stream, cancel) =>
    {
        while (true)
            await stream.WriteAsync(Answer(await ReadAsync(stream, cancel), hello), cancel);
    };

    private static async Task TrickleAsync(Stream stream, byte[] bytes, CancellationToken cancel)
    {
        for (var i = 0; ; i++)
        {
            await stream.WriteAsync(i < bytes.Length ? bytes.AsMemory(i, 1) : Zeros.AsMemory(0, 1), cancel);
            await Task.Delay(200, cancel);
        }
    }

    private static async Task SendHugeAsync(Stream stream, Request to, int bodyBytes, CancellationToken cancel)
    {
        await stream.WriteAsync(Header(to, bodyBytes), cancel);
        for (long sent = 0; sent < bodyBytes; sent += Zeros.Length)
            await stream.WriteAsync(Zeros, cancel);
        await HostileListener.UntilClosedAsync(stream, cancel);
    }
}
