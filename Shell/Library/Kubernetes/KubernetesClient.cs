using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Security.Cryptography.X509Certificates;
using Kollect.Core.Failures;
using Kollect.Shell.Kubernetes.Config;
using Polly;
using Polly.Retry;

namespace Kollect.Shell.Kubernetes;

/// <summary>The API server over HTTP: one connection pool, answers of bounded size, a few attempts per request.</summary>
public sealed class KubernetesClient : IKubernetesApi, IDisposable
{
    /// <summary>Items of one page of a list.</summary>
    private const int PageSize = 500;

    /// <summary>256 MiB, a bound on memory. A page of 500 objects at the API server's own limit (1.5 MiB each) is larger, but is not expected.</summary>
    private const int MaxAnswerBytes = 256 << 20;

    private const string FieldManager = "kollect";

    /// <summary>Limit for a complete answer, and for the response headers of a watch.</summary>
    private static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(30);

    private readonly KubernetesConfig config;
    private readonly TimeProvider time;
    private readonly ResiliencePipeline attempts;
    private readonly Lock gate = new();
    private (HttpClient Http, X509Certificate2? Certificate)? pool;

    private KubernetesClient(KubernetesConfig config, TimeProvider time) => (this.config, this.time, attempts) = (config, time, Attempts(time));

    /// <summary>Creates a client; sends no request.</summary>
    public static KubernetesClient Connect(KubernetesConfig config, TimeProvider time) => new(config, time);

    /// <inheritdoc/>
    public async Task<byte[]?> GetAsync(Resource resource, ObjectName name, CancellationToken cancel)
    {
        try
        {
            return await SendAsync(HttpMethod.Get, Paths.Of(resource, name), null, cancel);
        }
        catch (KubernetesException absent) when (absent.Kind == ApiError.NotFound)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<ListPage> ListAsync(Resource resource, Selection selection, [EnumeratorCancellation] CancellationToken cancel)
    {
        string? next = null;
        do
        {
            var page = await SendAsync(HttpMethod.Get, Paths.List(resource, selection, PageSize, next), null, cancel);
            var (items, token) = Lists.Read(page);
            next = token;
            yield return items;
        }
        while (next is not null);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<WatchEvent> WatchAsync(
        Resource resource, Selection selection, string resourceVersion, [EnumeratorCancellation] CancellationToken cancel)
    {
        // The server ends a watch after this time; the spread keeps many watches from ending together.
        var seconds = Random.Shared.Next(240, 300);
        var path = Paths.Watch(resource, selection, resourceVersion, seconds);
        using var response = await WithinTimeoutAsync(stop => OpenAsync(() => new HttpRequestMessage(HttpMethod.Get, path), stop), cancel);
        await using var lines = new WatchLines(await response.Content.ReadAsStreamAsync(cancel), TimeSpan.FromSeconds(seconds) + RequestTimeout, time);
        while (await lines.NextAsync(cancel) is { } watchEvent)
            yield return watchEvent;
    }

    /// <inheritdoc/>
    public Task<byte[]> ApplyAsync(Resource resource, ObjectName name, string? subresource, ReadOnlyMemory<byte> body, CancellationToken cancel) =>
        SendAsync(
            HttpMethod.Patch,
            $"{Paths.Of(resource, name, subresource)}?fieldManager={FieldManager}&force=true",
            Content(body, "application/apply-patch+yaml"),
            cancel);

    /// <inheritdoc/>
    public Task<byte[]> MergePatchAsync(Resource resource, ObjectName name, string? subresource, ReadOnlyMemory<byte> body, CancellationToken cancel) =>
        SendAsync(
            HttpMethod.Patch, $"{Paths.Of(resource, name, subresource)}?fieldManager={FieldManager}", Content(body, "application/merge-patch+json"), cancel);

    /// <inheritdoc/>
    public Task<byte[]> CreateAsync(Resource resource, string @namespace, ReadOnlyMemory<byte> body, CancellationToken cancel) =>
        SendAsync(HttpMethod.Post, $"{Paths.All(resource, @namespace)}?fieldManager={FieldManager}", Content(body, "application/json"), cancel);

    /// <inheritdoc/>
    public Task<byte[]> ReplaceAsync(Resource resource, ObjectName name, ReadOnlyMemory<byte> body, CancellationToken cancel) =>
        SendAsync(HttpMethod.Put, $"{Paths.Of(resource, name)}?fieldManager={FieldManager}", Content(body, "application/json"), cancel);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<DiscoveredResource>> DiscoverAsync(string group, string version, CancellationToken cancel)
    {
        try
        {
            return Lists.ReadDiscovery(group, version, await SendAsync(HttpMethod.Get, Paths.GroupVersion(group, version), null, cancel));
        }
        catch (KubernetesException absent) when (absent.Kind == ApiError.NotFound)
        {
            return [];
        }
    }

    /// <inheritdoc/>
    public void Dispose() => pool?.Http.Dispose();

    private static Func<HttpContent> Content(ReadOnlyMemory<byte> body, string type) => () =>
        new ReadOnlyMemoryContent(body) { Headers = { ContentType = new MediaTypeHeaderValue(type) } };

    private async Task<byte[]> SendAsync(HttpMethod method, string path, Func<HttpContent>? body, CancellationToken cancel) =>
        await attempts.ExecuteAsync(
            async stop => await WithinTimeoutAsync(
                async limited =>
                {
                    using var response = await OpenAsync(() => new HttpRequestMessage(method, path) { Content = body?.Invoke() }, limited);
                    return await ReadAsync(response, limited);
                },
                stop),
            cancel);

    /// <summary>Converts transport failures and timeouts into <see cref="KubernetesException"/>.</summary>
    private async Task<T> WithinTimeoutAsync<T>(Func<CancellationToken, Task<T>> ask, CancellationToken cancel)
    {
        using var limit = new CancellationTokenSource(RequestTimeout, time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel, limit.Token);
        try
        {
            return await ask(stop.Token);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw new KubernetesException(
                ApiError.Unavailable,
                limit.IsCancellationRequested
                    ? FormattableString.Invariant($"the API server did not answer within {RequestTimeout.TotalSeconds:0} s")
                    : FormattableString.Invariant($"no connection to the API server within {KubernetesConfig.ConnectTimeout.TotalSeconds:0} s"));
        }
        catch (Exception broken) when (broken is IOException or HttpRequestException)
        {
            throw ApiErrors.Of(broken);
        }
        catch (InvalidDataException damaged)
        {
            throw new KubernetesException(ApiError.Malformed, "the API server's answer is damaged", inner: damaged);
        }
        catch (KubernetesConfigException noCredential)
        {
            throw new KubernetesException(ApiError.Unauthorized, noCredential.Message, inner: noCredential);
        }
    }

    /// <summary>
    /// Sends the request and returns a successful response, its body unread. After a 401 the request is sent once more if the credential has a newer proof.
    /// </summary>
    private async Task<HttpResponseMessage> OpenAsync(Func<HttpRequestMessage> request, CancellationToken cancel)
    {
        var proof = await config.Credential.GetAsync(refused: null, cancel);
        try
        {
            return await OpenAsync(request, proof, cancel);
        }
        catch (KubernetesException refusal) when (refusal.Kind == ApiError.Unauthorized)
        {
            var newer = await config.Credential.GetAsync(proof, cancel);
            if (newer == proof)
                throw;
            return await OpenAsync(request, newer, cancel);
        }
    }

    private async Task<HttpResponseMessage> OpenAsync(Func<HttpRequestMessage> create, Proof proof, CancellationToken cancel)
    {
        using var request = create();
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        request.Headers.Authorization = proof.Header;
        var response = await PoolOf(proof.Certificate).SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel);
        if (response.IsSuccessStatusCode)
            return response;
        using (response)
            throw ApiErrors.Of(response.StatusCode, response.Headers.RetryAfter, await ReadAsync(response, cancel), time.GetUtcNow());
    }

    /// <summary>TLS presents a certificate once per connection: a new certificate starts a new pool, and the connections of the old one expire.</summary>
    private HttpClient PoolOf(X509Certificate2? certificate)
    {
        lock (gate)
        {
            if (pool is { } current && Equals(current.Certificate, certificate))
                return current.Http;
            var http = new HttpClient(config.Handler(certificate))
            {
                BaseAddress = config.Server,
                DefaultRequestVersion = HttpVersion.Version20,
                DefaultVersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
                Timeout = Timeout.InfiniteTimeSpan, // each request has its own timeout
            };
            http.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("kollect", typeof(KubernetesClient).Assembly.GetName().Version?.ToString(3)));
            http.DefaultRequestHeaders.Host = config.TlsServerName; // the only source from which .NET takes the server name for TLS
            pool = (http, certificate);
            return http;
        }
    }

