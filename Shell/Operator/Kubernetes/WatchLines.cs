using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Kollect.Operator.Kubernetes;

/// <summary>
/// Reads the lines of a watch, one JSON object each, from network reads that may split a line anywhere. The package KubernetesClient (21.0.8) makes a string
/// of each line and parses it twice, without a limit or a timeout, and takes 410 for the end.
/// </summary>
/// <param name="stream">Disposed with this.</param>
/// <param name="silence">A connection without a byte for this long counts as dead.</param>
internal sealed class WatchLines(Stream stream, TimeSpan silence, TimeProvider time) : IAsyncDisposable
{
    /// <summary>16 MiB: an object has at most 1.5 MiB in etcd by default, and may be larger as JSON.</summary>
    internal const int MaxLine = 16 << 20;

    private readonly PipeReader reader = PipeReader.Create(stream, new StreamPipeReaderOptions(bufferSize: 32 << 10));

    /// <summary>Null = the server has closed the watch.</summary>
    /// <exception cref="ApiException">The watch failed: its version is gone, the connection broke, or no byte came in time.</exception>
    public async Task<WatchEvent?> NextAsync(CancellationToken cancel)
    {
        using var limit = new CancellationTokenSource(silence, time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel, limit.Token);
        try
        {
            var searched = 0L; // a long line arrives in many parts; none is searched twice
            while (true)
            {
                var read = await reader.ReadAsync(stop.Token);
                if (read.Buffer.Slice(searched).PositionOf((byte)'\n') is { } end)
                {
                    var line = read.Buffer.Slice(0, end);
                    var watchEvent = line.IsEmpty ? null : Parse(line);
                    reader.AdvanceTo(read.Buffer.GetPosition(1, end));
                    searched = 0;
                    if (watchEvent is not null)
                        return watchEvent;
                    continue;
                }

                searched = read.Buffer.Length;
                if (read.Buffer.Length > MaxLine)
                    throw new ApiException(ApiError.Malformed, FormattableString.Invariant($"a line of the watch is over {MaxLine >> 20} MiB"));
                reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
                if (read.IsCompleted)
                    return null; // the next watch repeats a line that was cut off
            }
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw new ApiException(ApiError.Unavailable, FormattableString.Invariant($"the watch was silent for {silence.TotalSeconds:0} s"));
        }
        catch (Exception broken) when (broken is IOException or HttpRequestException)
        {
            throw ApiErrors.Of(broken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await reader.CompleteAsync();
        await stream.DisposeAsync();
    }

    private static WatchEvent? Parse(ReadOnlySequence<byte> line)
    {
        try
        {
            using var document = JsonDocument.Parse(line, JsonDepth.Document);
            var (type, content) = (document.RootElement.GetProperty("type").GetString(), document.RootElement.GetProperty("object"));
            return type switch
            {
                "ADDED" or "MODIFIED" => new WatchEvent.Seen(Bytes(content)),
                "DELETED" => new WatchEvent.Deleted(Bytes(content)),
                "BOOKMARK" => content.GetProperty("metadata").GetProperty("resourceVersion").GetString() is { Length: > 0 } version
                    ? new WatchEvent.Bookmark(version)
                    : null,
                "ERROR" => throw ApiErrors.OfStatus(content),
                _ => null,
            };
        }
        catch (Exception damaged) when (damaged is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new ApiException(ApiError.Malformed, "a line of the watch is not an event", inner: damaged);
        }
    }

    private static byte[] Bytes(JsonElement content) => JsonMarshal.GetRawUtf8Value(content).ToArray();
}
