using Kollect.Operator.Kubernetes.Config;

namespace Kollect.Operator.Kubernetes.Transport;

/// <summary>Where requests go to, and with which proof of identity.</summary>
internal interface IClientSource : IDisposable
{
    /// <summary>Addresses a request to the API server and adds the proof of identity.</summary>
    /// <param name="request">Its address is relative to that of the API server.</param>
    /// <param name="refused">The proof that the server has just answered with 401; null = none.</param>
    /// <returns>The client that sends the request, and the proof; equal to <paramref name="refused"/> where there is no newer one.</returns>
    ValueTask<(HttpClient Http, Proof Proof)> PrepareAsync(HttpRequestMessage request, Proof? refused, CancellationToken cancel);
}
