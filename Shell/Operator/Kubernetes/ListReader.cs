using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Text;
using System.Text.Json;

namespace Kollect.Operator.Kubernetes;

/// <summary>
/// Reads a page of a list while it arrives: besides the items themselves it holds one item at a time. A page as a whole takes megabytes, twice, and the kinds
/// of a cluster are listed at once.
/// </summary>
internal sealed class ListReader
{
    private const int BufferSize = 64 << 10;

    private readonly List<byte[]> items = [];
    private readonly List<int> untyped = [];
    private JsonReaderState state = new(JsonDepth.Reader);
    private Place place = Place.Before;
    private bool hasItems;
    private bool hasMetadata;
    private string? apiVersion;
    private string? kind;
    private byte[]? type;
    private string resourceVersion = "";
    private string? next;

    private enum Place
    {
        Before,
        List,
        Items,
        After,
    }

    /// <summary>Reads a page and the token of the next one; null = this is the last page.</summary>
    /// <param name="answer">Disposed by this method.</param>
    /// <param name="maxBytes">The largest answer that is read.</param>
    /// <exception cref="ApiException">The answer is no list, or is larger.</exception>
    public static async Task<(ListPage Page, string? Next)> ReadAsync(Stream answer, int maxBytes, CancellationToken cancel)
    {
        var list = new ListReader();
        var pipe = PipeReader.Create(answer, new StreamPipeReaderOptions(bufferSize: BufferSize));
        try
        {
            for (long total = 0, wanted = 1; ;)
            {
                var read = await pipe.ReadAtLeastAsync((int)wanted, cancel);
                if (total + read.Buffer.Length > maxBytes)
                    throw ApiErrors.TooLarge(maxBytes);
                var consumed = list.Parse(read.Buffer, read.IsCompleted);
                if (read.IsCompleted)
                    return list.Page();
                // What is longer than the buffer is parsed again when twice as much is there, so that a long item costs its length and not its square.
                var rest = read.Buffer.Length - consumed;
                wanted = Math.Min(consumed > 0 ? rest + 1 : rest * 2, maxBytes + 1L);
                total += consumed;
                pipe.AdvanceTo(read.Buffer.GetPosition(consumed), read.Buffer.End);
            }
        }
        finally
        {
            await pipe.CompleteAsync();
        }
    }

    /// <summary>Reads as far as whole values are there. Returns the bytes that need not be read again.</summary>
    private long Parse(ReadOnlySequence<byte> bytes, bool isEnd)
    {
        try
        {
            var reader = new Utf8JsonReader(bytes, isEnd, state);
            var consumed = 0L;
            while (Step(ref reader, bytes))
                (state, consumed) = (reader.CurrentState, reader.BytesConsumed);
            return consumed;
        }
        catch (Exception damaged) when (damaged is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw NoList(damaged);
        }
    }

    /// <summary>False = a value is not complete, or the text has ended.</summary>
    private bool Step(ref Utf8JsonReader reader, ReadOnlySequence<byte> bytes)
    {
        if (!reader.Read())
            return false;
        switch (place, reader.TokenType)
        {
            case (Place.Before, JsonTokenType.StartObject):
                place = Place.List;
                return true;
            case (Place.List, JsonTokenType.EndObject):
                place = Place.After;
                return true;
            case (Place.List, _):
                return ReadField(ref reader, bytes);
            case (Place.Items, JsonTokenType.EndArray):
                place = Place.List;
                return true;
            case (Place.Items, JsonTokenType.StartObject):
                return ReadItem(ref reader, bytes);
            default:
                throw new InvalidOperationException("neither a list nor an object in a list");
        }
    }

