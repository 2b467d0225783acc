using System.Globalization;
using System.Text.Json;
using Kollect.Core.Failures;

namespace Kollect.Core.Backends.BigQuery;

/// <summary>The state of a job (Job resource). Closed.</summary>
public abstract record JobState
{
    private JobState() { }

    /// <summary>Pending or running.</summary>
    public sealed record Running : JobState;

    /// <summary>Ended without success; a job of this id never runs again.</summary>
    public sealed record Failed(Fault.Server Fault) : JobState;

    /// <summary>Ended with success.</summary>
    /// <param name="Inserted">Rows that a DML statement inserted; 0 for any other job.</param>
    /// <param name="Updated">Rows that it rewrote.</param>
    /// <param name="Deleted">Rows that it deleted.</param>
    /// <param name="BytesBilled">Bytes that are billed; 0 for a load job.</param>
    public sealed record Done(long Inserted, long Updated, long Deleted, long BytesBilled) : JobState
    {
        /// <summary>Rows that a load job wrote; 0 for any other job.</summary>
        public long Loaded { get; init; }
    }

    /// <summary>A Job resource, as <c>jobs.insert</c> and <c>jobs.get</c> give it.</summary>
    public static JobState Read(string job)
    {
        using var json = JsonDocument.Parse(job);
        var root = json.RootElement;
        if (!root.TryGetProperty("status", out var status) || Answer.Text(status, "state") != "DONE")
            return new Running();
        if (status.TryGetProperty("errorResult", out var error))
            return new Failed(new Fault.Server(Answer.Text(error, "reason"), Answer.Text(error, "message")));
        var query = root.TryGetProperty("statistics", out var statistics) && statistics.TryGetProperty("query", out var it) ? it : default;
        var dml = query.ValueKind == JsonValueKind.Object && query.TryGetProperty("dmlStats", out var stats) ? stats : default;
        return new Done(
            Answer.Number(dml, "insertedRowCount"),
            Answer.Number(dml, "updatedRowCount"),
            Answer.Number(dml, "deletedRowCount"),
            Answer.Number(query, "totalBytesBilled"))
        {
            Loaded = statistics.ValueKind == JsonValueKind.Object && statistics.TryGetProperty("load", out var load) ? Answer.Number(load, "outputRows") : 0,
        };
    }
}

/// <summary>The single row of a query's response.</summary>
public static class Answer
{
    /// <summary>False = the job is still running, and its result is requested by <see cref="JobId"/>.</summary>
    public static bool IsComplete(string response)
    {
        using var json = JsonDocument.Parse(response);
        return json.RootElement.TryGetProperty("jobComplete", out var complete) && complete.ValueKind == JsonValueKind.True;
    }

    /// <summary>Reads a response to <c>jobs.query</c>.</summary>
    public static string JobId(string response)
    {
        using var json = JsonDocument.Parse(response);
        return json.RootElement.TryGetProperty("jobReference", out var reference) ? Text(reference, "jobId") : "";
    }

    /// <summary>Values of the first row in the order of its columns; None = NULL. Without a row: empty.</summary>
    public static Seq<Option<string>> FirstRow(string response)
    {
        using var json = JsonDocument.Parse(response);
        if (!json.RootElement.TryGetProperty("rows", out var rows) || rows.GetArrayLength() == 0)
            return Empty;
        return rows[0].GetProperty("f").EnumerateArray()
            .Select(field => field.GetProperty("v"))
            .Select(value => value.ValueKind == JsonValueKind.Null ? Option<string>.None : Some(value.ToString()))
            .ToArray()
            .ToSeq();
    }

    /// <summary>A TIMESTAMP: seconds since 1970, as the API sends it (<c>1.7953938E9</c>), to the millisecond.</summary>
    public static Option<DateTimeOffset> Time(string seconds) =>
        decimal.TryParse(seconds, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
        && value is > -62_135_596_800m and < 253_402_300_800m
            ? DateTimeOffset.FromUnixTimeMilliseconds((long)(value * 1000m))
            : None;

    internal static string Text(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()!
            : "";

    internal static long Number(JsonElement parent, string name) =>
        long.TryParse(Text(parent, name), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : 0;
}
