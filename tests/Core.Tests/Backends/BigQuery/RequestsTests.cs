using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Kollect.Core.Backends.BigQuery;
using Kollect.Core.Snapshots;

namespace Kollect.Core.Tests.Backends.BigQuery;

public sealed class RequestsTests
{
    private static readonly SnapshotHeader Header = new(
        new Scope("platform", "all", "east"), new DateTimeOffset(2026, 11, 23, 8, 30, 0, TimeSpan.Zero), None);

    private static readonly TableId Items = new("acme-prod", "inventory", "items");

    private static readonly ExportPlan Plan = new(
        Header, Items, 1, "EU", Some("scratch"), false, new JobSettings("BATCH", Some("1000000000"), Some("600000"), Seq1(("team", "platform"))));

    private static Row Row(string uid, string payload) => new("deployments", uid, "shop", Encoding.UTF8.GetBytes(payload), 0);

    private static SourceRows Rows(params (string Uid, string Payload)[] items)
    {
        var rows = new SourceRows();
        foreach (var (uid, payload) in items)
            rows.Add(Row(uid, payload));
        return rows;
    }

    [Fact]
    public void The_job_of_an_export_matches_its_golden()
    {
        var rows = Rows(("a", """{"quote":"'","backtick":"`","statement":"@rows"}"""));
        rows.Keep("deployments", "too-large");
        Golden.Verify(
            Pretty(Requests.Statement(Plan.Job(new byte[32], 0), "MERGE …", Plan.WithRows(rows, SnapshotCounts.Zero), Plan.Settings)),
            "bigquery/job-merge.json");
    }

    /// <summary>The digits of a fraction once went out twice: then no look found the time that was written, and every one ended in an export in full.</summary>
    [Theory]
    [InlineData(8_200_000, "08:30:00.820000+00:00")]
    [InlineData(8_200_050, "08:30:00.820005+00:00")]
    [InlineData(50_000, "08:30:00.005000+00:00")]
    public void A_time_is_sent_to_the_microsecond(long ticks, string sent)
    {
        var plan = Plan with { Header = Header with { ExportedAt = Header.ExportedAt.AddTicks(ticks) } };
        Assert.Contains(
            $"2026-11-23 {sent}",
            Pretty(Requests.Statement(plan.Job(new byte[32], 0), "MERGE …", plan.WithRows(Rows(("a", "{}")), SnapshotCounts.Zero), plan.Settings)),
            StringComparison.Ordinal);
    }

    [Fact]
    public void The_jobs_of_a_large_export_match_their_golden()
    {
        var staging = Plan.Staging("1f");
        Golden.Verify(
            Pretty(Requests.StagingTable(staging, Header.ExportedAt + ExportPlan.StagingLifetime, Plan.Settings))
            + "\n" + Pretty(Requests.Load(Plan.Job(new byte[32], 0) with { Id = "kollect_load_1f" }, staging, Plan.Settings))
            + "\n" + Lines(Rows(("a", """{"say":"\"hi\"\n"}"""), ("b", "{}"))),
            "bigquery/job-load.txt");
    }

    [Fact]
    public void The_last_row_of_an_identity_is_sent_and_written_rows_come_before_kept_rows()
    {
        var rows = new SourceRows();
        rows.Keep("deployments", "kept");
        rows.Keep("deployments", "b");
        rows.Add(Row("a", "1"));
        rows.Add(Row("b", "1"));
        rows.Add(Row("a", "2"));
        rows.Keep("deployments", "a");
        var sent = JsonNode.Parse(rows.ToParameter().Span)!.AsArray()
            .Select(row => $"{row!["structValues"]!["uid"]!["value"]}={row["structValues"]!["payload"]!["value"]}");
        Assert.Equal(["b=1", "a=2", "kept="], sent);
    }

