using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Kollect.Core.Backends.BigQuery;

/// <summary>Bodies of the REST API, v2, as JSON.</summary>
internal static class Requests
{
    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary><c>jobs.insert</c>: runs a statement.</summary>
    /// <param name="sql">GoogleSQL.</param>
    /// <param name="parameters">All that the text names.</param>
    /// <param name="settings">Options of the sink.</param>
    /// <param name="dryRun">Only check the statement; such a job has no id.</param>
    public static ReadOnlyMemory<byte> Statement(
        JobReference job, string sql, Parameters parameters, JobSettings settings, bool dryRun = false) => Bytes(to =>
    {
        WriteReference(to, job, withId: !dryRun);
        to.WriteStartObject("configuration"u8);
        if (dryRun)
            to.WriteBoolean("dryRun"u8, true);
        settings.TimeoutMs.IfSome(milliseconds => to.WriteString("jobTimeoutMs"u8, milliseconds));
        settings.WriteLabels(to);
        to.WriteStartObject("query"u8);
        WriteQuery(to, sql, parameters, settings);
        to.WriteString("priority"u8, settings.Priority);
        to.WriteEndObject();
        to.WriteEndObject();
    }, parameters.Bytes);

    /// <summary><c>jobs.query</c>: a small question, answered at once where possible.</summary>
    /// <param name="location">Of the dataset.</param>
    /// <param name="sql">GoogleSQL.</param>
    /// <param name="parameters">All that the text names.</param>
    /// <param name="settings">Options of the sink.</param>
    public static ReadOnlyMemory<byte> Question(string location, string sql, Parameters parameters, JobSettings settings) => Bytes(to =>
    {
        WriteQuery(to, sql, parameters, settings);
        to.WriteString("location"u8, location);
        to.WriteNumber("timeoutMs"u8, 10_000);
        settings.WriteLabels(to);
    }, parameters.Bytes);

    /// <summary><c>jobs.insert</c> with an upload of newline-delimited JSON into a staging table that is there already.</summary>
    public static string Load(JobReference job, TableId staging, JobSettings settings) => Json(to =>
    {
        WriteReference(to, job, withId: true);
        to.WriteStartObject("configuration"u8);
        settings.TimeoutMs.IfSome(milliseconds => to.WriteString("jobTimeoutMs"u8, milliseconds));
        settings.WriteLabels(to);
        to.WriteStartObject("load"u8);
        WriteTable(to, "destinationTable"u8, staging);
        to.WriteString("sourceFormat"u8, "NEWLINE_DELIMITED_JSON"u8);
        to.WriteString("createDisposition"u8, "CREATE_NEVER"u8);
        to.WriteString("writeDisposition"u8, "WRITE_TRUNCATE"u8);
        to.WriteNumber("maxBadRecords"u8, 0);
        WriteStagingSchema(to);
        to.WriteEndObject();
        to.WriteEndObject();
    });

    /// <summary><c>tables.insert</c>: a staging table that the service deletes when it expires.</summary>
    public static string StagingTable(TableId staging, DateTimeOffset expires, JobSettings settings) => Json(to =>
    {
        WriteTable(to, "tableReference"u8, staging);
        to.WriteString("description"u8, "rows of a Kollect export on their way into the table; safe to delete"u8);
        to.WriteString("expirationTime"u8, expires.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture));
        settings.WriteLabels(to);
        WriteStagingSchema(to);
    });

    private static void WriteStagingSchema(Utf8JsonWriter to)
    {
        to.WriteStartObject("schema"u8);
        to.WriteStartArray("fields"u8);
        Field("position", "INT64", "REQUIRED");
        foreach (var column in Columns.OfItem)
            Field(column.Name, "STRING", column is Column.Payload ? "NULLABLE" : "REQUIRED");
        to.WriteEndArray();
        to.WriteEndObject();

        void Field(string name, string type, string mode)
        {
            to.WriteStartObject();
            to.WriteString("name"u8, name);
            to.WriteString("type"u8, type);
            to.WriteString("mode"u8, mode);
            to.WriteEndObject();
        }
    }

    private static void WriteQuery(Utf8JsonWriter to, string sql, Parameters parameters, JobSettings settings)
    {
        to.WriteString("query"u8, sql);
        to.WriteBoolean("useLegacySql"u8, false);
        to.WriteString("parameterMode"u8, "NAMED"u8);
        settings.MaximumBytesBilled.IfSome(bytes => to.WriteString("maximumBytesBilled"u8, bytes));
        parameters.Write(to);
    }

    private static void WriteReference(Utf8JsonWriter to, JobReference job, bool withId)
    {
        to.WriteStartObject("jobReference"u8);
        to.WriteString("projectId"u8, job.Project);
        if (withId)
            to.WriteString("jobId"u8, job.Id);
        to.WriteString("location"u8, job.Location);
        to.WriteEndObject();
    }

    private static void WriteTable(Utf8JsonWriter to, ReadOnlySpan<byte> name, TableId table)
    {
        to.WriteStartObject(name);
        to.WriteString("projectId"u8, table.Project);
        to.WriteString("datasetId"u8, table.Dataset);
        to.WriteString("tableId"u8, table.Table);
        to.WriteEndObject();
    }

    private static string Json(Action<Utf8JsonWriter> members) => Encoding.UTF8.GetString(Bytes(members, 0).Span);

    /// <param name="bytes">Those of the rows within: with them reserved the buffer does not grow.</param>
    private static ReadOnlyMemory<byte> Bytes(Action<Utf8JsonWriter> members, int bytes)
    {
        var buffer = new ArrayBufferWriter<byte>(bytes + (1 << 13));
        using (var writer = new Utf8JsonWriter(buffer, Relaxed))
        {
            writer.WriteStartObject();
            members(writer);
            writer.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }
}
