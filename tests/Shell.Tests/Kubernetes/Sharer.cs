using System.Collections.Concurrent;
using Kollect.Core.Kubernetes;
using Kollect.Operator.Kubernetes;
using Microsoft.Extensions.Logging;

namespace Kollect.Shell.Tests.Kubernetes;

/// <summary>The work of all processes of a test: who works in which shard now, and whether two ever did at once.</summary>
internal sealed class SharedWork
{
    private readonly Lock gate = new();
    private readonly List<(string Who, Shard Shard)> running = [];

    /// <summary>Two that worked on the same objects at once: in the same shard, or in shards of different numbers.</summary>
    public ConcurrentQueue<string> Overlaps { get; } = [];

    /// <summary>Terms that have begun so far.</summary>
    public int Terms { get; private set; }

    /// <summary>The time from the cancellation of a term to its end.</summary>
    public TimeSpan TimeToEnd { get; set; }

    /// <summary>E.g. <c>alpha:2 beta:1</c>: the number of shards in which each works now, in ordinal order.</summary>
    public string Holders
    {
        get
        {
            lock (gate)
                return string.Join(' ', running.GroupBy(it => it.Who).OrderBy(it => it.Key, StringComparer.Ordinal).Select(it => $"{it.Key}:{it.Count()}"));
        }
    }

    public Task HoldsAsync(string holders) => Eventually.HoldsAsync(() => Task.FromResult(Holders == holders), 40, () => Task.FromResult(Holders));

    public async Task LeadAsync(string who, Shard shard, CancellationToken cancel)
    {
        lock (gate)
        {
            foreach (var (other, its) in running.Where(it => it.Shard == shard || it.Shard.Count != shard.Count))
                Overlaps.Enqueue($"{who} in {shard} while {other} in {its}");
            running.Add((who, shard));
            Terms++;
        }

        try
        {
            await Task.Delay(Timeout.Infinite, cancel);
        }
        finally
        {
            await Task.Delay(TimeToEnd);
            lock (gate)
                running.Remove((who, shard));
        }
    }
}

/// <summary>A process that shares the work, with a fifth of the default times.</summary>
internal sealed class Sharer : IAsyncDisposable
{
    private readonly CancellationTokenSource stop = new();
    private readonly Lines log = new();
    private readonly Task run;

    /// <param name="shards">Its number of shards.</param>
    /// <param name="time">Null = the clock of the system.</param>
    public Sharer(IKubernetesApi api, SharedWork work, string identity, int shards, TimeProvider? time = null)
    {
        var election = new ShardElection(api, Contender.Times with { Identity = identity }, shards, time ?? TimeProvider.System, log);
        run = Task.Run(() => election.RunAsync((shard, cancel) => work.LeadAsync(identity, shard, cancel), stop.Token));
    }

    public IReadOnlyCollection<string> Log => log.All;

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

    private sealed class Lines : ILogger<LeaderElection>
    {
        public ConcurrentQueue<string> All { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            All.Enqueue(formatter(state, exception));
    }
}
