namespace Kollect.Models;

using global::System;
using global::System.Buffers;
using global::System.Globalization;
using global::System.Text;
using global::System.Text.Json;

/// <summary>A generated model that can be written as JSON.</summary>
internal interface IJsonModel
{
    /// <summary>Writes the object with all its fields, including those that the schema does not define.</summary>
    void WriteJson(Utf8JsonWriter writer);
}

/// <summary>Writes the fields of generated models. Nulls are omitted, as are empty lists and maps that the schema does not require.</summary>
internal static partial class ModelWriter
{
    /// <summary>RFC 3339 without trailing zeros in the fraction; an offset of zero is written as Z.</summary>
    private const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK";

    /// <summary>The model as JSON, without white space.</summary>
    public static string Text(IJsonModel model)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
            model.WriteJson(writer);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    public static void Field(this Utf8JsonWriter writer, string name, string? value)
    {
        if (value is not null)
            writer.WriteString(name, value);
    }

    public static void Field(this Utf8JsonWriter writer, string name, bool? value)
    {
        if (value is { } it)
            writer.WriteBoolean(name, it);
    }

    public static void Field(this Utf8JsonWriter writer, string name, long? value)
    {
        if (value is { } it)
            writer.WriteNumber(name, it);
    }

    public static void Field(this Utf8JsonWriter writer, string name, double? value)
    {
        if (value is { } it)
            writer.WriteNumber(name, it);
    }

    public static void Field(this Utf8JsonWriter writer, string name, DateTimeOffset? value)
    {
        if (value is { } it)
            writer.WriteString(name, Rfc3339(it));
    }

    public static void Field(this Utf8JsonWriter writer, string name, IJsonModel? value)
    {
        if (value is null)
            return;
        writer.WritePropertyName(name);
        value.WriteJson(writer);
    }

    public static void Raw(this Utf8JsonWriter writer, string name, string? json)
    {
        if (json is null)
            return;
        writer.WritePropertyName(name);
        writer.WriteRawValue(json);
    }

    public static void List<T>(this Utf8JsonWriter writer, string name, ModelList<T> items, Action<Utf8JsonWriter, T> write, bool required = false)
    {
        if (items.IsEmpty && !required)
            return;
        writer.WritePropertyName(name);
        writer.ListValue(items, write);
    }

    public static void Map<T>(
        this Utf8JsonWriter writer,
        string name,
        ModelMap<T> entries,
        Action<Utf8JsonWriter, T> write,
        bool required = false)
    {
        if (entries.IsEmpty && !required)
            return;
        writer.WritePropertyName(name);
        writer.MapValue(entries, write);
    }

    public static void ListValue<T>(this Utf8JsonWriter writer, ModelList<T> items, Action<Utf8JsonWriter, T> write)
    {
        writer.WriteStartArray();
        foreach (var item in items)
            write(writer, item);
        writer.WriteEndArray();
    }

    public static void MapValue<T>(this Utf8JsonWriter writer, ModelMap<T> entries, Action<Utf8JsonWriter, T> write)
    {
        writer.WriteStartObject();
        foreach (var (key, value) in entries)
        {
            writer.WritePropertyName(key);
            write(writer, value);
        }

        writer.WriteEndObject();
    }

    public static void TimeValue(this Utf8JsonWriter writer, DateTimeOffset time) => writer.WriteStringValue(Rfc3339(time));

    public static void Unknown(this Utf8JsonWriter writer, ModelMap<string> fields)
    {
        foreach (var (name, json) in fields)
            writer.Raw(name, json);
    }

    private static string Rfc3339(DateTimeOffset time) => time.Offset == TimeSpan.Zero
        ? time.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture)
        : time.ToString(TimeFormat, CultureInfo.InvariantCulture);
}
