namespace Kollect.Operator.Kubernetes;

/// <summary>One attempt to lead in a shard, and the term that follows where it succeeds.</summary>
internal sealed class ShardTerm
{
    private readonly LeaderElection election;
    private readonly CancellationTokenSource leave = new();
    private readonly Task run;

    private ShardTerm(LeaderElection election, ObservedLease observed, Func<CancellationToken, Task> lead, CancellationToken cancel)
    {
        this.election = election;
        run = RunAsync(observed, lead, cancel);
    }

    /// <summary>True = the Lease was not acquired, or the term is over.</summary>
    public bool HasEnded => run.IsCompleted;

    /// <param name="observed">The Lease as it was listed last.</param>
    /// <param name="lead">As of <see cref="LeaderElection.RunAsync"/>.</param>
    public static ShardTerm Start(LeaderElection election, ObservedLease observed, Func<CancellationToken, Task> lead, CancellationToken cancel) =>
        new(election, observed, lead, cancel);

    /// <summary>The candidate that has requested the Lease since the last call; empty = none has, or the Lease is being given away already.</summary>
    public string TakeRequest() => leave.IsCancellationRequested ? "" : election.TakeRequest();

    /// <summary>Ends the work and then gives the Lease to another candidate.</summary>
    public void Give(string candidate)
    {
        election.Successor = candidate;
        leave.Cancel();
    }

    /// <summary>Waits for the end, and throws what the work has thrown.</summary>
    public async Task EndAsync()
    {
        await run;
        leave.Dispose();
    }

    private async Task RunAsync(ObservedLease observed, Func<CancellationToken, Task> lead, CancellationToken cancel)
    {
        try
        {
            await election.TryAsync(observed, lead, leave.Token, cancel);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            // The process stops.
        }
    }
}