    private static async Task<byte[]> ReadAsync(HttpResponseMessage response, CancellationToken cancel)
    {
        if (response.Content.Headers.ContentLength > MaxAnswerBytes)
            throw TooLarge();
        await using var stream = await response.Content.ReadAsStreamAsync(cancel);
        using var buffer = new MemoryStream((int)(response.Content.Headers.ContentLength ?? 0));
        var chunk = new byte[64 << 10];
        while (await stream.ReadAsync(chunk, cancel) is > 0 and var read)
        {
            if (buffer.Length + read > MaxAnswerBytes)
                throw TooLarge();
            buffer.Write(chunk, 0, read);
        }

        return buffer.ToArray();
    }

    private static KubernetesException TooLarge() => new(ApiError.Malformed, string.Create(
        CultureInfo.InvariantCulture, $"the API server's answer is over {MaxAnswerBytes >> 20} MiB; is this the API server?"));

    private static ResiliencePipeline Attempts(TimeProvider time) => new ResiliencePipelineBuilder { TimeProvider = time }
        .AddRetry(new RetryStrategyOptions
        {
            ShouldHandle = new PredicateBuilder().Handle<KubernetesException>(failure => failure.IsTransient),
            MaxRetryAttempts = Waits.ApiRequests.Retries,
            DelayGenerator = failed => new ValueTask<TimeSpan?>(Waits.ApiRequests.After(
                failed.AttemptNumber + 1,
                Random.Shared.NextDouble(),
                failed.Outcome.Exception is KubernetesException { RetryAfter: { } asked } ? asked : TimeSpan.Zero)),
        })
        .Build();
}