    private bool ReadField(ref Utf8JsonReader reader, ReadOnlySequence<byte> bytes)
    {
        if (reader.ValueTextEquals("items"u8))
            return reader.Read() && BeginItems(reader.TokenType);
        if (reader.ValueTextEquals("apiVersion"u8))
            return reader.Read() && (apiVersion = Text(ref reader)) is not null;
        if (reader.ValueTextEquals("kind"u8))
            return reader.Read() && (kind = Text(ref reader)) is not null;
        if (!reader.ValueTextEquals("metadata"u8))
            return reader.TrySkip();
        var start = reader.BytesConsumed; // after the colon
        if (!reader.TrySkip())
            return false;
        ReadMetadata(bytes.Slice(start, reader.BytesConsumed - start));
        return true;
    }

    /// <summary>Go encodes an empty list as null.</summary>
    private bool BeginItems(JsonTokenType type)
    {
        if (type is not (JsonTokenType.StartArray or JsonTokenType.Null))
            throw new InvalidOperationException("the items are no array");
        items.Clear();
        untyped.Clear();
        hasItems = true;
        place = type == JsonTokenType.StartArray ? Place.Items : Place.List;
        return true;
    }

    private bool ReadItem(ref Utf8JsonReader reader, ReadOnlySequence<byte> bytes)
    {
        var start = reader.BytesConsumed - 1; // the brace
        var (isTyped, isEmpty) = (false, true);
        for (; ; isEmpty = false)
        {
            if (!reader.Read())
                return false;
            if (reader.TokenType == JsonTokenType.EndObject)
                break;
            isTyped |= reader.ValueTextEquals("apiVersion"u8);
            if (!reader.TrySkip())
                return false;
        }

        // The items of built-in kinds lack their type, and the list's own stands before them; a list of custom resources is sorted by its keys, and its items
        // have theirs.
        var json = bytes.Slice(start, reader.BytesConsumed - start);
        var canType = !isTyped && apiVersion is not null && kind is not null;
        if (!isTyped && !canType)
            untyped.Add(items.Count);
        items.Add(canType ? Typed(json, isEmpty) : json.ToArray());
        return true;
    }

    private void ReadMetadata(ReadOnlySequence<byte> json)
    {
        using var document = JsonDocument.Parse(json, JsonDepth.Document);
        var metadata = document.RootElement;
        resourceVersion = metadata.GetProperty("resourceVersion").GetString() ?? throw new InvalidOperationException("null in the place of a text");
        next = metadata.TryGetProperty("continue", out var token) ? token.GetString() : null;
        hasMetadata = true;
    }

    private (ListPage Page, string? Next) Page()
    {
        if (!hasItems || !hasMetadata || apiVersion is null || kind is null)
            throw NoList(null);
        foreach (var index in untyped)
            items[index] = Typed(new(items[index]), isEmpty: items[index].AsSpan(1).TrimStart(" \t\r\n"u8) is [(byte)'}']);
        return (new ListPage(resourceVersion, items), string.IsNullOrEmpty(next) ? null : next);
    }

    /// <summary>The item with the type of this list.</summary>
    private byte[] Typed(ReadOnlySequence<byte> item, bool isEmpty)
    {
        type ??= Encoding.UTF8.GetBytes(string.Create(
            CultureInfo.InvariantCulture,
            $$"""{"apiVersion":"{{JsonEncodedText.Encode(apiVersion!)}}","kind":"{{JsonEncodedText.Encode(KindOfItems(kind!))}}","""));
        var start = isEmpty ? type.AsSpan(..^1) : type; // without the comma
        var json = new byte[start.Length + item.Length - 1];
        start.CopyTo(json);
        item.Slice(1).CopyTo(json.AsSpan(start.Length));
        return json;
    }

    private static string KindOfItems(string kind) => kind.EndsWith("List", StringComparison.Ordinal) ? kind[..^4] : kind;

    private static string Text(ref Utf8JsonReader reader) => reader.GetString() ?? throw new InvalidOperationException("null in the place of a text");

    private static ApiException NoList(Exception? inner) => new(ApiError.Malformed, "the API server's answer to a list is no list", inner: inner);
}
