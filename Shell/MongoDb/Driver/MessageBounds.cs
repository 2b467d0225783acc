using System.Buffers.Binary;
using System.Globalization;
using System.Text.RegularExpressions;
using Kollect.Shell.Backends.Dial;

namespace Kollect.MongoDb.Driver;

/// <summary>
/// Follows the messages in a server's bytes, in pieces of any size (MongoDB manual, "MongoDB Wire Protocol"). A message is judged by the
/// length that its header states, and the messages of a login by the rounds of hashing that they ask for.
/// </summary>
/// <param name="unpacks">Compressed messages are allowed.</param>
internal sealed partial class MessageBounds(ServerConnections bounds, bool unpacks)
{
    private const int LengthBytes = 4, OpcodeAt = 12, HeaderBytes = 16;
    private const int Compressed = 2012;

    /// <summary>A message of a login is shorter.</summary>
    private const int MostLoginBytes = 4_096;

    /// <summary>MongoDB's default is 15,000 (<c>scramSHA256IterationCount</c>). So many take about a second of processor time.</summary>
    private const int MostRounds = 2_000_000;

    private readonly byte[] start = new byte[MostLoginBytes];
    private int length;
    private int followed;
    private long left;

    /// <summary>A request is sent: what comes until the next one is the answer to it.</summary>
    public void Ask() => left = bounds.Allowed;

    /// <exception cref="AnswerTooLargeException">Nothing of the piece may be passed on.</exception>
    public void Follow(ReadOnlySpan<byte> piece)
    {
        while (!piece.IsEmpty)
        {
            var upTo = followed < LengthBytes ? LengthBytes : followed < HeaderBytes ? Math.Min(HeaderBytes, length) : length;
            var bytes = Math.Min(upTo - followed, piece.Length);
            if (followed < start.Length)
                piece[..Math.Min(bytes, start.Length - followed)].CopyTo(start.AsSpan(followed));
            followed += bytes;
            piece = piece[bytes..];
            Judge();
        }
    }

    private void Judge()
    {
        if (followed == LengthBytes)
        {
            length = BinaryPrimitives.ReadInt32LittleEndian(start);
            if (length < HeaderBytes)
                throw new IOException("the message is not one of MongoDB's protocol");
            if ((left -= length) < 0)
                bounds.Exceed(bounds.Allowed);
        }
        else if (followed == HeaderBytes && !unpacks && BinaryPrimitives.ReadInt32LittleEndian(start.AsSpan(OpcodeAt)) == Compressed)
        {
            throw new IOException("the server compresses although nobody asked it to");
        }

        if (followed < HeaderBytes || followed < length)
            return;
        if (length <= MostLoginBytes && Rounds().Match(System.Text.Encoding.Latin1.GetString(start, 0, length)) is { Success: true } asked
            && long.Parse(asked.Groups[1].ValueSpan, CultureInfo.InvariantCulture) > MostRounds)
            throw new IOException("the server asks for too many rounds of hashing");
        followed = 0;
    }

    // SCRAM's first message of a server: r=<nonce>,s=<salt>,i=<rounds>
    [GeneratedRegex(@"r=[^,]+,s=[A-Za-z0-9+/=]+,i=([0-9]{1,18})")]
    private static partial Regex Rounds();
}
