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
        return string.Join(
            '\n',
            JobState.Read(text),
            Answer.Read(text),
            Answer.Read(text).Map(answer => answer is Answer.Complete it ? it.FirstRow.Map(value => value.Bind(Answer.Time)) : Empty),
            dataset.Map(Remarks),
            from known in dataset from table in ObservedTable.Read(text) select Remarks(known with { Table = table }));
    }

    private static string Remarks(Observed observed)
    {
        var desired = Plan.Desire(Sinks.BigQuery, Sinks.BigQuery.Location);
        return $"{Text(ProbeReport.Of(Sinks.BigQuery, desired, observed))}\n{Core.Backends.BigQuery.Remarks.Of(desired, observed)}";
    }

    private static string Text(ProbeResult probe) => probe is ProbeResult.Failed it ? it.Failure.Message : $"{probe}";
}
