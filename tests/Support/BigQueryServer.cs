using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using Xunit;

namespace Kollect.Tests.Support;

/// <summary>How a stand-in server for BigQuery starts.</summary>
public sealed record BigQueryOptions
{
    /// <summary>A feature that BigQuery itself does not have, e.g. "fault switches": the test skips on a given project. Null = none.</summary>
    public string? Needs { get; init; }

    /// <summary>Only tokens of accounts from <see cref="BigQueryServer.ServiceAccountAsync"/> are let in.</summary>
    public bool RequireAuth { get; init; }

    /// <summary>HTTPS, with a certificate for 127.0.0.1 of an authority made for this server: <see cref="BigQueryServer.AuthorityPem"/>.</summary>
    public bool Tls { get; init; }
}

/// <summary>One request as the server saw it.</summary>
/// <param name="Resource">Google's name of the operation ("jobs.insert"), or "token".</param>
/// <param name="Kind">QUERY or LOAD where the request starts a job; else null.</param>
/// <param name="Upload">True for an upload of media.</param>
/// <param name="Job">The id that the client chose; null where it chose none.</param>
/// <param name="Bytes">Size of the body, uncompressed.</param>
/// <param name="WireBytes">Size of the body as it came.</param>
/// <param name="Parameters">Names of the query parameters.</param>
/// <param name="Priority">INTERACTIVE or BATCH, for queries.</param>
/// <param name="Status">HTTP status of the answer; null where a fault dropped the connection.</param>
public sealed record BigQueryRequest(
    string Method,
    string Resource,
    string? Kind,
    bool Upload,
    string? Project,
    string? Dataset,
    string? Table,
    string? Job,
    string? Location,
    long Bytes,
    long WireBytes,
    string? Statement,
    IReadOnlyList<string> Parameters,
    IReadOnlyDictionary<string, string> Labels,
    string? Priority,
    bool DryRun,
    int? Status);

