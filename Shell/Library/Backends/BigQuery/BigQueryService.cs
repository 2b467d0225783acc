using Google.Apis.Http;
using Google.Apis.Requests;
using Google.Apis.Services;
using Google.Apis.Upload;
using Google.Apis.Util;
using Kollect.Core.Backends.BigQuery;
using Parameter = Google.Apis.Discovery.Parameter;

namespace Kollect.Shell.Backends.BigQuery;

/// <summary>
/// The requests of BigQuery's REST API, v2, that are needed, on Google's own runtime: authentication, compression, errors and uploads
/// are its work. Bodies and responses are JSON texts that Core writes and reads.
/// </summary>
internal sealed class BigQueryService : BaseClientService
{
    /// <summary>Partial response: a job repeats its whole configuration otherwise, and with it every row of the export.</summary>
    private const string JobFields = "jobReference,status,statistics(query(dmlStats,totalBytesBilled),load(outputRows))";

    private readonly Uri root;
    private readonly IDisposable clients;

    /// <param name="root">Base address, without <c>bigquery/v2/</c>.</param>
    /// <param name="credential">Null = no authentication.</param>
    /// <param name="clients">The HTTP clients of service and credential; disposed with the service, which ends their requests.</param>
    public BigQueryService(Uri root, IHttpClientFactory http, IConfigurableHttpClientInitializer? credential, IDisposable clients)
        : base(new Initializer
        {
            ApplicationName = "kollect",
            HttpClientFactory = http,
            HttpClientInitializer = credential,
            DefaultExponentialBackOffPolicy = ExponentialBackOffPolicy.None, // Core says what is tried again
        })
    {
        (this.root, this.clients) = (root, clients);
    }

    public override void Dispose()
    {
        base.Dispose();
        clients.Dispose();
    }

    public override string Name => "bigquery";

    public override string BaseUri => new Uri(root, BasePath).AbsoluteUri;

    public override string BasePath => "bigquery/v2/";

    public override IList<string> Features => [];

    public Task<string> GetDatasetAsync(TableId table, CancellationToken cancel) => SendAsync("GET", Dataset(table), null, cancel);

    public Task<string> GetTableAsync(TableId table, CancellationToken cancel) => SendAsync("GET", Table(table), null, cancel);

    public Task<string> InsertTableAsync(TableId table, string body, CancellationToken cancel) => SendAsync("POST", $"{Dataset(table)}/tables", body, cancel);

    public Task<string> DeleteTableAsync(TableId table, CancellationToken cancel) => SendAsync("DELETE", Table(table), null, cancel);

    public Task<string> InsertJobAsync(string project, string body, CancellationToken cancel) =>
        SendAsync("POST", $"{Project(project)}/jobs", body, cancel, fields: JobFields);

    public Task<string> GetJobAsync(JobReference job, CancellationToken cancel) =>
        SendAsync("GET", $"{Project(job.Project)}/jobs/{Escape(job.Id)}", null, cancel, job.Location, JobFields);

    public Task<string> QueryAsync(string project, string body, CancellationToken cancel) => SendAsync("POST", $"{Project(project)}/queries", body, cancel);

    public Task<string> GetQueryResultsAsync(JobReference job, CancellationToken cancel) =>
        SendAsync("GET", $"{Project(job.Project)}/queries/{Escape(job.Id)}", null, cancel, job.Location);

    /// <summary>Runs a load job over everything that <paramref name="content"/> will hold; gives the Job resource.</summary>
    public async Task<string> UploadAsync(string project, string body, Stream content, CancellationToken cancel)
    {
        var upload = new Upload(this, $"/upload/{BasePath}{Project(project)}/jobs", content) { Body = body };
        var progress = await upload.UploadAsync(cancel);
        return progress.Status == UploadStatus.Completed
            ? upload.ResponseBody
            : throw progress.Exception ?? new IOException("the upload ended before its end");
    }

    public override string SerializeObject(object obj) => obj as string ?? base.SerializeObject(obj);

    private Task<string> SendAsync(string method, string path, string? body, CancellationToken cancel, string? location = null, string? fields = null) =>
        new Request(this, method, path, body) { Location = location, Fields = fields }.ExecuteAsync(cancel);

    private static string Project(string project) => $"projects/{Escape(project)}";

    private static string Dataset(TableId table) => $"{Project(table.Project)}/datasets/{Escape(table.Dataset)}";

    private static string Table(TableId table) => $"{Dataset(table)}/tables/{Escape(table.Table)}";

    private static string Escape(string name) => Uri.EscapeDataString(name);

    private sealed class Upload(IClientService service, string path, Stream content)
        : ResumableUpload<string, string>(service, path, "POST", content, "application/octet-stream");

    private sealed class Request : ClientServiceRequest<string>
    {
        private readonly string? body;

        public Request(IClientService service, string method, string path, string? body)
            : base(service)
        {
            (HttpMethod, RestPath, this.body) = (method, path, body);
            InitParameters();
            foreach (var name in new[] { "location", "fields" })
                RequestParameters.Add(name, new Parameter { Name = name, ParameterType = "query" });
        }

        [RequestParameter("location", RequestParameterType.Query)]
        public string? Location { get; init; }

        [RequestParameter("fields", RequestParameterType.Query)]
        public string? Fields { get; init; }

        public override string MethodName => RestPath;

        public override string RestPath { get; }

        public override string HttpMethod { get; }

        protected override object? GetBody() => body;
    }
}
