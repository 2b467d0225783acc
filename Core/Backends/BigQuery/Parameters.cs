using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Kollect.Core.Snapshots;

namespace Kollect.Core.Backends.BigQuery;

/// <summary>The named query parameters of every statement, as the REST API wants them (QueryParameter).</summary>
/// <param name="Header">Scope and time of the snapshot.</param>
/// <param name="DeleteStale">False = no row of the scope may be deleted; null = the statement has no such parameter.</param>
/// <param name="Rows">JSON of the array value of <c>@rows</c>; null = the statement has no such parameter.</param>
/// <param name="Last">Position of the last row in a staging table; null = the statement has no such parameter.</param>
internal sealed record Parameters(SnapshotHeader Header, bool? DeleteStale, ReadOnlyMemory<byte>? Rows, long? Last)
{
    /// <summary>The time on which a difference is based; null = the statement has no such parameter.</summary>
    public DateTimeOffset? Basis { get; init; }

    /// <summary>Of the rows.</summary>
    internal int Bytes => Rows?.Length ?? 0;

    internal void Write(Utf8JsonWriter to)
    {
        to.WriteStartArray("queryParameters"u8);
        foreach (var column in Columns.OfExport)
            Scalar(to, column.Name, column.BigQueryType, Value(column));
        if (Basis is { } basis)
            Scalar(to, "basis", "TIMESTAMP", Timestamp(basis));
        if (DeleteStale is { } deletes)
            Scalar(to, "delete_stale", "BOOL", deletes ? "true" : "false");
        if (Last is { } last)
            Scalar(to, "last", "INT64", last.ToString(CultureInfo.InvariantCulture));
        if (Rows is { } rows)
            Array(to, rows);
        to.WriteEndArray();
    }

    private string Value(Column column) => column switch
    {
        Column.OfScope it => it.Read(Header.Scope),
        Column.Time => Timestamp(Header.ExportedAt),
        _ => throw new UnreachableException(),
    };

    // To the microsecond, TIMESTAMP's precision: a time after the last one of the table may have a fraction.
    private static string Timestamp(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.ffffff'+00:00'", CultureInfo.InvariantCulture);

    private static void Scalar(Utf8JsonWriter to, string name, string type, string value)
    {
        to.WriteStartObject();
        to.WriteString("name"u8, name);
        to.WriteStartObject("parameterType"u8);
        to.WriteString("type"u8, type);
        to.WriteEndObject();
        to.WriteStartObject("parameterValue"u8);
        to.WriteString("value"u8, value);
        to.WriteEndObject();
        to.WriteEndObject();
    }

    private static void Array(Utf8JsonWriter to, ReadOnlyMemory<byte> rows)
    {
        to.WriteStartObject();
        to.WriteString("name"u8, "rows");
        to.WriteStartObject("parameterType"u8);
        to.WriteString("type"u8, "ARRAY");
        to.WriteStartObject("arrayType"u8);
        to.WriteString("type"u8, "STRUCT");
        to.WriteStartArray("structTypes"u8);
        foreach (var column in Columns.OfItem)
        {
            to.WriteStartObject();
            to.WriteString("name"u8, column.ShortName);
            to.WriteStartObject("type"u8);
            to.WriteString("type"u8, "STRING");
            to.WriteEndObject();
            to.WriteEndObject();
        }

        to.WriteEndArray();
        to.WriteEndObject();
        to.WriteEndObject();
        to.WriteStartObject("parameterValue"u8);
        to.WritePropertyName("arrayValues"u8);
        to.WriteRawValue(rows.Span, skipInputValidation: true);
        to.WriteEndObject();
        to.WriteEndObject();
    }
}
