using System.Net;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using k8s;
using Kollect.Core.Failures;
using Kollect.Operator.Kubernetes.Config;
using Polly;
using Polly.Retry;

namespace Kollect.Operator.Kubernetes.Transport;

/// <summary>
/// The API server through the HttpClient of the package KubernetesClient: bytes, answers of bounded size, a few attempts per request. The package's own
/// requests (21.0.8) have no timeout, no retries and no limit of the answer.
/// </summary>
internal sealed class KubernetesApi : IKubernetesApi, IDisposable
{
    /// <summary>Items of one page of a list.</summary>
    private const int PageSize = 500;

    private const string FieldManager = "kollect";

    /// <summary>Limit for a complete answer, and for the response headers of a watch.</summary>
    private static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(30);

    private readonly IClientSource clients;
    private readonly TimeProvider time;
    private readonly ResiliencePipeline attempts;

    private KubernetesApi(IClientSource clients, TimeProvider time) => (this.clients, this.time, attempts) = (clients, time, Attempts(time));

    /// <summary>Creates a client of its own; sends no request.</summary>
    public static KubernetesApi Connect(KubernetesConfig config, TimeProvider time) => new(new ConfiguredClient(config), time);

    /// <summary>Uses the client of a host; sends no request, and never disposes the client.</summary>
    /// <param name="client">
    /// A <see cref="k8s.Kubernetes"/>, or a class derived from it. Its connections, their TLS, and its credentials are the host's; timeouts, retries,
    /// limits and watches are the same on every client. A handler of the host must not read the body of an answer ahead, or no watch reports anything.
    /// </param>
    /// <exception cref="ArgumentException">It is another implementation of the interface, which alone has no way to send a request as bytes.</exception>
    public static KubernetesApi Connect(IKubernetes client, TimeProvider time) => new(HostClient.Of(client), time);

    /// <inheritdoc/>
    public async Task<byte[]?> GetAsync(Resource resource, ObjectName name, CancellationToken cancel)
    {
        try
        {
            return await SendAsync(HttpMethod.Get, Paths.Of(resource, name), null, Bytes, cancel);
        }
        catch (ApiException absent) when (absent.Kind == ApiError.NotFound)
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
            (var page, next) = await SendAsync(HttpMethod.Get, Paths.List(resource, selection, PageSize, next), null, AnswerBody.PageAsync, cancel);
            yield return page;
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
        using var response = await WithinTimeoutAsync(stop => OpenAsync(HttpMethod.Get, path, null, stop), cancel);
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
            Bytes,
            cancel);

    /// <inheritdoc/>
    public Task<byte[]> MergePatchAsync(Resource resource, ObjectName name, string? subresource, ReadOnlyMemory<byte> body, CancellationToken cancel) =>
        SendAsync(
            HttpMethod.Patch,
            $"{Paths.Of(resource, name, subresource)}?fieldManager={FieldManager}",
            Content(body, "application/merge-patch+json"),
            Bytes,
            cancel);

    /// <inheritdoc/>
    public Task<byte[]> CreateAsync(Resource resource, string @namespace, ReadOnlyMemory<byte> body, CancellationToken cancel) =>
        SendAsync(HttpMethod.Post, $"{Paths.All(resource, @namespace)}?fieldManager={FieldManager}", Content(body, "application/json"), Bytes, cancel);

    /// <inheritdoc/>
    public Task<byte[]> ReplaceAsync(Resource resource, ObjectName name, ReadOnlyMemory<byte> body, CancellationToken cancel) =>
        SendAsync(HttpMethod.Put, $"{Paths.Of(resource, name)}?fieldManager={FieldManager}", Content(body, "application/json"), Bytes, cancel);

