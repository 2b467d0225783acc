using Kollect.Core.Collection;
using Kollect.Core.Failures;
using Kollect.Operator.Kubernetes;
using Kollect.Operator.Telemetry;
using Microsoft.Extensions.Logging;

namespace Kollect.Operator.Collection;

/// <summary>One list and watch, shared by targets of the same kind and selector.</summary>
/// <param name="namespaces">A namespace by name; None = it is not known.</param>
/// <param name="changed">Called with each target whose content or progress has changed.</param>
/// <param name="notServed">Called when the API server does not know the kind any more.</param>
/// <param name="metrics">Counts interruptions.</param>
internal sealed partial class ObjectWatch(
    IKubernetesApi api,
    Resource resource,
    Selection selection,
    Func<string, Option<KnownNamespace>> namespaces,
    Action<CollectedTarget> changed,
    Action notServed,
    KollectMetrics metrics,
    TimeProvider time,
    ILogger log)
{
    private readonly Lock gate = new();
    private readonly Dictionary<ObjectName, string> known = [];
    private IReadOnlyList<CollectedTarget> targets = [];

    /// <summary>Those of the present round: they get its whole list, unless they are not wanted any more.</summary>
    private volatile IReadOnlyList<CollectedTarget> served = [];

    private CancellationTokenSource? round;

    /// <summary>The targets to collect for from now on. One that is new needs another list, which does not affect the others.</summary>
    public void Serve(IReadOnlyList<CollectedTarget> wanted)
    {
        lock (gate)
        {
            var isComplete = wanted.All(targets.Contains);
            targets = wanted;
            served = [.. served.Where(wanted.Contains)];
            if (!isComplete)
                _ = round?.CancelAsync(); // what it ends goes on elsewhere, and not within the lock
        }
    }

    /// <summary>Reads every object again.</summary>
    public void ListAgain()
    {
        lock (gate)
            _ = round?.CancelAsync();
    }

    /// <summary>Whether a target depends on what has changed of a namespace.</summary>
    /// <param name="before">None = it was not known.</param>
    public bool DependsOn(Option<KnownNamespace> before, KnownNamespace after)
    {
        lock (gate)
            return targets.Any(target => before.Match(it => target.Plan.Distinguishes(it, after), () => target.IsMissing(after.Name)));
    }

    /// <summary>Until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancel)
    {
        while (true)
        {
            var stop = Begin(cancel);
            try
            {
                await FollowAsync(stop.Token);
            }
            catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
            {
                // Another list was requested.
            }
            catch (Exception defect) when (!cancel.IsCancellationRequested)
            {
                Defect(log, resource, defect.GetType().Name, Waits.AfterDefect, defect.StackTrace);
                await Task.Delay(Waits.AfterDefect, time, cancel);
            }
            finally
            {
                lock (gate)
                    round = null;
                stop.Dispose();
            }
        }
    }

    private CancellationTokenSource Begin(CancellationToken cancel)
    {
        lock (gate)
        {
            served = targets;
            return round = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        }
    }

    private async Task FollowAsync(CancellationToken cancel)
    {
        await foreach (var change in ListWatch.FollowAsync(api, resource, selection, known, metrics, time, log, cancel))
        {
            foreach (var target in served)
                if (Apply(target, change))
                    changed(target);
            if (change is Change.Interrupted { Why.Kind: ApiError.NotFound })
                notServed();
        }
    }

    private bool Apply(CollectedTarget target, Change change) => change switch
    {
        Change.Seen it => target.Update(it, namespaces),
        Change.Gone it => target.Forget(it.Uid),
        Change.Listed => target.Listed(),
        Change.Interrupted it => target.Interrupted(Troubles.Of(it.Why), it.Why.Message, time.GetUtcNow()),
        _ => false,
    };

    [LoggerMessage(
        EventId = LogEvents.CollectionDefect, EventName = nameof(LogEvents.CollectionDefect), Level = LogLevel.Error,
        Message = "Collecting {Resource}: a defect of this program ({Type}), please report it; retry in {Wait}\n{StackTrace}")]
    private static partial void Defect(ILogger log, Resource resource, string type, TimeSpan wait, string? stackTrace);
}
