using Kollect.Core.Collection;
using Kollect.Core.Failures;
using Kollect.Shell.Kubernetes;
using Kollect.Shell.Telemetry;
using LanguageExt.ClassInstances;
using Microsoft.Extensions.Logging;

namespace Kollect.Shell.Collection;

/// <summary>One list and watch, for all targets that can share it.</summary>
/// <param name="api">The API server.</param>
/// <param name="resource">Of which kind.</param>
/// <param name="selection">Which objects.</param>
/// <param name="namespaces">Labels of a namespace; None = they are not known.</param>
/// <param name="changed">Told of each target with other content, or that has come further.</param>
/// <param name="time">For waits.</param>
/// <param name="log">For interruptions.</param>
internal sealed partial class ObjectWatch(
    IKubernetesApi api,
    Resource resource,
    Selection selection,
    Func<string, Option<Map<OrdStringOrdinal, string, string>>> namespaces,
    Action<CollectedTarget> changed,
    TimeProvider time,
    ILogger log)
{
    private readonly Lock gate = new();
    private readonly Dictionary<ObjectName, string> known = [];
    private IReadOnlyList<CollectedTarget> targets = [];
    private CancellationTokenSource? round;

    /// <summary>For whom it collects from now on. One that is new needs another list, which takes nothing from the others.</summary>
    public void Serve(IReadOnlyList<CollectedTarget> wanted)
    {
        lock (gate)
        {
            var isComplete = wanted.All(targets.Contains);
            targets = wanted;
            if (!isComplete)
                _ = round?.CancelAsync(); // what it ends goes on elsewhere, and not within the lock
        }
    }

    /// <summary>Every object is to be looked at again.</summary>
    public void ListAgain()
    {
        lock (gate)
            _ = round?.CancelAsync();
    }

    /// <summary>Does it matter to a target that a namespace has other labels?</summary>
    /// <param name="name">Of the namespace.</param>
    /// <param name="before">None = it was not known.</param>
    /// <param name="after">Those that it has now.</param>
    public bool Minds(string name, Option<Map<OrdStringOrdinal, string, string>> before, Map<OrdStringOrdinal, string, string> after)
    {
        lock (gate)
            return targets.Any(target => before.Match(it => target.Plan.Target.Settings.Objects.Distinguishes(it, after), () => target.Awaits(name)));
    }

    /// <summary>Until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancel)
    {
        while (true)
        {
            var (mine, stop) = Begin(cancel);
            try
            {
                await FollowAsync(mine, stop.Token);
            }
            catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
            {
                // Somebody wants another list.
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

    /// <summary>One round is for those who were there when it began: only they have seen its whole list.</summary>
    private (IReadOnlyList<CollectedTarget> Mine, CancellationTokenSource Stop) Begin(CancellationToken cancel)
    {
        lock (gate)
        {
            round = CancellationTokenSource.CreateLinkedTokenSource(cancel);
            return (targets, round);
        }
    }

    private async Task FollowAsync(IReadOnlyList<CollectedTarget> mine, CancellationToken cancel)
    {
        await foreach (var change in ListWatch.FollowAsync(api, resource, selection, known, time, log, cancel))
            foreach (var target in mine)
                if (Tell(target, change))
                    changed(target);
    }

    private bool Tell(CollectedTarget target, Change change) => change switch
    {
        Change.Seen it => target.See(it, namespaces),
        Change.Gone it => target.Forget(it.Uid),
        Change.Listed => target.Listed(),
        Change.Interrupted it => target.Interrupted(Trouble(it.Why.Kind), it.Why.Message),
        _ => false,
    };

    private static WatchTrouble Trouble(ApiError error) => error switch
    {
        ApiError.Forbidden => WatchTrouble.Forbidden,
        ApiError.NotFound => WatchTrouble.NotServed,
        _ => WatchTrouble.Passing,
    };

    [LoggerMessage(
        EventId = LogEvents.CollectionDefect, EventName = nameof(LogEvents.CollectionDefect), Level = LogLevel.Error,
        Message = "Collecting {Resource}: a defect of this program ({Type}), please report it; retry in {Wait}\n{StackTrace}")]
    private static partial void Defect(ILogger log, Resource resource, string type, TimeSpan wait, string? stackTrace);
}
