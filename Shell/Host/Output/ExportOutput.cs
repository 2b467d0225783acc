using System.Globalization;
using System.Text.Json.Nodes;
using Kollect.Core.Exports;

namespace Kollect.Host.Output;

/// <summary>Prints the result of an export, as JSON and as text.</summary>
internal static class ExportOutput
{
    /// <summary><c>status</c>, <c>message</c> and the fields of the outcome; without an outcome only the first two and the gaps.</summary>
    public static JsonObject Json(ExportReport report)
    {
        var json = Document.Of("Export");
        json["status"] = report.Status;
        json["message"] = report.Message;
        foreach (var outcome in report.Outcome.ToSeq())
        {
            foreach (var (name, count) in Counts(outcome))
                json[name] = count;
            json["staleKept"] = outcome.StaleKept;
            if (!outcome.Rejections.IsEmpty)
                json["rejections"] = Json(outcome.Rejections);
            if (LiveCluster.Warning(outcome.TakenFrom).Case is string warning)
                json["warnings"] = Json(Seq1(warning));
        }

        if (!report.Gaps.IsEmpty)
            json["gaps"] = PlanOutput.Json(report.Gaps);
        return json;
    }

    // Exported: the destination now holds exactly the snapshot
    //   items        406
    //   inserted     406
    //   …
    public static IEnumerable<string> Text(ExportReport report)
    {
        yield return $"{report.Status}: {report.Message}";
        foreach (var outcome in report.Outcome.ToSeq())
        {
            foreach (var (name, count) in Counts(outcome).Where(it => it.Count > 0 || Always.Contains(it.Name)))
                yield return string.Create(CultureInfo.InvariantCulture, $"  {name,-10} {count,12:N0}");
            foreach (var rejection in outcome.Rejections)
                yield return $"  rejected: {rejection}";
            if (outcome.Rejected > outcome.Rejections.Count)
                yield return string.Create(CultureInfo.InvariantCulture, $"  rejected: … and {outcome.Rejected - outcome.Rejections.Count:N0} more");
        }

        foreach (var line in report.Gaps.SelectMany(PlanOutput.Text))
            yield return line;
    }

    private static readonly string[] Always = ["items", "inserted", "updated", "deleted"];

    private static IEnumerable<(string Name, long Count)> Counts(ExportOutcome outcome) =>
    [
        ("items", outcome.Items),
        ("inserted", outcome.Inserted),
        ("updated", outcome.Updated),
        ("unchanged", outcome.Unchanged),
        ("deleted", outcome.Deleted),
        ("adopted", outcome.Adopted),
        ("duplicates", outcome.Duplicates),
        ("sanitized", outcome.Sanitized),
        ("rejected", outcome.Rejected),
        ("skipped", outcome.Skipped),
        ("bytes", outcome.Bytes),
        ("elapsedMs", outcome.ElapsedMs),
    ];

    private static JsonArray Json(Seq<string> texts) => new([.. texts.Map(text => (JsonNode)text)]);
}
