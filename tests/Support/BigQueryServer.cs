using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using Xunit;

namespace Kollect.Tests.Support;

/// <summary>How a stand-in server for BigQuery starts.</summary>
public sealed record BigQueryOptions
{
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
/// A BigQuery server in memory (<c>tests/StandIns/bigquery</c>): the real REST API, tested with the official Node client. The caller disposes it.
/// </summary>
public sealed class BigQueryServer : IAsyncDisposable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);
    private static readonly JsonSerializerOptions Wire = new(JsonSerializerDefaults.Web);
    private readonly Process process;
    private readonly string folder;
    private readonly HttpClient control;
    private string? credentialsFile;

    private BigQueryServer(Process process, string folder, int port, string? authority)
    {
        this.process = process;
        this.folder = folder;
        Port = port;
        AuthorityPem = authority;
        Endpoint = string.Create(CultureInfo.InvariantCulture, $"{(authority is null ? "http" : "https")}://127.0.0.1:{port}");
        control = new HttpClient(Trusting(authority)) { BaseAddress = new Uri($"{Endpoint}/stand-in/") };
    }

    public int Port { get; }

    /// <summary>Base URL without a path: what <c>spec.endpoint</c> and BIGQUERY_EMULATOR_HOST take.</summary>
    public string Endpoint { get; }

    /// <summary>The certificate authority that signed the server's certificate; null without TLS.</summary>
    public string? AuthorityPem { get; }

    /// <summary>A server on a free port. Skips where Node.js or its packages are missing, fails there under CI.</summary>
    public static async Task<BigQueryServer> StartAsync(BigQueryOptions? options = null)
    {
        options ??= new BigQueryOptions();
        StandIns.RequireInstalled("@google-cloud/bigquery");
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
            return new BigQueryServer(process, folder, ready.GetProperty("port").GetInt32(), authority);
        }
        catch
        {
            await StandIns.StopAsync(process);
            Directory.Delete(folder, recursive: true);
            throw;
        }
    }

    /// <summary>A new account, as the text of its <c>credentials.json</c>; its token endpoint is this server.</summary>
    public async Task<string> ServiceAccountAsync(string project = "acme-prod", string name = "exporter")
    {
        var credentials = await PostAsync("service-account", JsonSerializer.Serialize(new { project, name }, Wire));
        credentialsFile = Path.Combine(folder, "credentials.json");
        await File.WriteAllTextAsync(credentialsFile, credentials, TestContext.Current.CancellationToken);
        return credentials;
    }

    /// <summary>A dataset, made without credentials.</summary>
    public Task CreateDatasetAsync(string project, string dataset, string location = "EU") =>
        PostAsync("dataset", JsonSerializer.Serialize(new { project, dataset, location }, Wire));

    /// <summary>A table, made without credentials.</summary>
    /// <param name="resource">Google's Table resource, as tables.insert takes it.</param>
    public Task CreateTableAsync(string project, string dataset, string resource) =>
        PostAsync("table", $$"""{"project":{{JsonSerializer.Serialize(project)}},"dataset":{{JsonSerializer.Serialize(dataset)}},"resource":{{resource}} }""");

    /// <summary>
    /// Sets faults, e.g. <c>[{"on":"jobs.insert","status":403,"reason":"rateLimitExceeded","message":"slow down"}]</c>; the server's README lists them.
    /// </summary>
    public Task FaultsAsync(string faults) => PostAsync("faults", faults);

    public async Task ClearFaultsAsync() =>
        (await control.DeleteAsync(new Uri("faults", UriKind.Relative), TestContext.Current.CancellationToken)).EnsureSuccessStatusCode();

    /// <summary>How long each job waits before it runs from now on; 10 ms at first.</summary>
    public Task DelayJobsAsync(TimeSpan delay) => PostAsync("delay", JsonSerializer.Serialize(new { jobMs = delay.TotalMilliseconds }, Wire));

    /// <summary>All requests so far, in the order in which they were answered.</summary>
    public async Task<IReadOnlyList<BigQueryRequest>> LogAsync() =>
        [.. (await control.GetFromJsonAsync<List<Entry>>(new Uri("log", UriKind.Relative), Wire, TestContext.Current.CancellationToken))!
            .Select(it => it.ToRequest())];

    /// <summary>All rows of a table as lines of JSON, in ordinal order of those lines; JSON columns as their text. Read by the official Node client.</summary>
    public async Task<IReadOnlyList<string>> DumpAsync(string project, string dataset, string table) =>
        (await RunAsync("bigquery/dump.js", project, dataset, table)).Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Loads rows, each a JSON object, by a load job of the official Node client.</summary>
    public Task LoadAsync(string project, string dataset, string table, IEnumerable<string> rows) =>
        RunAsync("bigquery/load.js", project, dataset, table, string.Join('\n', rows));

    public async ValueTask DisposeAsync()
    {
        control.Dispose();
        await StandIns.StopAsync(process);
        Directory.Delete(folder, recursive: true);
    }

    private Task<string> RunAsync(string script, string project, string dataset, string table, string input = "")
    {
        List<string> arguments = [Endpoint, project, dataset, table];
        if (credentialsFile is not null)
            arguments.AddRange(["--credentials", credentialsFile]);
        return StandIns.RunAsync(script, arguments, input, AuthorityPem is null ? null : Path.Combine(folder, "ca.pem"));
    }

    private async Task<string> PostAsync(string path, string json)
    {
        using var content = new StringContent(json, Encoding.UTF8, "application/json");
        using var response = await control.PostAsync(new Uri(path, UriKind.Relative), content, TestContext.Current.CancellationToken);
        var answer = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return response.IsSuccessStatusCode ? answer : throw new InvalidOperationException($"stand-in/{path}: {answer}");
    }

    private static SocketsHttpHandler Trusting(string? authority)
    {
        var handler = new SocketsHttpHandler();
        if (authority is not null)
            handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                CustomTrustStore = { X509Certificate2.CreateFromPem(authority) },
                RevocationMode = X509RevocationMode.NoCheck,
            };
        return handler;
    }

    /// <summary>A line of the log, where what does not apply is missing.</summary>
    private sealed record Entry(
        string Method, string Resource, string? Kind, bool? Upload, string? Project, string? Dataset, string? Table, string? Job, string? Location, long Bytes,
        long WireBytes, string? Statement, List<string>? Parameters, Dictionary<string, string>? Labels, string? Priority, bool? DryRun, int? Status)
    {
        internal BigQueryRequest ToRequest() => new(
            Method, Resource, Kind, Upload ?? false, Project, Dataset, Table, Job, Location, Bytes, WireBytes, Statement, Parameters ?? [],
            Labels ?? [], Priority, DryRun ?? false, Status);
    }
}
