using System.Text.Json;

namespace Kollect.Core.Snapshots;

/// <summary>The facts about an element that one scan finds. Of a key that occurs twice the last one counts, as in jsonb.</summary>
internal ref struct ElementScan
{
    private readonly RowLimits limits;

    public string? TargetName;
    public string? Uid;
    public string? Namespace;
    public string? Name;
    public string? Kind;
    public string? Group;
    public string? ApiVersion;
    public MetadataFacts? Metadata;

    /// <summary>The objection to the first number that the backend cannot store; null = it can store all numbers.</summary>
    public string? Objection;

    /// <summary>The number of nested objects and arrays; the element itself is level 1.</summary>
    public int Depth = 1;

    private ElementScan(RowLimits limits) => this.limits = limits;

    /// <summary>
    /// True = the element is an object as the Kubernetes API returns it, and not an item: every object has these three fields, and may have
    /// <c>attributes</c> or <c>uid</c> beside them.
    /// </summary>
    public readonly bool IsKubernetesObject => ApiVersion is not null && Kind is not null && Metadata is not null;

    /// <summary>True = the element is an object of a typed list, which states kind and apiVersion once for all.</summary>
    public readonly bool HasNoType => ApiVersion is null && Kind is null && Metadata is not null;

    /// <summary>Scans the whole element.</summary>
    /// <param name="json">A well-formed JSON object.</param>
    /// <param name="limits">Decide which numbers can be stored.</param>
    public static ElementScan Read(ReadOnlySpan<byte> json, RowLimits limits)
    {
        var facts = new ElementScan(limits);
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = int.MaxValue });
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            facts.ReadProperty(ref reader);
        return facts;
    }

    private void ReadProperty(ref Utf8JsonReader reader)
    {
        if (reader.ValueTextEquals("targetName"u8)) TargetName = ReadText(ref reader);
        else if (reader.ValueTextEquals("uid"u8)) Uid = ReadText(ref reader);
        else if (reader.ValueTextEquals("namespace"u8)) Namespace = ReadText(ref reader);
        else if (reader.ValueTextEquals("name"u8)) Name = ReadText(ref reader);
        else if (reader.ValueTextEquals("kind"u8)) Kind = ReadText(ref reader);
        else if (reader.ValueTextEquals("group"u8)) Group = ReadText(ref reader);
        else if (reader.ValueTextEquals("apiVersion"u8)) ApiVersion = ReadText(ref reader);
        else if (reader.ValueTextEquals("metadata"u8)) Metadata = ReadMetadata(ref reader);
        else
        {
            reader.Read();
            CheckValue(ref reader);
        }
    }

    /// <summary>Null = the value is not a string.</summary>
    private string? ReadText(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.String)
            return reader.GetString();
        CheckValue(ref reader);
        return null;
    }

    private MetadataFacts? ReadMetadata(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            CheckValue(ref reader);
            return null;
        }

        Depth = Math.Max(Depth, 2);
        var metadata = new MetadataFacts();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var start = (int)reader.TokenStartIndex;
            if (reader.ValueTextEquals("uid"u8)) metadata = metadata with { Uid = ReadText(ref reader) };
            else if (reader.ValueTextEquals("name"u8)) metadata = metadata with { Name = ReadText(ref reader) };
            else if (reader.ValueTextEquals("namespace"u8)) metadata = metadata with { Namespace = ReadText(ref reader) };
            else if (reader.ValueTextEquals("managedFields"u8))
            {
                reader.Read();
                CheckValue(ref reader);
                metadata = metadata with { ManagedFields = metadata.ManagedFields.Add(new Range(start, (int)reader.BytesConsumed)) };
            }
            else
            {
                reader.Read();
                CheckValue(ref reader);
            }
        }

        return metadata;
    }

    private void Note(Option<string> objection)
    {
        if (objection.IsSome)
            Objection = objection.IfNone("");
    }

    private void CheckValue(ref Utf8JsonReader reader)
    {
        var depth = reader.CurrentDepth;
        do
        {
            if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
                Depth = Math.Max(Depth, reader.CurrentDepth + 1);
            else if (reader.TokenType == JsonTokenType.Number && Objection is null)
                Note(limits.ObjectionToNumber(reader.ValueSpan));
        }
        while ((reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray || reader.CurrentDepth > depth) && reader.Read());
    }
}

/// <summary>The parts of <c>metadata</c> that an item needs.</summary>
/// <param name="Name">Null = absent or not a string.</param>
/// <param name="Namespace">Null = the object is cluster-scoped.</param>
/// <param name="Uid">Null = absent or not a string.</param>
/// <param name="ManagedFields">The byte range of the property, from its name to the end of its value; several ranges if the key occurs more than once.</param>
internal sealed record MetadataFacts(string? Name = null, string? Namespace = null, string? Uid = null, Seq<Range> ManagedFields = default);
