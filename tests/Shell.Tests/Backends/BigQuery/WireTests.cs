using System.Text;
using Kollect.Core.Exports;
using Kollect.Core.Failures;
using Kollect.Core.Snapshots;
using Kollect.Models.V1Alpha1;
using Kollect.Shell.Snapshots;
using Kollect.Shell.Tests.Backends.Conformance;

namespace Kollect.Shell.Tests.Backends.BigQuery;

/// <summary>The requests of an export in the server's log, and its reactions to replies of the service.</summary>
public sealed class WireTests
{
    private const string Jobs = "jobs.insert";

    private static async Task<IReadOnlyList<BigQueryRequest>> SinceAsync(BigQueryMirror mirror, int before) =>
        [.. (await mirror.Server.LogAsync()).Skip(before)];

    /// <summary>A table with the rows a=1 b=2, and the number of requests so far.</summary>
    private static async Task<(BigQueryMirror Mirror, int Requests)> StartAsync()
    {
        var mirror = await BigQueryMirror.CreateOwnAsync("a log of requests and fault switches");
        await mirror.ExportedAsync(Mirror.Items("a=1 b=2"));
        return (mirror, (await mirror.Server.LogAsync()).Count);
    }

    private static RowOrRejection Large(string uid, int bytes) => new RowOrRejection.Accepted(
        new Row("deployments", uid, "shop", Encoding.UTF8.GetBytes($$"""{"uid":"{{uid}}","value":"{{new string('x', bytes)}}"}"""), 0));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_export_is_one_job_and_its_statement_contains_no_value(bool skipUnchanged)
    {
        var (mirror, before) = await StartAsync();
        await using var _ = mirror;
        await (mirror with { SkipUnchanged = skipUnchanged }).ExportedAsync(
            [Mirror.Item("uid-of-item", "' \\\\ ` @rows"), .. Mirror.Many(2_000, "value-of-item")],
            at: 1,
            inventory: "name-of-inventory",
            cluster: "name-of-cluster");
        var log = await SinceAsync(mirror, before);
        var job = Assert.Single(log, it => it.Resource == Jobs);
        Assert.DoesNotContain(log, it => it.Resource == "jobs.query" || it.Upload);
        Assert.Contains("MERGE", job.Statement!, StringComparison.Ordinal);
        foreach (var value in new[] { "uid-of-item", "value-of-item", "name-of-inventory", "name-of-cluster", "platform", "2026" })
            Assert.DoesNotContain(value, job.Statement!, StringComparison.Ordinal);
        Assert.Equal(
            ["cluster", "delete_stale", "exported_at", "inventory_name", "inventory_namespace", "rows"], job.Parameters.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task After_a_lost_reply_the_request_is_repeated_and_the_job_runs_once()
    {
        var (mirror, before) = await StartAsync();
        await using var _ = mirror;
        await mirror.Server.FaultsAsync("""[{"on":"jobs.insert","times":1,"drop":"after"}]""");
        var outcome = await mirror.ExportedAsync(Mirror.Items("a=9 c=3"), at: 1);
        Assert.Equal((1, 1, 1), (outcome.Inserted, outcome.Updated, outcome.Deleted));
        var submitted = (await SinceAsync(mirror, before)).Where(it => it.Resource == Jobs).ToArray();
        Assert.Single(submitted.Select(it => it.Job).Distinct());
        Assert.Equal([null, 409], submitted.Select(it => it.Status).OrderBy(status => status));
    }

    [Fact]
    public async Task A_repeated_snapshot_finds_its_job_while_the_rows_are_unchanged()
    {
        var (mirror, before) = await StartAsync();
        await using var _ = mirror;
        var outcome = await mirror.ExportedAsync(Mirror.Items("a=1 b=2"));
        Assert.Equal(2, outcome.Inserted); // the counts of the first run
        Assert.Equal(409, Assert.Single(await SinceAsync(mirror, before), it => it.Resource == Jobs).Status);

        await mirror.ExportedAsync(Mirror.Items("a=2"), at: 1);
        Assert.IsType<ExportResult.Superseded>(await mirror.ExportAsync(Mirror.Items("a=1 b=2")));
        Assert.Equal("a=2", await mirror.RowsAsync());
    }

    [Fact]
    public async Task A_repeated_snapshot_runs_a_new_job_after_the_rows_were_changed()
    {
        await using var mirror = await BigQueryMirror.CreateOwnAsync("a log of requests and fault switches");
        await mirror.ExportedAsync(Mirror.Items("a=1"), at: 1);
        await mirror.ExportedAsync([], at: 2); // no row is left that carries a time
        await mirror.ExportedAsync(Mirror.Items("a=1"), at: 1);
        Assert.Equal("a=1", await mirror.RowsAsync());
    }

    [Theory]
    [InlineData("""{"on":"jobs.insert","times":2,"status":403,"reason":"rateLimitExceeded","message":"Exceeded rate limits"}""", 1)]
    [InlineData("""{"on":"jobs.get","times":1,"status":503,"reason":"backendError","message":"try again"}""", 1)]
    [InlineData("""{"on":"job-result","times":1,"status":400,"reason":"jobBackendError","message":"The job encountered an error during execution"}""", 2)]
    [InlineData(
        """{"on":"job-result","times":1,"status":400,"reason":"invalidQuery","message":"Could not serialize access to table due to concurrent update"}""",
        2)]
    public async Task A_transient_error_is_retried_with_a_new_job_only_if_the_old_job_failed(string fault, int jobs)
    {
        var (mirror, before) = await StartAsync();
        await using var _ = mirror;
        await mirror.Server.FaultsAsync($"[{fault}]");
        await mirror.ExportedAsync(Mirror.Items("a=9 c=3"), at: 1);
        Assert.Equal("a=9 c=3", await mirror.RowsAsync());
        Assert.Equal(jobs, (await SinceAsync(mirror, before)).Where(it => it.Resource == Jobs).Select(it => it.Job).Distinct().Count());
    }

    [Theory]
    [InlineData(
        """{"on":"jobs.insert","times":9,"status":403,"reason":"accessDenied","""
        + """ "message":"Access Denied: Project kollect-test: User does not have bigquery.jobs.create permission"}""")]
    [InlineData("""{"on":"job-result","times":9,"status":400,"reason":"invalidQuery","message":"Syntax error"}""")]
    public async Task Any_other_error_is_not_retried(string fault)
    {
        var (mirror, before) = await StartAsync();
        await using var _ = mirror;
        await mirror.Server.FaultsAsync($"[{fault}]");
        Assert.IsType<Failure.Refused>(Assert.IsType<ExportResult.Failed>(await mirror.ExportAsync(Mirror.Items("c=3"), at: 1)).Failure);
        Assert.Single(await SinceAsync(mirror, before), it => it.Resource == Jobs);
        await mirror.Server.ClearFaultsAsync();
        Assert.Equal("a=1 b=2", await mirror.RowsAsync());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Forty_megabytes_take_one_load_job_and_one_MERGE_and_leave_no_staging_table(bool skipUnchanged)
    {
        var (start, before) = await StartAsync();
        await using var _ = start;
        var mirror = start with { SkipUnchanged = skipUnchanged };
        var outcome = await mirror.ExportedAsync(
            [
                .. Mirror.Items("a=0"),
                .. Enumerable.Range(0, 400).Select(i => Large($"u{i}", 100_000)),
                Mirror.Rejected("b"),
                .. Mirror.Items("u0=again a=2"),
            ],
            at: 1);
        Assert.Equal((404, 400, 1, 2, 1, 0), (outcome.Items, outcome.Inserted, outcome.Updated, outcome.Duplicates, outcome.Rejected, outcome.Deleted));
        var log = await SinceAsync(mirror, before);
        Assert.Single(log, it => it is { Resource: Jobs, Kind: "LOAD" });
        Assert.Single(log, it => it is { Resource: Jobs, Kind: "QUERY" });
        Assert.Equal("tables.delete", log[^1].Resource);
        Assert.StartsWith("kollect_staging_", log[^1].Table!, StringComparison.Ordinal);
        var rows = await mirror.StoredAsync();
        Assert.Equal("2 2 again", string.Join(' ', new[] { "a", "b", "u0" }.Select(uid => Mirror.ValueOf(rows.Single(row => row.SourceUid == uid)))));
    }

    [Theory]
    [InlineData("""{"on":"statement","match":"MERGE","times":9,"status":403,"reason":"accessDenied","message":"Access Denied"}""")]
    [InlineData("""{"on":"upload","times":9,"status":403,"reason":"accessDenied","message":"Access Denied"}""")]
    public async Task A_failed_export_leaves_no_staging_table(string fault)
    {
        var (mirror, before) = await StartAsync();
        await using var _ = mirror;
        await mirror.Server.FaultsAsync($"[{fault}]");
        Assert.IsType<ExportResult.Failed>(await mirror.ExportAsync(Enumerable.Range(0, 120).Select(i => Large($"u{i}", 100_000)), at: 1));
        Assert.Contains(await SinceAsync(mirror, before), it => it is { Resource: "tables.delete", Status: 204 or 200 });
        Assert.Equal("a=1 b=2", await mirror.RowsAsync());
    }

    [Fact]
    public async Task Large_input_that_fails_midway_leaves_no_staging_table()
    {
        var (mirror, before) = await StartAsync();
        await using var _ = mirror;
        IEnumerable<RowOrRejection> Cut()
        {
            for (var i = 0; i < 150; i++)
                yield return Large($"u{i}", 100_000);
            throw new SnapshotException("input: cut");
        }

        Assert.IsType<Failure.Refused>(Assert.IsType<ExportResult.Failed>(await mirror.ExportAsync(Cut(), at: 1)).Failure);
        var log = await SinceAsync(mirror, before);
        Assert.DoesNotContain(log, it => it.Resource == Jobs && it.Kind == "QUERY");
        Assert.Contains(log, it => it.Resource == "tables.delete");
        Assert.Equal("a=1 b=2", await mirror.RowsAsync());
    }

    [Fact]
    public async Task Mode_existing_creates_nothing_but_a_staging_table_in_the_staging_dataset()
    {
        var (ensure, before) = await StartAsync();
        await using var _ = ensure;
        var mirror = ensure with { Mode = KollectDatabaseSinkMode.Existing };
        await mirror.ExportedAsync(Mirror.Items("a=2 c=3"), at: 1);
        var large = Enumerable.Range(0, 120).Select(i => Large($"u{i}", 100_000)).ToArray();
        var refused = Assert.IsType<Failure.Refused>(Assert.IsType<ExportResult.Failed>(await mirror.ExportAsync(large, at: 2)).Failure);
        Assert.Contains("options.staging_dataset", refused.Message, StringComparison.Ordinal);
        Assert.Contains("9,000,000", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(await SinceAsync(mirror, before), it => it.Resource is "tables.insert" or "datasets.insert");

        await mirror.Server.CreateDatasetAsync(mirror.Server.Project, "scratch");
        await (mirror with { Options = HashMap(("staging_dataset", "scratch")) }).ExportedAsync(large, at: 3);
        Assert.Equal("scratch", Assert.Single(await SinceAsync(mirror, before), it => it.Resource == "tables.insert").Dataset);
    }

    [Fact]
    public async Task Options_take_effect()
    {
        var (mirror, before) = await StartAsync();
        await using var _ = mirror;
        await (mirror with { Options = HashMap(("priority", "BATCH"), ("label.team", "platform")) }).ExportedAsync(Mirror.Items("a=2"), at: 1);
        var job = Assert.Single(await SinceAsync(mirror, before), it => it.Resource == Jobs);
        Assert.Equal(("BATCH", "platform"), (job.Priority, job.Labels["team"]));

        var limited = mirror with { Options = HashMap(("maximum_bytes_billed", "1")) };
        var refused = Assert.IsType<Failure.Refused>(Assert.IsType<ExportResult.Failed>(await limited.ExportAsync(Mirror.Items("a=3"), at: 2)).Failure);
        Assert.Contains("options.maximum_bytes_billed", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_probe_and_a_plan_write_nothing_and_the_service_checks_the_MERGE()
    {
        var (mirror, before) = await StartAsync();
        await using var _ = mirror;
        await using var destination = mirror.Open();
        Assert.IsType<ProbeResult.Succeeded>(await destination.ProbeAsync(TestContext.Current.CancellationToken));
        var planned = Assert.IsType<PlanResult.Planned>(await destination.PlanAsync(TestContext.Current.CancellationToken));
        Golden.Verify(string.Join('\n', planned.Preview.Remarks), "bigquery/remarks.txt");
        var log = await SinceAsync(mirror, before);
        Assert.True(Assert.Single(log, it => it.Resource == Jobs).DryRun);
        Assert.Empty(log.Select(it => it.Resource).Except([Jobs, "datasets.get", "tables.get", "token"]));
    }
}
