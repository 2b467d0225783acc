using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Kollect.Operator.Kubernetes;
using Kollect.Shell.Manifests;

namespace Kollect.Operator.Collection;

/// <summary>
/// The objects of <c>kollect.dev</c> from manifests, and all others from an API server, which is read once: lists are passed on, a watch brings nothing,
/// and nothing is written.
/// </summary>
/// <param name="cluster">The API server.</param>
/// <param name="manifests">Valid objects of <c>kollect.dev</c>.</param>
internal sealed class ManifestApi(IKubernetesApi cluster, Seq<ManifestDocument> manifests) : IKubernetesApi
{
    private const string Group = "kollect.dev";

    /// <inheritdoc/>
    public async Task<byte[]?> GetAsync(Resource resource, ObjectName name, CancellationToken cancel) => resource.Group != Group
        ? await cluster.GetAsync(resource, name, cancel)
        : ObjectsOf(resource, new Selection(name.Namespace)).FirstOrDefault(it => ObjectHead.Of(it).Name == name);

    /// <inheritdoc/>
    public IAsyncEnumerable<ListPage> ListAsync(Resource resource, Selection selection, CancellationToken cancel) => resource.Group != Group
        ? cluster.ListAsync(resource, selection, cancel)
        : new[] { new ListPage("1", [.. ObjectsOf(resource, selection)]) }.ToAsyncEnumerable();

    /// <inheritdoc/>
    public async IAsyncEnumerable<WatchEvent> WatchAsync(
        Resource resource, Selection selection, string resourceVersion, [EnumeratorCancellation] CancellationToken cancel)
    {
        await Task.Delay(Timeout.Infinite, cancel);
        yield break;
    }

    /// <inheritdoc/>
    public Task<byte[]> ApplyAsync(Resource resource, ObjectName name, string? subresource, ReadOnlyMemory<byte> body, CancellationToken cancel) =>
        Task.FromResult(body.ToArray());

    /// <inheritdoc/>
    public Task<byte[]> MergePatchAsync(Resource resource, ObjectName name, string? subresource, ReadOnlyMemory<byte> body, CancellationToken cancel) =>
        Task.FromResult(body.ToArray());

    /// <inheritdoc/>
    public Task<byte[]> CreateAsync(Resource resource, string @namespace, ReadOnlyMemory<byte> body, CancellationToken cancel) =>
        Task.FromResult(body.ToArray());

    /// <inheritdoc/>
    public Task<byte[]> ReplaceAsync(Resource resource, ObjectName name, ReadOnlyMemory<byte> body, CancellationToken cancel) =>
        Task.FromResult(body.ToArray());

    /// <inheritdoc/>
    public Task<IReadOnlyList<DiscoveredResource>> DiscoverAsync(string group, string version, CancellationToken cancel) =>
        cluster.DiscoverAsync(group, version, cancel);

    private IEnumerable<byte[]> ObjectsOf(Resource resource, Selection selection) => manifests
        .Filter(it => string.Equals(it.Kind + "s", resource.Plural, StringComparison.OrdinalIgnoreCase))
        .Filter(it => selection.Namespace.Length == 0 || it.Namespace == selection.Namespace)
        .Map(it => Stored(it, resource));

    /// <summary>The object with what an API server adds to it when it is created.</summary>
    private static byte[] Stored(ManifestDocument document, Resource resource)
    {
        var json = JsonNode.Parse(KnownDocuments.JsonOf(document).Span)!;
        var metadata = json["metadata"]!.AsObject();
        if (resource.Namespaced)
            metadata["namespace"] = document.Namespace;
        else
            metadata.Remove("namespace");
        metadata["uid"] = document.ToString();
        metadata["resourceVersion"] = "1";
        metadata["generation"] = 1;
        json.AsObject().Remove("status");
        return JsonSerializer.SerializeToUtf8Bytes(json);
    }
}
