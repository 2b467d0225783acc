using System.Net;
using Google.Apis.Http;
using Kollect.Core.Backends.BigQuery;

namespace Kollect.BigQuery;

/// <summary>
/// The HTTP clients of one session. Disposing ends their requests: Google's runtime goes on to ask for a token for six minutes after its caller has been
/// cancelled.
/// </summary>
internal sealed class HttpClients : IDisposable
{
    private readonly Lock gate = new();
    private readonly List<HttpClient> created = [];
    private bool isDisposed;

    /// <summary>A factory for a service, or for a credential.</summary>
    public IHttpClientFactory Factory(HttpSettings settings) => new BoundedFactory(this, settings);

    public void Dispose()
    {
        lock (gate)
        {
            isDisposed = true;
            created.ForEach(client => client.Dispose());
        }
    }

    private void Add(HttpClient client)
    {
        lock (gate)
        {
            created.Add(client);
            if (isDisposed)
                client.Dispose();
        }
    }

    /// <summary>Google's factory, with clients that buffer an answer up to a limit, counted after decompression.</summary>
    private sealed class BoundedFactory(HttpClients clients, HttpSettings settings) : HttpClientFactory, IHttpClientFactory
    {
        ConfigurableHttpClient IHttpClientFactory.CreateHttpClient(CreateHttpClientArgs args)
        {
            var client = CreateHttpClient(args);
            client.MaxResponseContentBufferSize = Limits.MaxAnswerBytes;
            clients.Add(client);
            return client;
        }

        protected override HttpMessageHandler CreateHandler(CreateHttpClientArgs args) => settings.Handler();
    }
}

/// <summary>
/// Ends a request whose answer names another address. Google's runtime would follow it with the token; it also sends the parts of an upload to any address
/// that the service gives.
/// </summary>
/// <param name="settings">The addresses that may get requests, and whether these need a token.</param>
internal sealed class BoundRequests(HttpMessageHandler inner, HttpSettings settings) : DelegatingHandler(inner)
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (!settings.Takes(request.RequestUri!))
            throw new BigQueryException(Errors.Redirect);
        if (settings.NeedsToken && string.IsNullOrEmpty(request.Headers.Authorization?.Parameter))
            throw new BigQueryException(ServiceError.OfToken(0, null, null));
        var response = await base.SendAsync(request, cancellationToken);
        if (!IsRedirect(response))
            return response;
        response.Dispose();
        throw new BigQueryException(Errors.Redirect);
    }

    /// <summary>308 without an address means "resume incomplete": a part of an upload has arrived (Google Cloud APIs, "Resumable uploads").</summary>
    private static bool IsRedirect(HttpResponseMessage response) =>
        (int)response.StatusCode is >= 300 and < 400
        && (response.StatusCode != HttpStatusCode.PermanentRedirect || response.Headers.Location is not null);
}
