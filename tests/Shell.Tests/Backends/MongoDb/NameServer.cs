using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Reflection;
using System.Text;
using DnsClient;
using MongoDB.Driver;

namespace Kollect.Shell.Tests.Backends.MongoDb;

/// <summary>
/// A name server (RFC 1035 over UDP; SRV records of RFC 2782) with the records that a test gives it. MongoDB.Driver asks the name servers of
/// the system: while this one runs it asks this one.
/// </summary>
internal sealed class NameServer : IAsyncDisposable
{
    private const ushort Txt = 16;
    private const ushort Srv = 33;

    private readonly UdpClient socket = new(new IPEndPoint(IPAddress.Loopback, 0));
    private readonly Dictionary<(string Name, ushort Type), byte[][]> records = [];
    private readonly Action restore;
    private readonly Task answering;

    public NameServer()
    {
        restore = DriverAsks(new LookupClient(new LookupClientOptions((IPEndPoint)socket.Client.LocalEndPoint!) { UseCache = false }));
        answering = AnswerAsync();
    }

    public NameServer With(string name, int port, params string[] targets)
    {
        records[($"_mongodb._tcp.{name}", Srv)] = [.. targets.Select(target => (byte[])[0, 0, 0, 0, (byte)(port >> 8), (byte)port, .. Labels(target)])];
        return this;
    }

    public NameServer WithText(string name, string text)
    {
        records[(name, Txt)] = [[(byte)text.Length, .. Encoding.ASCII.GetBytes(text)]];
        return this;
    }

    public async ValueTask DisposeAsync()
    {
        restore();
        socket.Dispose();
        await answering;
    }

    private static Action DriverAsks(LookupClient client)
    {
        var wrapper = typeof(MongoClient).Assembly.GetType("MongoDB.Driver.Core.Misc.DnsClientWrapper", throwOnError: true)!;
        var instance = wrapper.GetProperty("Instance", BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)!.GetValue(null);
        var lookup = wrapper.GetField("_lookupClient", BindingFlags.Instance | BindingFlags.NonPublic)!;
        var before = lookup.GetValue(instance);
        lookup.SetValue(instance, new Lazy<LookupClient>(client));
        return () => lookup.SetValue(instance, before);
    }

    private async Task AnswerAsync()
    {
        try
        {
            while (true)
            {
                var query = await socket.ReceiveAsync();
                await socket.SendAsync(Answer(query.Buffer), query.RemoteEndPoint);
            }
        }
        catch (Exception closed) when (closed is ObjectDisposedException or SocketException)
        {
            // The test is over.
        }
    }

    private byte[] Answer(byte[] query)
    {
        var (labels, at) = (new List<string>(), 12);
        for (; query[at] != 0; at += query[at] + 1)
            labels.Add(Encoding.ASCII.GetString(query, at + 1, query[at]));
        var question = query[12..(at + 5)];
        var type = BinaryPrimitives.ReadUInt16BigEndian(query.AsSpan(at + 1));
        var found = records.GetValueOrDefault((string.Join('.', labels).ToLowerInvariant(), type), []);
        return
        [
            query[0], query[1],
            0x81, (byte)(found.Length > 0 ? 0x80 : 0x83), // a response, recursion; code 3 = no such name
            0, 1, 0, (byte)found.Length, 0, 0, 0, 0,
            .. question,
            .. found.SelectMany(data => (byte[])[0xC0, 12, 0, (byte)type, 0, 1, 0, 0, 0, 60, (byte)(data.Length >> 8), (byte)data.Length, .. data]),
        ];
    }

    private static byte[] Labels(string name) =>
        [.. name.Split('.').SelectMany(label => (byte[])[(byte)label.Length, .. Encoding.ASCII.GetBytes(label)]), 0];
}
