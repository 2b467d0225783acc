using System.Text.Json;
using Kollect.Core.Snapshots;

namespace Kollect.Shell.Snapshots;

/// <summary>The form of a snapshot, detected by its first bytes.</summary>
internal sealed record SnapshotForm(IElements Elements, EnvelopeFields Header, Option<ItemType> ItemType = default)
{
    /// <summary>Skips the mark of UTF-8; refuses other encodings and compressed input by name.</summary>
    public static void SkipByteOrderMark(JsonBuffer buffer)
    {
        var bytes = buffer.Unread;
        if (bytes.StartsWith("\uFEFF"u8))
            buffer.Skip(3);
        else if (bytes is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..] or [_, 0, ..] or [0, _, ..])
            throw new SnapshotException("input: is UTF-16 or UTF-32 text — convert it to UTF-8");
        else if (bytes is [0x1F, 0x8B, ..])
            throw new SnapshotException("input: is compressed with gzip — decompress it first: gunzip -c FILE | kollect export …");
    }

    /// <summary>Null = the buffer does not hold enough yet.</summary>
    public static SnapshotForm? Detect(JsonBuffer buffer)
    {
        var reader = buffer.Reader();
        if (!reader.Read())
            return reader.IsFinalBlock ? throw Empty() : null;
        switch (reader.TokenType)
        {
            case JsonTokenType.StartArray:
                buffer.Advance(reader);
                return new SnapshotForm(new ArrayElements(), EnvelopeFields.Nothing);
            case JsonTokenType.StartObject:
                return DetectObject(buffer, ref reader);
            default:
                throw new SnapshotException(
                    "input: starts with neither an object nor an array"
                    + " — give NDJSON items, a JSON array, an export envelope or the output of kubectl get -o json");
        }
    }

    // An object with an array `items` is an envelope or a List; any other object is the first line of NDJSON, or a single object.
    private static SnapshotForm? DetectObject(JsonBuffer buffer, ref Utf8JsonReader reader)
    {
        var fields = new ContainerFields();
        var hasItems = false;
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.EndObject)
                return Lines(fields, hasItems);
            var name = ContainerFields.Name(ref reader);
            var atName = reader;
            if (name == "items" && atName.Read() && atName.TokenType == JsonTokenType.StartArray)
                return Container(buffer, atName, fields);
            hasItems |= name == "items";
            if (!fields.TryRead(name, ref reader))
                return null;
        }

        return null;
    }

    private static SnapshotForm Lines(ContainerFields fields, bool hasItems)
    {
        Refuse(fields.Around.ObjectionWithoutItems(fields.Envelope.SchemaVersion.IsSome, hasItems));
        return new SnapshotForm(new LineElements(), EnvelopeFields.Nothing);
    }

    private static SnapshotForm Container(JsonBuffer buffer, in Utf8JsonReader reader, ContainerFields fields)
    {
        Refuse(fields.WrongType | Envelope.Objection(fields.Envelope) | fields.Around.Objection);
        buffer.Advance(reader);
        return new SnapshotForm(new ContainerElements(fields), fields.Envelope, fields.Around.ItemType);
    }

    private static void Refuse(Option<string> objection)
    {
        foreach (var why in objection.ToSeq())
            throw new SnapshotException($"input: {why}");
    }

    private static SnapshotException Empty() =>
        new("input: is empty (0 items, 0 bytes) — an empty snapshot must be said: give [] or {\"items\": []}");
}
