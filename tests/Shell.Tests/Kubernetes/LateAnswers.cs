using Kollect.Shell.Kubernetes;

namespace Kollect.Shell.Tests.Kubernetes;

/// <summary>A network that brings the request to create at once and the answer late, whatever the caller thinks of it.</summary>
internal sealed class LateAnswers(IKubernetesApi api, TimeSpan late) : PartialApi(api)
{
    private readonly TaskCompletionSource sent = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The server has done it.</summary>
    public Task Sent => sent.Task.WaitAsync(TestContext.Current.CancellationToken);

    /// <summary>The caller knows.</summary>
    public Task Arrived => arrived.Task.WaitAsync(TestContext.Current.CancellationToken);

    public override async Task<byte[]> CreateAsync(Resource resource, string @namespace, ReadOnlyMemory<byte> body, CancellationToken cancel)
    {
        var answer = await base.CreateAsync(resource, @namespace, body, cancel);
        sent.TrySetResult();
        await Task.Delay(late, CancellationToken.None);
        arrived.TrySetResult();
        return answer;
    }
}
