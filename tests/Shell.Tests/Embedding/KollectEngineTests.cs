using Kollect.Core.Secrets;
using Kollect.Models.V1Alpha1;

namespace Kollect.Shell.Tests.Embedding;

/// <summary>The facade, as a host uses it.</summary>
public sealed class KollectEngineTests
{
    private const string Manifest =
        """
        apiVersion: kollect.dev/v1alpha1
        kind: KollectDatabaseSink
        metadata: {name: warehouse, namespace: platform}
        spec: {type: postgres, cluster: east, postgres: {databaseRef: {name: db}, table: items}}
        """;

    private static readonly ExportSettings All = new("platform", "all");

    [Fact]
    public void Problems_are_told_at_once_and_such_a_sink_is_not_used()
    {
        var sink = KollectEngine.Validate(Manifest.Replace("table: items", "tabel: items", StringComparison.Ordinal));
        Assert.False(sink.IsValid);
        Assert.Equal(["KDB001", "KDB002"], sink.Problems.Select(problem => problem.Id).Order(StringComparer.Ordinal));
        Assert.Throws<InvalidOperationException>(() => sink.Statements);
        Assert.False(KollectEngine.Validate("a: [").IsValid);
        Assert.False(KollectEngine.Validate("kind: Secret").IsValid);
    }

    [Fact]
    public void A_sink_of_the_API_server_is_validated_like_its_manifest()
    {
        var model = KollectDatabaseSink.ReadJson(
            """
            {"apiVersion":"kollect.dev/v1alpha1","kind":"KollectDatabaseSink","metadata":{"name":"warehouse","namespace":"platform"},
             "spec":{"type":"postgres","cluster":"east","postgres":{"databaseRef":{"name":"db"},"table":"items"}}}
            """u8,
            out _)!;
        var sink = KollectEngine.Validate(model);
        Assert.True(sink.IsValid);
        Assert.Equal(KollectEngine.Validate(Manifest).Statements, sink.Statements);
    }

    [Fact]
    public async Task A_Secret_that_is_missing_refuses_plan_probe_and_export()
    {
        var engine = new KollectEngine(new KollectEngineOptions { ReadSecret = (_, _, _) => ValueTask.FromResult<SecretData?>(null) });
        var sink = KollectEngine.Validate(Manifest);
        var cancel = TestContext.Current.CancellationToken;
        const string Why = "secret: Secret platform/db was not found; create it";
        var plan = await engine.PlanAsync(sink, cancel: cancel);
        Assert.Equal((false, Why), (plan.IsReady, plan.Failure));
        var probe = await engine.ProbeAsync(sink, cancel: cancel);
        Assert.Equal((false, false, Why), (probe.IsReady, probe.IsTransient, probe.Message));
        var export = await engine.ExportAsync(sink, All, new MemoryStream(), cancel: cancel);
        Assert.Equal((ExportStatus.Refused, Why), (export.Status, export.Message));
    }

    [Fact]
    public async Task A_dry_run_counts_and_changes_nothing()
    {
        var database = await PostgresServer.CreateDatabaseAsync();
        var engine = new KollectEngine(new KollectEngineOptions
        {
            ReadSecret = (@namespace, name, _) => ValueTask.FromResult<SecretData?>(
                SecretData.Of(@namespace, name, new Dictionary<string, byte[]> { ["url"] = System.Text.Encoding.UTF8.GetBytes(database.Url()) })),
        });
        var (sink, cancel) = (KollectEngine.Validate(Manifest), TestContext.Current.CancellationToken);
        Assert.True((await engine.ProbeAsync(sink, cancel: cancel)).IsReady);
        var items = """{"targetName":"pods","namespace":"shop","name":"web","version":"v1","kind":"Pod","uid":"1","attributes":{}}"""u8.ToArray();
        var export = await engine.ExportAsync(sink, All with { IsDryRun = true }, new MemoryStream(items), cancel: cancel);
        Assert.Equal((ExportStatus.DryRun, 1L, 1L), (export.Status, export.Items, export.Inserted));
        Assert.Equal(0L, await database.ScalarAsync<long>("SELECT count(*) FROM pg_class WHERE relname = 'items'"));
    }

    [Fact]
    public void The_content_of_a_Secret_is_not_printed() => Assert.DoesNotContain(
        "pass-word", SecretData.Of("shop", "db", new Dictionary<string, string> { ["password"] = "pass-word" }).ToString(), StringComparison.Ordinal);
}
