namespace Kollect.Operator.Kubernetes;

/// <summary>An API server to which nothing is written after the Lease of this process has ended; reads are passed on.</summary>
internal sealed class FencedApi(IKubernetesApi api, LeaseTime lease) : IKubernetesApi
{
    /// <inheritdoc/>
    public Task<byte[]?> GetAsync(Resource resource, ObjectName name, CancellationToken cancel) => api.GetAsync(resource, name, cancel);

    /// <inheritdoc/>
    public IAsyncEnumerable<ListPage> ListAsync(Resource resource, Selection selection, CancellationToken cancel) =>
        api.ListAsync(resource, selection, cancel);

    /// <inheritdoc/>
    public IAsyncEnumerable<WatchEvent> WatchAsync(Resource resource, Selection selection, string resourceVersion, CancellationToken cancel) =>
        api.WatchAsync(resource, selection, resourceVersion, cancel);

    /// <inheritdoc/>
    public Task<byte[]> ApplyAsync(Resource resource, ObjectName name, string? subresource, ReadOnlyMemory<byte> body, CancellationToken cancel) =>
        Writer.ApplyAsync(resource, name, subresource, body, cancel);

    /// <inheritdoc/>
    public Task<byte[]> MergePatchAsync(Resource resource, ObjectName name, string? subresource, ReadOnlyMemory<byte> body, CancellationToken cancel) =>
        Writer.MergePatchAsync(resource, name, subresource, body, cancel);

    /// <inheritdoc/>
    public Task<byte[]> CreateAsync(Resource resource, string @namespace, ReadOnlyMemory<byte> body, CancellationToken cancel) =>
        Writer.CreateAsync(resource, @namespace, body, cancel);

    /// <inheritdoc/>
    public Task<byte[]> ReplaceAsync(Resource resource, ObjectName name, ReadOnlyMemory<byte> body, CancellationToken cancel) =>
        Writer.ReplaceAsync(resource, name, body, cancel);

    /// <inheritdoc/>
    public Task<IReadOnlyList<DiscoveredResource>> DiscoverAsync(string group, string version, CancellationToken cancel) =>
        api.DiscoverAsync(group, version, cancel);

    private IKubernetesApi Writer => lease.IsOver
        ? throw new ApiException(ApiError.Unavailable, "the Lease of this process has ended, and another one may work now")
        : api;
}