    [Fact]
    public void The_size_of_the_parameter_determines_whether_to_stage()
    {
        var rows = Rows(("a", """{"a":"\u00e9 \"x\""}"""), ("b", """{"b":1}"""), ("a", """{"a":2}"""));
        Assert.Equal(rows.ParameterBytes + 1, rows.ToParameter().Length); // two brackets, and no comma after the last row
        Assert.False(ExportPlan.NeedsStaging(rows));
        Assert.True(ExportPlan.NeedsStaging(Rows(("big", $"\"{new string('x', Limits.MaxRequestBytes)}\""))));
    }

    [Fact]
    public void A_job_has_the_same_id_for_the_same_rows_and_another_id_after_any_change()
    {
        string Id(ExportPlan plan, string payload, int attempt = 0) => plan.Job(Rows(("a", payload)).ToParameter().Span, attempt).Id;
        Assert.Equal(Id(Plan, "1"), Id(Plan, "1"));
        string[] others =
        [
            Id(Plan, "1"),
            Id(Plan, "2"),
            Id(Plan, "1", attempt: 1),
            Id(Plan with { CreatedMs = 2 }, "1"),
            Id(Plan with { SkipUnchanged = true }, "1"),
            Id(Plan with { Header = Header with { ExportedAt = Header.ExportedAt.AddMilliseconds(1) } }, "1"),
            Id(Plan with { Header = Header with { Scope = new Scope("platforma", "ll", "east") } }, "1"),
        ];
        Assert.Equal(others.Length, others.Distinct().Count());
        Assert.All(others, id => Assert.Matches("^[A-Za-z0-9_-]{1,1024}$", id));
    }

    [Fact]
    public void Without_a_staging_dataset_the_refusal_states_size_limit_and_remedy()
    {
        var rows = Rows(("big", $"\"{new string('x', Limits.MaxRequestBytes)}\""));
        var refusal = (Plan with { StagingDataset = None }).ObjectionToStaging(rows).Match(it => it.Message, () => "");
        Assert.Equal(
            "export: the snapshot has more than 9,000,130 bytes, one request takes 9,000,000, and in mode existing no staging table is created "
            + "unasked — create a dataset for staging tables in the same location and name it in options.staging_dataset",
            refusal);
    }

    [Theory]
    [InlineData("1.7953938E9", 1_795_393_800_000)]
    [InlineData("1795393800.123", 1_795_393_800_123)]
    [InlineData("0.0", 0)]
    public void Times_of_the_API_are_read_exactly_to_the_millisecond(string seconds, long milliseconds) =>
        Assert.Equal(milliseconds, Answer.Time(seconds).Match(time => time.ToUnixTimeMilliseconds(), () => -1));

    [Fact]
    public void Lines_are_taken_a_part_at_a_time_and_numbered_in_the_order_of_the_items()
    {
        var rows = Rows([.. Enumerable.Range(0, 500).Select(index => ($"{index % 400}", $"\"{new string('x', 1_000)}\""))]);
        var to = new ArrayBufferWriter<byte>();
        Assert.True(rows.TakeLines(to));
        Assert.InRange(to.WrittenCount, 1 << 16, 1 << 17);
        while (rows.TakeLines(to))
            continue;
        Assert.Equal((0, 400), (rows.ParameterBytes, rows.Lines));
        rows.Add(Row("7", "{}"));
        rows.Keep("deployments", "7");
        Assert.False(rows.TakeLines(to));
        var positions = Encoding.UTF8.GetString(to.WrittenSpan).TrimEnd('\n').Split('\n').Select(line => (int)JsonNode.Parse(line)!["position"]!);
        Assert.Equal(Enumerable.Range(100, 402), positions);
        Assert.Equal(500, rows.Last);
    }

    private static string Lines(SourceRows rows)
    {
        var to = new ArrayBufferWriter<byte>();
        rows.TakeLines(to);
        return Encoding.UTF8.GetString(to.WrittenSpan);
    }

    private static string Pretty(ReadOnlyMemory<byte> json) => Pretty(Encoding.UTF8.GetString(json.Span));

    private static string Pretty(string json) =>
        JsonSerializer.Serialize(JsonNode.Parse(json), new JsonSerializerOptions
        {
            WriteIndented = true,
            Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        });
}
