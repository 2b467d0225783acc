using System.Buffers;

namespace Kollect.Operator.Kubernetes.Transport;

/// <summary>Reads the body of an answer, up to a limit.</summary>
internal static class AnswerBody
{
    /// <summary>256 MiB, a bound on memory. A page of 500 objects at the API server's own limit (1.5 MiB each) is larger, but is not expected.</summary>
    private const int MaxBytes = 256 << 20;

    /// <summary>Reads the whole body.</summary>
    /// <param name="read">Called once; the memory is used again afterwards.</param>
    public static async Task<T> ReadAsync<T>(HttpResponseMessage response, Func<ReadOnlyMemory<byte>, T> read, CancellationToken cancel)
    {
        var announced = Announced(response);
        await using var stream = await response.Content.ReadAsStreamAsync(cancel);
        var buffer = ArrayPool<byte>.Shared.Rent(Math.Max(announced + 1, 64 << 10));
        try
        {
            var filled = 0;
            while (await stream.ReadAsync(buffer.AsMemory(filled), cancel) is > 0 and var count)
            {
                filled += count;
                if (filled > MaxBytes)
                    throw ApiErrors.TooLarge(MaxBytes);
                if (filled == buffer.Length)
                    buffer = Doubled(buffer);
            }

            return read(buffer.AsMemory(0, filled));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Reads a page of a list, and the token of the next one; null = this is the last page.</summary>
    public static async Task<(ListPage Page, string? Next)> PageAsync(HttpResponseMessage response, CancellationToken cancel)
    {
        Announced(response);
        return await ListReader.ReadAsync(await response.Content.ReadAsStreamAsync(cancel), MaxBytes, cancel);
    }

    /// <summary>The announced length; 0 = none was announced.</summary>
    private static int Announced(HttpResponseMessage response) =>
        (response.Content.Headers.ContentLength ?? 0) is var announced and <= MaxBytes ? (int)announced : throw ApiErrors.TooLarge(MaxBytes);

    private static byte[] Doubled(byte[] buffer)
    {
        var larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
        buffer.CopyTo(larger.AsSpan());
        ArrayPool<byte>.Shared.Return(buffer);
        return larger;
    }
}
