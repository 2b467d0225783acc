using System.Buffers.Binary;
using System.Text;

namespace Kollect.Shell.Tests.Backends.Hostile;

/// <summary>The server's side of PostgreSQL's protocol 3 (PostgreSQL manual, "Frontend/Backend Protocol", "Message Formats").</summary>
internal static class PostgresMessages
{
    private const int SslRequest = 80877103, CancelRequest = 80877102;

    public static byte[] AuthenticationOk { get; } = Message('R', Int32(0));

    public static byte[] ClearTextPassword { get; } = Message('R', Int32(3));

    public static byte[] Md5Password { get; } = Message('R', [.. Int32(5), 1, 2, 3, 4]);

    public static byte[] Sasl { get; } = Message('R', [.. Int32(10), .. Text("SCRAM-SHA-256"), 0]);

    /// <summary>Transaction status: idle.</summary>
    public static byte[] ReadyForQuery { get; } = Message('Z', "I"u8);

    /// <summary>Parameters and the key of a session, and that it is ready.</summary>
    public static byte[] LoggedIn { get; } =
    [
        .. AuthenticationOk,
        .. Parameter("server_version", "16.4"),
        .. Parameter("server_encoding", "UTF8"),
        .. Parameter("client_encoding", "UTF8"),
        .. Parameter("integer_datetimes", "on"),
        .. Parameter("standard_conforming_strings", "on"),
        .. Parameter("DateStyle", "ISO, MDY"),
        .. Parameter("TimeZone", "UTC"),
        .. Message('K', [.. Int32(1), .. Int32(2)]),
        .. ReadyForQuery,
    ];

    public static byte[] Notice(string text) => Message('N', Fields("NOTICE", "00000", text));

    public static byte[] Error(string code, string text) => Message('E', Fields("FATAL", code, text));

    public static byte[] Parameter(string name, string value) => Message('S', [.. Text(name), .. Text(value)]);

    /// <summary>A row of one text.</summary>
    public static byte[] Row(string text) => Message('D', [0, 1, .. Int32(Encoding.UTF8.GetByteCount(text)), .. Encoding.UTF8.GetBytes(text)]);

    /// <summary>The letter and the length of a message, without its body.</summary>
    public static byte[] Header(char type, int bodyBytes) => [(byte)type, .. Int32(bodyBytes + 4)];

    public static byte[] Message(char type, ReadOnlySpan<byte> body) => [.. Header(type, body.Length), .. body];

    public static byte[] Int32(int value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        return bytes;
    }

    /// <summary>Refuses TLS, and reads a login; a request to cancel a statement ends the connection.</summary>
    public static async Task ReadStartupAsync(Stream stream, CancellationToken cancel)
    {
        while (true)
        {
            var head = await ReadAsync(stream, 8, cancel);
            var (length, code) = (BinaryPrimitives.ReadInt32BigEndian(head), BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(4)));
            await ReadAsync(stream, length - 8, cancel);
            switch (code)
            {
                case SslRequest:
                    await stream.WriteAsync("N"u8.ToArray(), cancel);
                    break;
                case CancelRequest:
                    throw new EndOfStreamException();
                default:
                    return;
            }
        }
    }

    /// <summary>A message of the client: its letter and its body.</summary>
    public static async Task<(char Type, byte[] Body)> ReadMessageAsync(Stream stream, CancellationToken cancel)
    {
        var head = await ReadAsync(stream, 5, cancel);
        return ((char)head[0], await ReadAsync(stream, BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(1)) - 4, cancel));
    }

    private static async Task<byte[]> ReadAsync(Stream stream, int count, CancellationToken cancel)
    {
        var bytes = new byte[count];
        await stream.ReadExactlyAsync(bytes, cancel);
        return bytes;
    }

    private static byte[] Fields(string severity, string code, string text) =>
        [(byte)'S', .. Text(severity), (byte)'V', .. Text(severity), (byte)'C', .. Text(code), (byte)'M', .. Text(text), 0];

    private static byte[] Text(string text) => [.. Encoding.UTF8.GetBytes(text), 0];
}
