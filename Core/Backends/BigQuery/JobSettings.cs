using System.Text.Json;

namespace Kollect.Core.Backends.BigQuery;

/// <summary><c>spec.options</c> as every job of the sink carries them.</summary>
/// <param name="Priority"><c>INTERACTIVE</c> or <c>BATCH</c>.</param>
/// <param name="MaximumBytesBilled">A job that would bill more fails without a charge; None = no limit.</param>
/// <param name="TimeoutMs">The service ends a job after this time; None = its own limit (6 hours).</param>
/// <param name="Labels">For the bill.</param>
internal sealed record JobSettings(string Priority, Option<string> MaximumBytesBilled, Option<string> TimeoutMs, Seq<(string Key, string Value)> Labels)
{
    /// <summary>The settings of the sink's options.</summary>
    public static JobSettings Of(BigQuerySink sink)
    {
        var options = sink.Settings.Options;
        return new JobSettings(
            options.Find("priority").IfNone("INTERACTIVE"),
            options.Find("maximum_bytes_billed"),
            options.Find("job_timeout_ms"),
            sink.Settings.OrderedOptions
                .Filter(option => KnownOptions.IsLabel(option.Name))
                .Map(option => (option.Name[KnownOptions.Label.Length..], option.Value))
                .Strict());
    }

    internal void WriteLabels(Utf8JsonWriter to)
    {
        if (Labels.IsEmpty)
            return;
        to.WriteStartObject("labels"u8);
        foreach (var (key, value) in Labels)
            to.WriteString(key, value);
        to.WriteEndObject();
    }
}

/// <summary>A job by an id that the client chose, so that a lost answer can be requested again.</summary>
/// <param name="Project">The project that is billed.</param>
/// <param name="Id">At most 1,024 letters, digits, <c>_</c> and <c>-</c> (REST API, JobReference).</param>
/// <param name="Location">Of the dataset.</param>
internal sealed record JobReference(string Project, string Id, string Location);
