using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Kollect.Shell.Kubernetes;

/// <summary>The lines of a watch, one JSON object each, split anywhere by the network.</summary>
/// <param name="stream">Disposed with this.</param>
/// <param name="silence">A connection that says nothing for so long is taken for dead.</param>
/// <param name="time">For that.</param>
internal sealed class WatchLines(Stream stream, TimeSpan silence, TimeProvider time) : IAsyncDisposable
{
    /// <summary>Objects are at most 1.5 MiB in etcd by default; as JSON with managedFields they may grow.</summary>
    internal const int MaxLine = 16 << 20;

    private readonly PipeReader reader = PipeReader.Create(stream, new StreamPipeReaderOptions(bufferSize: 32 << 10));

    /// <summary>Null = the server has closed the watch.</summary>
    /// <exception cref="KubernetesException">The watch is over: gone, broken or silent.</exception>
    public async Task<WatchEvent?> NextAsync(CancellationToken cancel)
    {
        using var limit = new CancellationTokenSource(silence, time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel, limit.Token);
        try
        {
            var searched = 0L; // a long line comes in many parts: none is searched twice
            while (true)
            {
                var read = await reader.ReadAsync(stop.Token);
                if (read.Buffer.Slice(searched).PositionOf((byte)'\n') is { } end)
                {
                    var line = read.Buffer.Slice(0, end);
                    var happening = line.IsEmpty ? null : Parse(line);
                    reader.AdvanceTo(read.Buffer.GetPosition(1, end));
                    searched = 0;
                    if (happening is not null)
                        return happening;
                    continue;
                }

                searched = read.Buffer.Length;
                if (read.Buffer.Length > MaxLine)
                    throw new KubernetesException(ApiError.Malformed, string.Create(CultureInfo.InvariantCulture, $"a line of the watch is over {MaxLine >> 20} MiB"));
                reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
                if (read.IsCompleted)
                    return null; // a line that was cut off will be told again by the next watch
            }
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw new KubernetesException(ApiError.Unavailable, FormattableString.Invariant($"the watch was silent for {silence.TotalSeconds:0} s"));
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
                "BOOKMARK" => content.GetProperty("metadata").GetProperty("resourceVersion").GetString() is { Length: > 0 } version ? new WatchEvent.Bookmark(version) : null,
                "ERROR" => throw ApiErrors.OfStatus(content),
                _ => null,
            };
        }
        catch (Exception damaged) when (damaged is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new KubernetesException(ApiError.Malformed, "a line of the watch is no event", inner: damaged);
        }
    }

    private static byte[] Bytes(JsonElement content) => JsonMarshal.GetRawUtf8Value(content).ToArray();
}
