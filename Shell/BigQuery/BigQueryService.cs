using System.IO.Compression;
using System.Net.Http.Headers;
using System.Text;
using Google.Apis.Http;
using Google.Apis.Requests;
using Google.Apis.Services;
using Google.Apis.Upload;
using Google.Apis.Util;
using Kollect.Core.Backends.BigQuery;
using Parameter = Google.Apis.Discovery.Parameter;

namespace Kollect.BigQuery;

/// <summary>
/// The requests of BigQuery's REST API, v2, that are needed, on Google's own runtime: authentication, compression, errors and uploads
/// are its work. Bodies and responses are JSON texts that Core writes and reads.
/// </summary>
internal sealed class BigQueryService : BaseClientService
{
    /// <summary>Partial response: a job repeats its whole configuration otherwise, and with it every row of the export.</summary>
    private const string JobFields = "jobReference,status,statistics(query(dmlStats,totalBytesBilled),load(outputRows))";

    /// <summary>One request of an upload, which is held in memory; a multiple of 256 KiB (Google Cloud APIs, "Resumable uploads").</summary>
    private const int UploadChunkBytes = 4 << 20;

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

    public Task<string> InsertTableAsync(TableId table, string body, CancellationToken cancel) =>
        SendAsync("POST", $"{Dataset(table)}/tables", Encoding.UTF8.GetBytes(body), cancel);

    public Task<string> PatchTableAsync(TableId table, string body, CancellationToken cancel) =>
        SendAsync("PATCH", Table(table), Encoding.UTF8.GetBytes(body), cancel);

    public Task<string> DeleteTableAsync(TableId table, CancellationToken cancel) => SendAsync("DELETE", Table(table), null, cancel);

    public Task<string> InsertJobAsync(string project, ReadOnlyMemory<byte> body, CancellationToken cancel) =>
        SendAsync("POST", $"{Project(project)}/jobs", body, cancel, fields: JobFields);

    public Task<string> GetJobAsync(JobReference job, CancellationToken cancel) =>
        SendAsync("GET", $"{Project(job.Project)}/jobs/{Escape(job.Id)}", null, cancel, job.Location, JobFields);

    public Task<string> QueryAsync(string project, ReadOnlyMemory<byte> body, CancellationToken cancel) =>
        SendAsync("POST", $"{Project(project)}/queries", body, cancel);

    public Task<string> GetQueryResultsAsync(JobReference job, CancellationToken cancel) =>
        SendAsync("GET", $"{Project(job.Project)}/queries/{Escape(job.Id)}", null, cancel, job.Location);

    /// <summary>Runs a load job over everything that <paramref name="content"/> will hold; gives the Job resource.</summary>
    public async Task<string> UploadAsync(string project, string body, Stream content, CancellationToken cancel)
    {
        var upload = new Upload(this, $"/upload/{BasePath}{Project(project)}/jobs", content) { Body = body, ChunkSize = UploadChunkBytes };
        var progress = await upload.UploadAsync(cancel);
        return progress.Status == UploadStatus.Completed
            ? upload.ResponseBody
            : throw progress.Exception ?? new IOException("the upload ended before its end");
    }

    public override string SerializeObject(object obj) => obj as string ?? base.SerializeObject(obj);

    private Task<string> SendAsync(
        string method, string path, ReadOnlyMemory<byte>? body, CancellationToken cancel, string? location = null, string? fields = null) =>
        new Request(this, method, path, body) { Location = location, Fields = fields }.ExecuteAsync(cancel);

    private static string Project(string project) => $"projects/{Escape(project)}";

    private static string Dataset(TableId table) => $"{Project(table.Project)}/datasets/{Escape(table.Dataset)}";

    private static string Table(TableId table) => $"{Dataset(table)}/tables/{Escape(table.Table)}";

    private static string Escape(string name) => Uri.EscapeDataString(name);

    private sealed class Upload(IClientService service, string path, Stream content)
        : ResumableUpload<string, string>(service, path, "POST", content, "application/octet-stream");

    private sealed class Request : ClientServiceRequest<string>
    {
        public Request(IClientService service, string method, string path, ReadOnlyMemory<byte>? body)
            : base(service)
        {
            (HttpMethod, RestPath) = (method, path);
            if (body is { } json)
                ModifyRequest = request => request.Content = Compressed(json);
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

        /// <summary>As Google's runtime does it, without the texts that it makes of the body on the way: an export's has up to 9 MB.</summary>
        private static ByteArrayContent Compressed(ReadOnlyMemory<byte> json)
        {
            using var bytes = new MemoryStream();
            using (var gzip = new GZipStream(bytes, CompressionMode.Compress, leaveOpen: true))
                gzip.Write(json.Span);
            var content = new ByteArrayContent(bytes.GetBuffer(), 0, (int)bytes.Length);
            content.Headers.ContentType = new MediaTypeHeaderValue("application/json") { CharSet = "utf-8" };
            content.Headers.ContentEncoding.Add("gzip");
            return content;
        }
    }
}