    /// <summary>
    /// Deletes an object, and in the background what it owns; it stays while it has finalizers. False = it did not exist. Not a member of
    /// <see cref="IKubernetesApi"/>: an operator deletes nothing.
    /// </summary>
    public async Task<bool> DeleteAsync(Resource resource, ObjectName name, CancellationToken cancel)
    {
        try
        {
            _ = await SendAsync(HttpMethod.Delete, $"{Paths.Of(resource, name)}?propagationPolicy=Background", null, Bytes, cancel);
            return true;
        }
        catch (ApiException absent) when (absent.Kind == ApiError.NotFound)
        {
            return false;
        }
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<DiscoveredResource>> DiscoverAsync(string group, string version, CancellationToken cancel)
    {
        try
        {
            var path = Paths.GroupVersion(group, version);
            return await SendAsync(HttpMethod.Get, path, null, answer => Discovery.Read(group, version, answer), cancel);
        }
        catch (ApiException absent) when (absent.Kind == ApiError.NotFound)
        {
            return [];
        }
    }

    /// <inheritdoc/>
    public void Dispose() => clients.Dispose();

    private static Func<HttpContent> Content(ReadOnlyMemory<byte> body, string type) => () =>
        new ReadOnlyMemoryContent(body) { Headers = { ContentType = new MediaTypeHeaderValue(type) } };

    private static byte[] Bytes(ReadOnlyMemory<byte> answer) => answer.ToArray();

    /// <param name="read">Reads the answer, whose memory is used again afterwards.</param>
    private Task<T> SendAsync<T>(
        HttpMethod method, string path, Func<HttpContent>? body, Func<ReadOnlyMemory<byte>, T> read, CancellationToken cancel) =>
        SendAsync(method, path, body, (response, stop) => AnswerBody.ReadAsync(response, read, stop), cancel);

    private async Task<T> SendAsync<T>(
        HttpMethod method, string path, Func<HttpContent>? body, Func<HttpResponseMessage, CancellationToken, Task<T>> read, CancellationToken cancel) =>
        await attempts.ExecuteAsync(
            async stop => await WithinTimeoutAsync(
                async limited =>
                {
                    using var response = await OpenAsync(method, path, body, limited);
                    return await read(response, limited);
                },
                stop),
            cancel);

    /// <summary>Converts transport failures and timeouts into <see cref="ApiException"/>.</summary>
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
            throw new ApiException(
                ApiError.Unavailable,
                limit.IsCancellationRequested
                    ? FormattableString.Invariant($"the API server did not answer within {RequestTimeout.TotalSeconds:0} s")
                    : "the connection to the API server timed out");
        }
        catch (Exception broken) when (broken is IOException or HttpRequestException)
        {
            throw ApiErrors.Of(broken);
        }
        catch (InvalidDataException damaged)
        {
            throw new ApiException(ApiError.Malformed, "the API server's answer is damaged", inner: damaged);
        }
        catch (KubernetesConfigException noCredential)
        {
            throw new ApiException(ApiError.Unauthorized, noCredential.Message, inner: noCredential);
        }
    }

    /// <summary>
    /// Sends the request and returns a successful response, its body unread. After a 401 the request is sent once more if the credential has a newer proof.
    /// </summary>
    private async Task<HttpResponseMessage> OpenAsync(HttpMethod method, string path, Func<HttpContent>? body, CancellationToken cancel)
    {
        using var request = Request(method, path, body);
        var (http, proof) = await clients.PrepareAsync(request, refused: null, cancel);
        try
        {
            return await OpenAsync(http, request, cancel);
        }
        catch (ApiException refusal) when (refusal.Kind == ApiError.Unauthorized)
        {
            using var again = Request(method, path, body);
            var (current, newer) = await clients.PrepareAsync(again, refused: proof, cancel);
            if (newer == proof)
                throw;
            return await OpenAsync(current, again, cancel);
        }
    }

    private static HttpRequestMessage Request(HttpMethod method, string path, Func<HttpContent>? body) => new(method, path)
    {
        Version = HttpVersion.Version20,
        VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
        Headers = { Accept = { new MediaTypeWithQualityHeaderValue("application/json") } },
        Content = body?.Invoke(),
    };

    private async Task<HttpResponseMessage> OpenAsync(HttpClient http, HttpRequestMessage request, CancellationToken cancel)
    {
        var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel);
        if (response.IsSuccessStatusCode)
            return response;
        using (response)
            throw await AnswerBody.ReadAsync(
                response, answer => ApiErrors.Of(response.StatusCode, response.Headers.RetryAfter, answer.Span, time.GetUtcNow()), cancel);
    }

    private static ResiliencePipeline Attempts(TimeProvider time) => new ResiliencePipelineBuilder { TimeProvider = time }
        .AddRetry(new RetryStrategyOptions
        {
            ShouldHandle = new PredicateBuilder().Handle<ApiException>(failure => failure.IsTransient),
            MaxRetryAttempts = Waits.ApiRequests.Retries,
            DelayGenerator = failed => new ValueTask<TimeSpan?>(Waits.ApiRequests.After(
                failed.AttemptNumber + 1,
                Random.Shared.NextDouble(),
                failed.Outcome.Exception is ApiException { RetryAfter: { } asked } ? asked : TimeSpan.Zero)),
        })
        .Build();
}
