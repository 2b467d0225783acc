using System.Diagnostics;
using Kollect.Operator.Kubernetes;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kollect.Shell.Tests.Kubernetes;

/// <summary>A candidate in a leader election; its work as the leader only records the times of its term.</summary>
internal sealed class Contender : IAsyncDisposable
{
    /// <summary>Three tenths of the default times: a busy machine may stop a process for a second.</summary>
    public static readonly LeaderElectionOptions Times = new(new ObjectName("default", "election"), "")
    {
        LeaseDuration = TimeSpan.FromSeconds(4.5),
        RenewDeadline = TimeSpan.FromSeconds(3),
        RetryPeriod = TimeSpan.FromMilliseconds(600),
    };

    private readonly CancellationTokenSource stop = new();
    private readonly TaskCompletionSource<long> elected = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<long> deposed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly LeaderElection election;
    private readonly Task run;

    /// <param name="time">Null = the clock of the system.</param>
    public Contender(IKubernetesApi api, string identity, TimeProvider? time = null)
    {
        election = new LeaderElection(api, Times with { Identity = identity }, time ?? TimeProvider.System, NullLogger<LeaderElection>.Instance);
        run = election.RunAsync(LeadAsync, stop.Token);
    }

    public bool IsLeader => election.IsLeader;

    /// <summary>Time at which its first term began.</summary>
    public Task<long> Elected => elected.Task.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);

    /// <summary>Time at which the token of its first term was cancelled.</summary>
    public Task<long> Deposed => deposed.Task.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);

    public async Task StopAsync()
    {
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
    }

    public async ValueTask DisposeAsync()
    {
        if (!run.IsCompleted)
            await StopAsync();
        stop.Dispose();
    }

    private async Task LeadAsync(CancellationToken cancel)
    {
        elected.TrySetResult(Stopwatch.GetTimestamp());
        await using var noting = cancel.Register(() => deposed.TrySetResult(Stopwatch.GetTimestamp()));
        await Task.Delay(Timeout.Infinite, cancel);
    }
}
