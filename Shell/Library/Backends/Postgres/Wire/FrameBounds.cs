using Kollect.Shell.Backends.Dial;

namespace Kollect.Shell.Backends.Postgres.Wire;

/// <summary>
/// Follows the messages in a server's bytes, in pieces of any size. A message is judged by the length that it states, before the driver
/// sees that: it would take the memory for it at once.
/// </summary>
internal sealed class FrameBounds(ServerConnections bounds)
{
    private const byte ParameterStatus = (byte)'S';

    /// <summary>For all parameters that a server reports on one connection: the driver keeps them.</summary>
    private const long MostParameterBytes = 256 << 10;

    private readonly byte[] header = new byte[Frame.HeaderBytes];
    private int inHeader;
    private long inMessage;
    private long parameters;

    /// <exception cref="AnswerTooLargeException">A message or the answer is too large; nothing of the piece may be passed on.</exception>
    public void Follow(ReadOnlySpan<byte> piece)
    {
        while (!piece.IsEmpty)
            piece = inMessage > 0 ? Skip(piece) : ReadHeader(piece);
    }

    private ReadOnlySpan<byte> Skip(ReadOnlySpan<byte> piece)
    {
        var bytes = (int)Math.Min(inMessage, piece.Length);
        inMessage -= bytes;
        return piece[bytes..];
    }

    private ReadOnlySpan<byte> ReadHeader(ReadOnlySpan<byte> piece)
    {
        var bytes = Math.Min(Frame.HeaderBytes - inHeader, piece.Length);
        piece[..bytes].CopyTo(header.AsSpan(inHeader));
        inHeader += bytes;
        if (inHeader == Frame.HeaderBytes)
            Judge(Frames.Length(header));
        return piece[bytes..];
    }

    private void Judge(long message)
    {
        (inHeader, inMessage) = (0, message - Frame.HeaderBytes);
        switch (header[0])
        {
            case Frame.Notice:
                bounds.TakeNotice(message);
                break;
            case ParameterStatus when (parameters += message) > MostParameterBytes:
                bounds.Exceed(MostParameterBytes);
                break;
            default:
                bounds.Take(message);
                break;
        }
    }
}
