using System.Buffers.Binary;
using Kollect.Shell.Backends.Dial;

namespace Kollect.Shell.Backends.Postgres.Wire;

/// <summary>A message of the server: a letter, its length with these four bytes, and its body.</summary>
/// <param name="Type">See "Message Formats" in the PostgreSQL manual.</param>
/// <param name="Bytes">The whole message.</param>
internal sealed record Frame(byte Type, byte[] Bytes)
{
    public const int HeaderBytes = 5;
    public const byte Authentication = (byte)'R';
    public const byte Notice = (byte)'N';

    public ReadOnlyMemory<byte> Body => Bytes.AsMemory(HeaderBytes);
}

/// <summary>Messages of PostgreSQL's protocol 3 (PostgreSQL manual, "Message Formats").</summary>
internal static class Frames
{
    private const int CancelRequestCode = 80877102;

    /// <summary>The first message of a client: a login is at most 10,000 bytes (MAX_STARTUP_PACKET_LENGTH, pqcomm.h).</summary>
    private const int MostStartupBytes = 10_000;

    /// <summary>SSLRequest.</summary>
    public static byte[] TlsRequest { get; } = [0, 0, 0, 8, 4, 210, 22, 47];

    /// <summary>Reads the first message of a client, which has no letter.</summary>
    public static async Task<byte[]> ReadStartupAsync(Stream from, CancellationToken cancel)
    {
        var length = new byte[4];
        await from.ReadExactlyAsync(length, cancel);
        var bytes = BinaryPrimitives.ReadInt32BigEndian(length);
        if (bytes is < 8 or > MostStartupBytes)
            throw new IOException("the first message is not one of PostgreSQL's protocol");
        var message = new byte[bytes];
        length.CopyTo(message, 0);
        await from.ReadExactlyAsync(message.AsMemory(4), cancel);
        return message;
    }

    public static bool IsCancelRequest(byte[] startup) => BinaryPrimitives.ReadInt32BigEndian(startup.AsSpan(4)) == CancelRequestCode;

    /// <summary>Reads a message of the server during the login.</summary>
    public static async Task<Frame> ReadAsync(Stream from, ServerConnections bounds, CancellationToken cancel)
    {
        var header = new byte[Frame.HeaderBytes];
        await from.ReadExactlyAsync(header, cancel);
        var bytes = Length(header);
        bounds.Take(bytes);
        var message = new byte[bytes];
        header.CopyTo(message, 0);
        await from.ReadExactlyAsync(message.AsMemory(Frame.HeaderBytes), cancel);
        return new Frame(header[0], message);
    }

    /// <summary>A message of the client.</summary>
    public static byte[] Message(byte type, ReadOnlySpan<byte> body)
    {
        var message = new byte[Frame.HeaderBytes + body.Length];
        message[0] = type;
        BinaryPrimitives.WriteInt32BigEndian(message.AsSpan(1), 4 + body.Length);
        body.CopyTo(message.AsSpan(Frame.HeaderBytes));
        return message;
    }

    /// <summary>The length of a message with its letter, from its first five bytes.</summary>
    public static long Length(ReadOnlySpan<byte> header)
    {
        var bytes = BinaryPrimitives.ReadInt32BigEndian(header[1..]);
        return bytes >= 4 ? bytes + 1L : throw new IOException("the message is not one of PostgreSQL's protocol");
    }
}
