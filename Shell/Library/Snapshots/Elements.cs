using System.Security.Cryptography;
using System.Text.Json;
using Kollect.Core.Snapshots;

namespace Kollect.Shell.Snapshots;

/// <summary>The elements of NDJSON, or a single object: a sequence of values up to the end.</summary>
internal sealed class LineElements : IElements
{
    public Next TryRead(JsonBuffer buffer, out ReadOnlyMemory<byte> element)
    {
        element = default;
        var reader = buffer.Reader();
        return reader.Read()
            ? ElementReading.Take(buffer, ref reader, out element)
            : reader.IsFinalBlock ? Next.End : Next.NeedMore;
    }
}

/// <summary>The elements of a JSON array; only white space may follow it.</summary>
internal sealed class ArrayElements : IElements
{
    private bool closed;

    public Next TryRead(JsonBuffer buffer, out ReadOnlyMemory<byte> element)
    {
        element = default;
        var reader = buffer.Reader();
        if (!reader.Read())
            return closed && reader.IsFinalBlock ? Next.End : Next.NeedMore;
        if (closed)
            throw ElementReading.MoreThanOne();
        if (reader.TokenType != JsonTokenType.EndArray)
            return ElementReading.Take(buffer, ref reader, out element);
        closed = true;
        buffer.Advance(reader);
        return Next.NeedMore;
    }
}

/// <summary>The elements of the array <c>items</c> of an envelope or a List, and the fields after it.</summary>
internal sealed class ContainerElements(ContainerFields header) : IElements
{
    private readonly ContainerFields trailer = new();
    private readonly IncrementalHash? sha256 = MayHaveChecksum(header) ? IncrementalHash.CreateHash(HashAlgorithmName.SHA256) : null;
    private byte[] scratch = [];
    private long count;
    private Part part = Part.Items;

    private enum Part
    {
        Items,
        Trailer,
        Done,
    }

    public Next TryRead(JsonBuffer buffer, out ReadOnlyMemory<byte> element)
    {
        element = default;
        var reader = buffer.Reader();
        if (!reader.Read())
            return part == Part.Done && reader.IsFinalBlock ? Next.End : Next.NeedMore;
        return part switch
        {
            Part.Items when reader.TokenType == JsonTokenType.EndArray => EndItems(buffer, reader),
            Part.Items => TakeItem(buffer, ref reader, out element),
            Part.Trailer when reader.TokenType == JsonTokenType.EndObject => Close(buffer, reader),
            Part.Trailer => TakeField(buffer, ref reader),
            _ => throw ElementReading.MoreThanOne(),
        };
    }

    private Next TakeItem(JsonBuffer buffer, ref Utf8JsonReader reader, out ReadOnlyMemory<byte> element)
    {
        var next = ElementReading.Take(buffer, ref reader, out element);
        if (next == Next.Element)
            Hash(element.Span);
        return next;
    }

    private Next EndItems(JsonBuffer buffer, in Utf8JsonReader reader)
    {
        part = Part.Trailer;
        buffer.Advance(reader);
        return Next.NeedMore;
    }

    private Next TakeField(JsonBuffer buffer, ref Utf8JsonReader reader)
    {
        var name = ContainerFields.Name(ref reader);
        if (name == "items")
            throw new SnapshotException("input: items occurs twice — give one snapshot");
        if (trailer.TryRead(name, ref reader))
            buffer.Advance(reader);
        return Next.NeedMore;
    }

    private Next Close(JsonBuffer buffer, in Utf8JsonReader reader)
    {
        var objection = trailer.WrongType
            | Envelope.ObjectionAtEnd(header.Envelope, trailer.Envelope, count, Digest())
            | trailer.Around.Objection;
        foreach (var why in objection.ToSeq())
            throw new SnapshotException($"input: {why}");
        part = Part.Done;
        buffer.Advance(reader);
        return Next.NeedMore;
    }

    // The output of kubectl has no checksum, so hashing it would be wasted time.
    private static bool MayHaveChecksum(ContainerFields header) => !header.Around.IsKubernetes || header.Envelope.Checksum.IsSome;

    private Option<string> Digest()
    {
        if (sha256 is null)
            return None;
        sha256.AppendData(count == 0 ? "[]"u8 : "]"u8);
        return Convert.ToHexStringLower(sha256.GetHashAndReset());
    }

    private void Hash(ReadOnlySpan<byte> element)
    {
        if (sha256 is not null)
        {
            sha256.AppendData(count == 0 ? "["u8 : ","u8);
            sha256.AppendData(Compact(element));
        }

        count++;
    }

    private ReadOnlySpan<byte> Compact(ReadOnlySpan<byte> element)
    {
        if (CompactJson.IsCompact(element))
            return element;
        if (scratch.Length < element.Length)
            scratch = new byte[element.Length * 2];
        return scratch.AsSpan(0, CompactJson.Write(element, scratch));
    }
}

/// <summary>Steps shared by all forms.</summary>
internal static class ElementReading
{
    /// <summary>Takes the whole value at the position of <paramref name="reader"/>.</summary>
    public static Next Take(JsonBuffer buffer, ref Utf8JsonReader reader, out ReadOnlyMemory<byte> element)
    {
        element = default;
        var start = (int)reader.TokenStartIndex;
        if (!reader.TrySkip())
            return Next.NeedMore;
        element = buffer.Slice(start, (int)reader.BytesConsumed - start);
        buffer.Advance(reader);
        return Next.Element;
    }

    public static SnapshotException MoreThanOne() =>
        new("input: something follows the end of the snapshot — one export is one snapshot: give one array, envelope or List");
}
