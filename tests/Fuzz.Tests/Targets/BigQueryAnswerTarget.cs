using System.Text;
using Kollect.Core.Backends.BigQuery;
using Kollect.Core.Exports;
using Kollect.Fuzz.Tests.Engine;

namespace Kollect.Fuzz.Tests.Targets;

/// <summary>Answers of BigQuery's REST API, each read as every resource.</summary>
internal sealed class BigQueryAnswerTarget() : FuzzTarget("bigquery-answers")
{
    public override InputForm Form => InputForm.Json;

    public override IReadOnlyList<string> Tokens =>
    [
        "status", "state", "DONE", "errorResult", "reason", "message", "statistics", "query", "dmlStats", "insertedRowCount", "totalBytesBilled",
        "load", "outputRows",
        "jobComplete", "jobReference", "jobId", "rows", "f", "v", "location", "defaultPartitionExpirationMs", "defaultTableExpirationMs",
        "defaultCollation", "schema",
        "fields", "name", "type", "mode", "REQUIRED", "STRING", "JSON", "maxLength", "collation", "policyTags", "names", "timePartitioning",
        "field", "expirationMs",
        "clustering", "requirePartitionFilter", "creationTime", "numBytes", "expirationTime", "\"9223372036854775807\"", "922337203685478",
        "1.7953938E9",
    ];

    public override string Run(byte[] input)
    {
        var text = Encoding.UTF8.GetString(input);
        var dataset = Observed.OfDataset(text);
        var observed = dataset with { Table = ObservedTable.Read(text) };
        var desired = Plan.Desire(Sinks.BigQuery, Sinks.BigQuery.Location);
        var row = Answer.FirstRow(text);
        return string.Join(
            '\n',
            JobState.Read(text),
            Answer.IsComplete(text),
            Answer.JobId(text),
            row,
            row.Bind(it => it.ToSeq()).Map(Answer.Time),
            Text(ProbeReport.Of(Sinks.BigQuery, desired, observed)),
            Text(ProbeReport.Of(Sinks.BigQuery, desired, dataset)),
            Remarks.Of(desired, observed));
    }

    private static string Text(ProbeResult probe) => probe is ProbeResult.Failed it ? it.Failure.Message : $"{probe}";
}
