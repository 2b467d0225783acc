using System.Text.Json;
using Kollect.Core.Snapshots;

namespace Kollect.Shell.Snapshots;

/// <summary>A list among the elements of a snapshot, as several answers of the API server put into one array.</summary>
internal static class NestedList
{
    /// <summary>Lists within lists. Each is read once for each list around it; the answers of kubectl and of scripts have two or three.</summary>
    private const int MaxDepth = 16;

    /// <summary>False = the element is certainly no list, so that it need not be parsed for that.</summary>
    public static bool MaybeIn(ReadOnlySpan<byte> element) => element.IndexOf("List\""u8) >= 0 && element.IndexOf("\"items\""u8) >= 0;

    /// <summary>The items of a list, also of lists in it; any other element as it is.</summary>
    /// <param name="inherited">The type that the element has where it states none.</param>
    public static IEnumerable<(ReadOnlyMemory<byte> Item, Option<ItemType> Type)> Flatten(ReadOnlyMemory<byte> element, Option<ItemType> inherited) =>
        Flatten(element, inherited, 1);

    private static IEnumerable<(ReadOnlyMemory<byte> Item, Option<ItemType> Type)> Flatten(
        ReadOnlyMemory<byte> element, Option<ItemType> inherited, int depth)
    {
        if (Read(element) is not { } list)
            return [(element, inherited)];
        foreach (var why in list.Shape.Objection.ToSeq())
            throw new SnapshotException($"input: in a list within the snapshot: {why}");
        if (depth > MaxDepth)
            throw new SnapshotException(FormattableString.Invariant($"input: more than {MaxDepth} lists within lists — give one list of all objects"));
        return list.Items.SelectMany(item => Flatten(item, list.Shape.ItemType, depth + 1));
    }

    /// <summary>Null = the element is no list.</summary>
    private static (EnvelopeShape Shape, List<ReadOnlyMemory<byte>> Items)? Read(ReadOnlyMemory<byte> element)
    {
        var reader = new Utf8JsonReader(element.Span, new JsonReaderOptions { MaxDepth = int.MaxValue });
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
            return null;
        var fields = new ContainerFields();
        List<ReadOnlyMemory<byte>>? items = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = ContainerFields.Name(ref reader);
            var atName = reader;
            if (name == "items" && atName.Read() && atName.TokenType == JsonTokenType.StartArray)
            {
                items = Items(element, ref atName);
                reader = atName;
            }
            else
                fields.TryRead(name, ref reader);
        }

        return items is not null && fields.Around.Kind.Exists(kind => kind.EndsWith("List", StringComparison.Ordinal)) && fields.Around.OwnField.IsNone
            ? (fields.Around, items)
            : null;
    }

    private static List<ReadOnlyMemory<byte>> Items(ReadOnlyMemory<byte> element, ref Utf8JsonReader reader)
    {
        var items = new List<ReadOnlyMemory<byte>>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            var start = (int)reader.TokenStartIndex;
            reader.TrySkip();
            items.Add(element[start..(int)reader.BytesConsumed]);
        }

        return items;
    }
}
