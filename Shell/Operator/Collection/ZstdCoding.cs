using System.Buffers;
using Kollect.Core.Collection;
using ZstdSharp;

namespace Kollect.Operator.Collection;

/// <summary>
/// Zstandard with a few items of the same target as the dictionary. Objects of one kind have most of their text in common: pods and deployments of 1.9 kB take
/// some 200 bytes (without a dictionary 860, with Brotli 900), in about 4 µs for encoding and 1 µs for decoding.
/// </summary>
internal sealed class ZstdCoding : IItemCoding
{
    /// <summary>More of it gains little: 8 kB to 16 kB of samples differ by 5 % of the result.</summary>
    private const int DictionaryBytes = 16 << 10;

    private const int SampleBytes = 4 << 10;
    private const int Level = 1;

    // Neither may be used by two threads at once. They free their memory when they are collected, which is after the last item.
    private readonly Compressor compressor = new(Level);
    private readonly Decompressor decompressor = new();

    /// <param name="samples">Items of the target; the first ones are used.</param>
    public ZstdCoding(IEnumerable<CollectedItem> samples)
    {
        var dictionary = new MemoryStream();
        foreach (var json in samples.Select(item => item.Json).TakeWhile(_ => dictionary.Length < DictionaryBytes))
            dictionary.Write(json.Span[..Math.Min(json.Length, SampleBytes)]);
        compressor.LoadDictionary(dictionary.ToArray());
        decompressor.LoadDictionary(dictionary.ToArray());
    }

    /// <inheritdoc/>
    public byte[] Encode(ReadOnlySpan<byte> json)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(Compressor.GetCompressBound(json.Length));
        try
        {
            lock (compressor)
                return buffer[..compressor.Wrap(json, buffer)];
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <inheritdoc/>
    public byte[] Decode(ReadOnlySpan<byte> encoded)
    {
        var json = new byte[Decompressor.GetDecompressedSize(encoded)];
        lock (decompressor)
            decompressor.Unwrap(encoded, json);
        return json;
    }
}
