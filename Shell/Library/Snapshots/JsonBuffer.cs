using System.Globalization;
using System.Text.Json;

namespace Kollect.Shell.Snapshots;

/// <summary>
/// A sliding buffer over a stream of JSON: holds at least the current value, at most <see cref="MaxValueBytes"/>. Errors carry the line and
/// byte of the input.
/// </summary>
internal sealed class JsonBuffer(Stream stream)
{
    /// <summary>Largest single value, 64 MiB: an object of Kubernetes has at most about 1.5 MiB (etcd's request limit).</summary>
    public const int MaxValueBytes = 64 << 20;

    private static readonly JsonReaderOptions Options = new() { MaxDepth = int.MaxValue, AllowMultipleValues = true };

    private byte[] bytes = new byte[256 << 10];
    private int start;
    private int end;
    private bool atEnd;
    private JsonReaderState state = new(Options);

    /// <summary>The unread part of the buffer.</summary>
    public ReadOnlySpan<byte> Unread => bytes.AsSpan(start, end - start);

    /// <summary>A part of <see cref="Unread"/>.</summary>
    public ReadOnlyMemory<byte> Slice(int from, int length) => bytes.AsMemory(start + from, length);

    /// <summary>A reader over the buffer that continues where the last one stopped.</summary>
    public Utf8JsonReader Reader() => new(Unread, atEnd, state);

    /// <summary>Releases the bytes that <paramref name="reader"/> has consumed.</summary>
    public void Advance(in Utf8JsonReader reader)
    {
        start += (int)reader.BytesConsumed;
        state = reader.CurrentState;
    }

    /// <summary>Skips bytes that are not JSON: a byte order mark.</summary>
    public void Skip(int count) => start += count;

    /// <summary>Reads more of the stream into the buffer; false = the stream has ended.</summary>
    public async ValueTask<bool> FillAsync(CancellationToken cancel)
    {
        if (atEnd)
            return false;
        MakeRoom();
        // At least as much as the buffer holds already, so that a large value that arrives in small pieces is not parsed again for each piece.
        var enough = Math.Min(bytes.Length - end, Math.Max(64 << 10, end - start));
        // A terminal or pipe does not observe a cancellation while it waits: then the read is abandoned together with its buffer.
        var read = await stream.ReadAtLeastAsync(bytes.AsMemory(end), enough, throwOnEndOfStream: false, cancel).AsTask().WaitAsync(cancel);
        end += read;
        atEnd = read == 0;
        return !atEnd;
    }

    /// <summary>The exception for malformed text, with its position and a remedy.</summary>
    public SnapshotException Malformed(JsonException cause)
    {
        var (line, position) = ((cause.LineNumber ?? 0) + 1, (cause.BytePositionInLine ?? 0) + 1);
        return new SnapshotException(string.Create(
            CultureInfo.InvariantCulture,
            $"input: line {line:D}, byte {position:D} of it: {Reason(cause)} — nothing was written; is the input complete?"));
    }

    private void MakeRoom()
    {
        if (start > 0)
        {
            Unread.CopyTo(bytes);
            (start, end) = (0, end - start);
        }

        if (end < bytes.Length)
            return;
        if (bytes.Length >= MaxValueBytes)
            throw new SnapshotException(
                $"input: one value is larger than {MaxValueBytes >> 20} MiB — nothing was written; leave that object out of the snapshot");
        System.Array.Resize(ref bytes, bytes.Length * 2);
    }

    // The reader's message ends with another position, counted from 0.
    private static string Reason(JsonException cause)
    {
        var position = cause.Message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return (position < 0 ? cause.Message : cause.Message[..position]).TrimEnd('.').Replace('\n', ' ').Replace('\r', ' ');
    }
}
