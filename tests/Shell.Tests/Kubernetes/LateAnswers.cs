using Kollect.Operator.Kubernetes;

namespace Kollect.Shell.Tests.Kubernetes;

/// <summary>A network that delivers a create request at once and its answer late, even after the caller's cancellation.</summary>
internal sealed class LateAnswers(IKubernetesApi api, TimeSpan late) : PartialApi(api)
{
    private readonly TaskCompletionSource sent = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The server has executed the request.</summary>
    public Task Sent => sent.Task.WaitAsync(TestContext.Current.CancellationToken);

    /// <summary>The caller has the answer.</summary>
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
