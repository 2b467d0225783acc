using Kollect.Operator.Kubernetes;

namespace Kollect.Shell.Tests.Kubernetes;

/// <summary>An API server of which a test overrides some requests.</summary>
/// <param name="rest">Executes the other requests; null = they throw.</param>
internal abstract class PartialApi(IKubernetesApi? rest) : IKubernetesApi
{
    private IKubernetesApi Rest => rest ?? throw new NotSupportedException();

    public virtual Task<byte[]?> GetAsync(Resource resource, ObjectName name, CancellationToken cancel) => Rest.GetAsync(resource, name, cancel);

    public virtual IAsyncEnumerable<ListPage> ListAsync(Resource resource, Selection selection, CancellationToken cancel) =>
        Rest.ListAsync(resource, selection, cancel);

    public virtual IAsyncEnumerable<WatchEvent> WatchAsync(Resource resource, Selection selection, string resourceVersion, CancellationToken cancel) =>
        Rest.WatchAsync(resource, selection, resourceVersion, cancel);

    public virtual Task<byte[]> ApplyAsync(Resource resource, ObjectName name, string? subresource, ReadOnlyMemory<byte> body, CancellationToken cancel) =>
        Rest.ApplyAsync(resource, name, subresource, body, cancel);

    public virtual Task<byte[]> MergePatchAsync(Resource resource, ObjectName name, string? subresource, ReadOnlyMemory<byte> body, CancellationToken cancel) =>
        Rest.MergePatchAsync(resource, name, subresource, body, cancel);

    public virtual Task<byte[]> CreateAsync(Resource resource, string @namespace, ReadOnlyMemory<byte> body, CancellationToken cancel) =>
        Rest.CreateAsync(resource, @namespace, body, cancel);

    public virtual Task<byte[]> ReplaceAsync(Resource resource, ObjectName name, ReadOnlyMemory<byte> body, CancellationToken cancel) =>
        Rest.ReplaceAsync(resource, name, body, cancel);

    public virtual Task<IReadOnlyList<DiscoveredResource>> DiscoverAsync(string group, string version, CancellationToken cancel) =>
        Rest.DiscoverAsync(group, version, cancel);
}