/// <summary>
/// The BigQuery of KOLLECT_TEST_BIGQUERY, else a server in memory (<c>tests/StandIns/bigquery</c>): the real REST API, tested with the official Node client.
/// The caller disposes it.
/// </summary>
public sealed class BigQueryServer : IAsyncDisposable
{
    // The scripts name a table always.
    private const string NoTable = "-";

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);
    private static readonly JsonSerializerOptions Wire = new(JsonSerializerDefaults.Web);
    private static readonly Lazy<Task<BigQueryProject>> Given = new(() => GivenServer.BigQuery.AnswerAsync(ConnectAsync));
    private readonly BigQueryStandIn? standIn;
    private readonly ConcurrentBag<string> datasets = [];
    private string? credentialsFile;

    private BigQueryServer(BigQueryProject given) => (Project, Endpoint, credentialsFile) = (given.Name, given.Endpoint, given.KeyFile);

    private BigQueryServer(BigQueryStandIn standIn) => (this.standIn, Project, Endpoint) = (standIn, "kollect-test", standIn.Endpoint);

    /// <summary>The project of tests that choose none themselves.</summary>
    public string Project { get; }

    /// <summary>Base URL without a path: what <c>spec.endpoint</c> and BIGQUERY_EMULATOR_HOST take.</summary>
    public string Endpoint { get; }

    /// <summary>The certificate authority that signed the server's certificate; null without TLS.</summary>
    public string? AuthorityPem => standIn?.AuthorityPem;

    /// <summary>The given project, or a stand-in on a free port. Skips where Node.js or its packages are missing, fails there under CI.</summary>
    public static async Task<BigQueryServer> StartAsync(BigQueryOptions? options = null)
    {
        options ??= new BigQueryOptions();
        if (options.Needs is not null || options.Tls)
            GivenServer.BigQuery.RequireNone(options.Needs ?? "TLS with an authority of its own");
        StandIns.RequireInstalled("@google-cloud/bigquery");
        if (GivenServer.BigQuery.Value is not null)
            return new BigQueryServer(await Given.Value);

        var folder = Directory.CreateTempSubdirectory("kollect-bigquery-").FullName;
        var authority = options.Tls ? TestCertificates.Write(folder) : null;
        List<string> arguments = ["--port", "0", "--with-parent"];
        if (options.RequireAuth)
            arguments.Add("--require-auth");
        if (options.Tls)
            arguments.AddRange(["--tls-cert", Path.Combine(folder, "server.pem"), "--tls-key", Path.Combine(folder, "server.key")]);
        var process = StandIns.Start("bigquery/server.js", arguments);
        try
        {
            var ready = await StandIns.ReadyLineAsync(process, Timeout);
            return new BigQueryServer(new BigQueryStandIn(process, folder, ready.GetProperty("port").GetInt32(), authority));
        }
        catch
        {
            await StandIns.StopAsync(process);
            Directory.Delete(folder, recursive: true);
            throw;
        }
    }

    /// <summary>The text of a <c>credentials.json</c>: of a new account whose token endpoint is the stand-in, or of the given key file.</summary>
    public async Task<string> ServiceAccountAsync(string? project = null, string name = "exporter")
    {
        if (standIn is null)
            return await File.ReadAllTextAsync(credentialsFile!, TestContext.Current.CancellationToken);
        var credentials = await standIn.PostAsync("service-account", JsonSerializer.Serialize(new { project = project ?? Project, name }, Wire));
        credentialsFile = Path.Combine(standIn.Folder, "credentials.json");
        await File.WriteAllTextAsync(credentialsFile, credentials, TestContext.Current.CancellationToken);
        return credentials;
    }

    /// <summary>A dataset of one test in <see cref="Project"/>; in a given project it is deleted with this object.</summary>
    /// <param name="defaults">Further fields of its resource, e.g. <c>defaultCollation</c>.</param>
    public async Task<string> CreateDatasetAsync(params (string Name, string Value)[] defaults)
    {
        var dataset = GivenServer.UniqueName();
        var resource = new JsonObject { ["location"] = "EU" };
        foreach (var (name, value) in defaults)
            resource[name] = value;
        await CreateDatasetAsync(Project, dataset, resource);
        datasets.Add(dataset);
        return dataset;
    }

    /// <summary>A dataset; a stand-in makes it without credentials.</summary>
    public Task CreateDatasetAsync(string project, string dataset, string location = "EU") =>
        CreateDatasetAsync(project, dataset, new JsonObject { ["location"] = location });

    private Task CreateDatasetAsync(string project, string dataset, JsonObject resource)
    {
        if (standIn is null)
            return RunAsync("bigquery/admin.js", project, dataset, NoTable, new JsonObject { ["createDataset"] = resource }.ToJsonString());
        (resource["project"], resource["dataset"]) = (project, dataset);
        return standIn.PostAsync("dataset", resource.ToJsonString());
    }

    /// <summary>A table; a stand-in makes it without credentials.</summary>
    /// <param name="resource">Google's Table resource, as tables.insert takes it.</param>
    public Task CreateTableAsync(string project, string dataset, string resource)
    {
        var parsed = JsonNode.Parse(resource)!;
        return standIn is null
            ? RunAsync("bigquery/admin.js", project, dataset, (string)parsed["tableReference"]!["tableId"]!, $$"""{"createTable":{{resource}} }""")
            : standIn.PostAsync("table", new JsonObject { ["project"] = project, ["dataset"] = dataset, ["resource"] = parsed }.ToJsonString());
    }

    /// <summary>
    /// Sets faults, e.g. <c>[{"on":"jobs.insert","status":403,"reason":"rateLimitExceeded","message":"slow down"}]</c>; the server's README lists them.
    /// </summary>
    public Task FaultsAsync(string faults) => Started("fault switches").PostAsync("faults", faults);

    public Task ClearFaultsAsync() => Started("fault switches").DeleteAsync("faults");

    /// <summary>How long each job waits before it runs from now on; 10 ms at first.</summary>
    public Task DelayJobsAsync(TimeSpan delay) =>
        Started("fault switches").PostAsync("delay", JsonSerializer.Serialize(new { jobMs = delay.TotalMilliseconds }, Wire));

    /// <summary>All requests so far, in the order in which they were answered.</summary>
    public async Task<IReadOnlyList<BigQueryRequest>> LogAsync() =>
        [.. (await Started("a log of requests").GetAsync<List<Entry>>("log", Wire)).Select(it => it.ToRequest())];

    /// <summary>All rows of a table as lines of JSON, in ordinal order of those lines; JSON columns as their text. Read by the official Node client.</summary>
    public async Task<IReadOnlyList<string>> DumpAsync(string project, string dataset, string table) =>
        (await RunAsync("bigquery/dump.js", project, dataset, table)).Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Loads rows, each a JSON object, by a load job of the official Node client.</summary>
    public Task LoadAsync(string project, string dataset, string table, IEnumerable<string> rows) =>
        RunAsync("bigquery/load.js", project, dataset, table, string.Join('\n', rows));

    /// <summary>Runs a statement of GoogleSQL by the official Node client.</summary>
    public Task QueryAsync(string project, string dataset, string table, string statement) =>
        RunAsync("bigquery/query.js", project, dataset, table, statement);

    public async ValueTask DisposeAsync()
    {
        if (standIn is not null)
            await standIn.DisposeAsync();
        else
            foreach (var dataset in datasets)
                await RunAsync("bigquery/admin.js", Project, dataset, NoTable, """{"deleteDataset":{}}""");
    }

    /// <summary>The stand-in, for what only that can do; skips where a project is given.</summary>
    private BigQueryStandIn Started(string what) => GivenServer.BigQuery.Require(standIn, what);

    /// <summary>Creates and deletes a dataset: a query would not show whether the key has all permissions.</summary>
    private static async Task<BigQueryProject> ConnectAsync(string text)
    {
        var given = BigQueryProject.Parse(text);
        await using var server = new BigQueryServer(given);
        await server.CreateDatasetAsync();
        return given;
    }

    private Task<string> RunAsync(string script, string project, string dataset, string table, string input = "")
    {
        List<string> arguments = [Endpoint, project, dataset, table];
        if (credentialsFile is not null)
            arguments.AddRange(["--credentials", credentialsFile]);
        return StandIns.RunAsync(script, arguments, input, AuthorityPem is null ? null : Path.Combine(standIn!.Folder, "ca.pem"));
    }

    /// <summary>A line of the log; fields that do not apply are absent.</summary>
    private sealed record Entry(
        string Method, string Resource, string? Kind, bool? Upload, string? Project, string? Dataset, string? Table, string? Job, string? Location, long Bytes,
        long WireBytes, string? Statement, List<string>? Parameters, Dictionary<string, string>? Labels, string? Priority, bool? DryRun, int? Status)
    {
        internal BigQueryRequest ToRequest() => new(
            Method, Resource, Kind, Upload ?? false, Project, Dataset, Table, Job, Location, Bytes, WireBytes, Statement, Parameters ?? [],
            Labels ?? [], Priority, DryRun ?? false, Status);
    }
}
