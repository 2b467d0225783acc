using System.Text.Json;
using Kollect.Core.Snapshots;

namespace Kollect.Shell.Snapshots;

/// <summary>Collects the fields beside <c>items</c>.</summary>
internal sealed class ContainerFields
{
    /// <summary>Names that are kept; more do not tell what an object is.</summary>
    private const int MaxFields = 16;

    /// <summary>The fields of an envelope read so far.</summary>
    public EnvelopeFields Envelope { get; private set; } = EnvelopeFields.Nothing;

    /// <summary>Facts from all other fields read so far.</summary>
    public EnvelopeShape Around { get; private set; } = EnvelopeShape.Nothing;

    /// <summary>
    /// The problem of the first field whose type no envelope may have; None = no problem. Applies to an envelope only: an item may hold any
    /// value under such a name.
    /// </summary>
    public Option<string> WrongType { get; private set; }

    /// <summary>The name of a property; empty where it is not valid text, which matches no known field.</summary>
    public static string Name(ref Utf8JsonReader reader) => TextOrNull(ref reader) ?? "";

    /// <summary>Reads the value of a property; false = the buffer holds only a part of it.</summary>
    public bool TryRead(string name, ref Utf8JsonReader reader)
    {
        if (!reader.Read())
            return false;
        var value = reader;
        if (!reader.TrySkip())
            return false;
        Envelope = name switch
        {
            "schemaVersion" => Envelope with { SchemaVersion = Text(ref value, name) },
            "generation" => Envelope with { Generation = Integer(ref value, name) },
            "cluster" => Envelope with { Cluster = Text(ref value, name) },
            "exportedAt" => Envelope with { ExportedAt = Text(ref value, name) },
            "itemCount" => Envelope with { ItemCount = Integer(ref value, name) },
            "checksum" => Envelope with { Checksum = Text(ref value, name) },
            "partTotal" => Envelope with { PartTotal = Integer(ref value, name) },
            _ => Envelope,
        };
        Around = name switch
        {
            "apiVersion" => Around with { IsKubernetes = true, ApiVersion = TextOrNone(ref value) },
            "kind" => Around with { IsKubernetes = true, Kind = TextOrNone(ref value) },
            "uid" or "targetName" or "attributes" => Around with { OwnField = name },
            "metadata" when value.TokenType == JsonTokenType.StartObject => WithMetadata(ref value) with { HasMetadata = true },
            "message" => Around with { Message = TextOrNone(ref value), Fields = Around.Fields.Add(name) },
            _ => Around.Fields.Count < MaxFields ? Around with { Fields = Around.Fields.Add(name) } : Around,
        };
        return true;
    }

    // The buffer holds the whole object here.
    private EnvelopeShape WithMetadata(ref Utf8JsonReader reader)
    {
        var around = Around;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = Name(ref reader);
            reader.Read();
            around = name switch
            {
                "continue" => around with { Continue = TextOrNone(ref reader) },
                "uid" or "name" => around with { OwnField = $"metadata.{name}" },
                _ => around,
            };
            reader.TrySkip(); // Skip throws on a partial buffer
        }

        return around;
    }

    private Option<string> Text(ref Utf8JsonReader reader, string name)
    {
        if (reader.TokenType == JsonTokenType.Null)
            return None;
        if (TextOrNull(ref reader) is { } text && !text.Contains('\0'))
            return text;
        WrongType |= $"{name} of the envelope is not a string of Unicode text — correct it or leave it out";
        return None;
    }

    private Option<long> Integer(ref Utf8JsonReader reader, string name)
    {
        if (reader.TokenType == JsonTokenType.Null)
            return None;
        if (reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var value))
            return value;
        WrongType |= $"{name} of the envelope is not an integer — correct it or leave it out";
        return None;
    }

    private static Option<string> TextOrNone(ref Utf8JsonReader reader) =>
        TextOrNull(ref reader) is { } text ? Some(text) : None;

    // The reader validates UTF-8 and surrogates only when it creates a string.
    private static string? TextOrNull(ref Utf8JsonReader reader)
    {
        if (reader.TokenType is not (JsonTokenType.String or JsonTokenType.PropertyName))
            return null;
        try
        {
            return reader.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
