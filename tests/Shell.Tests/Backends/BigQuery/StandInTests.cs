namespace Kollect.Shell.Tests.Backends.BigQuery;

/// <summary>An independent client verifies the stand-in server.</summary>
public sealed class StandInTests
{
    [Fact]
    public async Task The_official_Node_client_works_against_the_stand_in()
    {
        StandIns.RequireInstalled("@google-cloud/bigquery");

        var report = await StandIns.RunAsync("bigquery/proof.test.js", []);

        Assert.Matches(@"(?m)^\W+ pass [1-9]\d*$", report);
        Assert.Matches(@"(?m)^\W+ fail 0$", report);
    }

    [Fact]
    public async Task A_server_with_accounts_and_TLS_supports_load_dump_and_log()
    {
        await using var server = await BigQueryServer.StartAsync(new BigQueryOptions { RequireAuth = true, Tls = true });
        await server.CreateDatasetAsync("acme-prod", "inventory");

        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => server.DumpAsync("acme-prod", "inventory", "items"));
        await server.ServiceAccountAsync();
        await server.CreateTableAsync("acme-prod", "inventory", """{"tableReference":{"tableId":"items"},"schema":{"fields":[{"name":"a","type":"JSON"}]}}""");
        await server.LoadAsync("acme-prod", "inventory", "items", ["""{"a":{"wide":9007199254740993}}""", """{"a":[1.0]}"""]);

        Assert.Contains("authentication credential", refused.Message, StringComparison.Ordinal);
        Assert.Equal(["""{"a":"[1.0]"}""", """{"a":"{\"wide\":9007199254740993}"}"""], await server.DumpAsync("acme-prod", "inventory", "items"));
        var load = Assert.Single(await server.LogAsync(), it => it.Kind == "LOAD");
        Assert.Equal(("jobs.insert", true, "inventory", "items", 200), (load.Resource, load.Upload, load.Dataset, load.Table, load.Status));
    }

    [Fact]
    public async Task A_fault_fails_the_request_that_it_names()
    {
        await using var server = await BigQueryServer.StartAsync();
        await server.CreateDatasetAsync("acme-prod", "inventory");
        await server.FaultsAsync("""[{"on":"tables.get","status":403,"reason":"accessDenied","message":"Access Denied: Table"}]""");

        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => server.DumpAsync("acme-prod", "inventory", "items"));
        var missing = await Assert.ThrowsAsync<InvalidOperationException>(() => server.DumpAsync("acme-prod", "inventory", "items"));

        Assert.Contains("Access Denied: Table", refused.Message, StringComparison.Ordinal);
        Assert.Contains("Not found: Table acme-prod:inventory.items", missing.Message, StringComparison.Ordinal);
        Assert.Equal([403, 404], (await server.LogAsync()).Where(it => it.Resource == "tables.get").Select(it => it.Status!.Value));
    }
}
