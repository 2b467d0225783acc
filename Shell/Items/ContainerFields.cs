using System.Text.Json;
using Kollect.Core.Rows;
using Kollect.Shell.Exports;

namespace Kollect.Shell.Items;

/// <summary>Collects the fields that stand beside <c>items</c>.</summary>
internal sealed class ContainerFields
{
    /// <summary>What was found so far.</summary>
    public EnvelopeFields Envelope { get; private set; } = EnvelopeFields.Nothing;

    /// <summary>It has an <c>apiVersion</c> or a <c>kind</c>: what kubectl prints.</summary>
    public bool IsKubernetesList { get; private set; }

    /// <summary>Reads name and value of a property; false = the window holds only a part of them.</summary>
    public bool TryRead(ref Utf8JsonReader reader)
    {
        var name = reader.GetString()!;
        if (!reader.Read())
            return false;
        if (!reader.TrySkip())
            return false;
        IsKubernetesList |= name is "apiVersion" or "kind";
        Envelope = name switch
        {
            "schemaVersion" => Envelope with { SchemaVersion = Text(ref reader, name) },
            "generation" => Envelope with { Generation = Integer(ref reader, name) },
            "cluster" => Envelope with { Cluster = Text(ref reader, name) },
            "exportedAt" => Envelope with { ExportedAt = Text(ref reader, name) },
            "itemCount" => Envelope with { ItemCount = Integer(ref reader, name) },
            "checksum" => Envelope with { Checksum = Text(ref reader, name) },
            "partTotal" => Envelope with { PartTotal = Integer(ref reader, name) },
            _ => Envelope,
        };
        return true;
    }

    private static Option<string> Text(ref Utf8JsonReader reader, string name) => reader.TokenType switch
    {
        JsonTokenType.String => reader.GetString()!,
        JsonTokenType.Null => None,
        _ => throw new SnapshotException($"input: {name} of the envelope is not a string — correct it or leave it out"),
    };

    private static Option<long> Integer(ref Utf8JsonReader reader, string name)
    {
        if (reader.TokenType == JsonTokenType.Null)
            return None;
        return reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var value)
            ? value
            : throw new SnapshotException($"input: {name} of the envelope is not an integer — correct it or leave it out");
    }
}
