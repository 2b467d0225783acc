using Kollect.Shell.Kubernetes;

namespace Kollect.Shell.Tests.Kubernetes;

/// <summary>A network that brings the request to create at once and the answer late, whatever the caller thinks of it.</summary>
internal sealed class LateAnswers(IKubernetesApi api, TimeSpan late) : IKubernetesApi
{
    private readonly TaskCompletionSource sent = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The server has done it.</summary>
    public Task Sent => sent.Task.WaitAsync(TestContext.Current.CancellationToken);

    /// <summary>The caller knows.</summary>
    public Task Arrived => arrived.Task.WaitAsync(TestContext.Current.CancellationToken);

    public async Task<byte[]> CreateAsync(Resource resource, string @namespace, ReadOnlyMemory<byte> body, CancellationToken cancel)
    {
        var answer = await api.CreateAsync(resource, @namespace, body, cancel);
        sent.TrySetResult();
        await Task.Delay(late, CancellationToken.None);
        arrived.TrySetResult();
        return answer;
    }

    public Task<byte[]?> GetAsync(Resource resource, ObjectName name, CancellationToken cancel) => api.GetAsync(resource, name, cancel);

    public IAsyncEnumerable<ListPage> ListAsync(Resource resource, Selection selection, CancellationToken cancel) => api.ListAsync(resource, selection, cancel);

    public IAsyncEnumerable<WatchEvent> WatchAsync(Resource resource, Selection selection, string resourceVersion, CancellationToken cancel) =>
        api.WatchAsync(resource, selection, resourceVersion, cancel);

    public Task<byte[]> ApplyAsync(Resource resource, ObjectName name, string? subresource, ReadOnlyMemory<byte> body, CancellationToken cancel) =>
        api.ApplyAsync(resource, name, subresource, body, cancel);

    public Task<byte[]> MergePatchAsync(Resource resource, ObjectName name, string? subresource, ReadOnlyMemory<byte> body, CancellationToken cancel) =>
        api.MergePatchAsync(resource, name, subresource, body, cancel);

    public Task<byte[]> ReplaceAsync(Resource resource, ObjectName name, ReadOnlyMemory<byte> body, CancellationToken cancel) => api.ReplaceAsync(resource, name, body, cancel);

    public Task<IReadOnlyList<DiscoveredResource>> DiscoverAsync(string group, string version, CancellationToken cancel) => api.DiscoverAsync(group, version, cancel);
}
