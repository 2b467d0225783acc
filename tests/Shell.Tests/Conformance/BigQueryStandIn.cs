using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;

namespace Kollect.Shell.Tests.Conformance;

/// <summary>A BigQuery server in memory (<c>tests/StandIns/bigquery</c>), as far as the conformance suite needs one.</summary>
public sealed class BigQueryStandIn : IAsyncDisposable
{
    private static readonly HttpClient Http = new();
    private readonly Process process;

    private BigQueryStandIn(Process process, int port)
    {
        this.process = process;
        Endpoint = new UriBuilder("http", "127.0.0.1", port).Uri;
    }

    public Uri Endpoint { get; }

    public static async Task<BigQueryStandIn> StartAsync()
    {
        StandIns.RequireInstalled("@google-cloud/bigquery");
        var process = StandIns.Start("bigquery/server.js", ["--port", "0", "--with-parent"]);
        return new(process, (await StandIns.ReadyLineAsync(process, TimeSpan.FromSeconds(30))).GetProperty("port").GetInt32());
    }

    /// <summary>Answers the body; an error with the body where the status is not of success.</summary>
    public async Task<string> PostAsync(string path, JsonNode body)
    {
        using var content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        using var answer = await Http.PostAsync(new Uri(Endpoint, path), content, TestContext.Current.CancellationToken);
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return answer.IsSuccessStatusCode ? text : throw new InvalidOperationException($"{path}: {text}");
    }

    public async Task DeleteAsync(string path)
    {
        using var answer = await Http.DeleteAsync(new Uri(Endpoint, path), TestContext.Current.CancellationToken);
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>All rows as JSON, JSON columns as texts; a missing table has none.</summary>
    public async Task<IReadOnlyList<string>> DumpAsync(string project, string dataset, string table)
    {
        try
        {
            var rows = await StandIns.RunAsync("bigquery/dump.js", [$"{Endpoint.Port}", project, dataset, table]);
            return rows.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        }
        catch (InvalidOperationException error) when (error.Message.Contains("Not found: Table", StringComparison.Ordinal))
        {
            return [];
        }
    }

    public ValueTask DisposeAsync() => new(StandIns.StopAsync(process));
}

/// <summary>One server for all tests of a class; started by the first that asks.</summary>
public sealed class SharedBigQuery : IAsyncDisposable
{
    private readonly Lazy<Task<BigQueryStandIn>> server = new(BigQueryStandIn.StartAsync);

    public Task<BigQueryStandIn> ServerAsync => server.Value;

    public async ValueTask DisposeAsync()
    {
        if (server is { IsValueCreated: true, Value.IsCompletedSuccessfully: true })
            await (await server.Value).DisposeAsync();
    }
}
