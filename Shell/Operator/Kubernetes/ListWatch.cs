using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Kollect.Core.Failures;
using Kollect.Operator.Telemetry;
using Microsoft.Extensions.Logging;

namespace Kollect.Operator.Kubernetes;

/// <summary>
/// Follows the objects of one kind: lists them, watches them, resumes where a watch ended, and lists again where resuming is no longer possible.
/// </summary>
internal static partial class ListWatch
{
    /// <summary>A watch that stayed open for this long counts as successful, even without an event.</summary>
    private static readonly TimeSpan Worked = TimeSpan.FromSeconds(10);

    /// <summary>
    /// After this many failures in a row, most of a minute, the version is given up and the objects are listed again: a restored etcd does not know the
    /// version yet, or the line after it cannot be read.
    /// </summary>
    private const int FailuresUntilList = 8;

    /// <summary>
    /// Ends only by cancellation or a defect; a failure of the API server is reported as <see cref="Change.Interrupted"/> and retried.
    /// </summary>
    /// <param name="metrics">Counts interruptions, and notes each answer.</param>
    public static IAsyncEnumerable<Change> FollowAsync(
        IKubernetesApi api, Resource resource, Selection selection, KollectMetrics metrics, TimeProvider time, ILogger log, CancellationToken cancel) =>
        FollowAsync(api, resource, selection, [], metrics, time, log, cancel);

    /// <summary>
    /// As above, for objects some of which were reported before: the first list reports every existing object, and <see cref="Change.Gone"/> for each
    /// known one that no longer exists.
    /// </summary>
    /// <param name="known">Uids of the reported objects; kept current, so that a later call can continue from them.</param>
    internal static async IAsyncEnumerable<Change> FollowAsync(
        IKubernetesApi api,
        Resource resource,
        Selection selection,
        Dictionary<ObjectName, string> known,
        KollectMetrics metrics,
        TimeProvider time,
        ILogger log,
        [EnumeratorCancellation] CancellationToken cancel)
    {
        var name = resource.ToString();
        string? version = null;
        var (failures, lists) = (0, 0);
        var interrupted = false;
        while (true)
        {
            // List until there is a version, then watch from it.
            var watches = version is not null;
            var began = time.GetTimestamp();
            var source = version is null
                ? ListAsync(api, resource, selection, known, cancel)
                : WatchAsync(api, resource, selection, version, known, cancel);
            await using var changes = source.GetAsyncEnumerator(cancel);
            var (moved, failure) = await MoveAsync(changes);
            var reported = false;
            for (; moved; (moved, failure) = await MoveAsync(changes))
            {
                metrics.WatchAnswered(name, time.GetUtcNow());
                version = changes.Current.Version ?? version;
                if (changes.Current.Change is { } change)
                    yield return change;
                else if (interrupted)
                    yield return new Change.Listed(version!); // nothing was missed
                (reported, interrupted) = (true, false);
            }

            if (failure is null && !watches)
            {
                // A good list is a new start, unless the watch after the list before was refused, too.
                failures = lists++;
                continue;
            }

            var worked = watches && (reported || time.GetElapsedTime(began) > Worked);
            (failures, lists) = worked ? (0, 0) : (failures + 1, lists);
            var wait = (failures == 0 ? Waits.ClosedWatches : Waits.Watches).After(failures, Random.Shared.NextDouble(), failure?.RetryAfter ?? TimeSpan.Zero);
            if (failure is { Kind: ApiError.Gone })
                Relisting(log, resource);
            else if (failure is not null)
            {
                Interrupted(log, resource, failure.Message, wait);
                metrics.WatchInterrupted(name);
                interrupted = true;
                yield return new Change.Interrupted(failure);
            }

            if (failure is { Kind: ApiError.Gone } || failures >= FailuresUntilList)
                version = null;
            await Task.Delay(wait, time, cancel);
        }
    }

    private static async IAsyncEnumerable<Step> ListAsync(
        IKubernetesApi api, Resource resource, Selection selection, Dictionary<ObjectName, string> known, [EnumeratorCancellation] CancellationToken cancel)
    {
        var before = new Dictionary<ObjectName, string>(known);
        var version = "";
        await foreach (var page in api.ListAsync(resource, selection, cancel))
        {
            version = page.ResourceVersion;
            foreach (var item in page.Items)
            {
                var head = ObjectHead.Of(item);
                if (before.Remove(head.Name, out var uid) && uid != head.Uid)
                    yield return new Step(new Change.Gone(head.Name, uid), null);
                yield return new Step(Seen(known, head, item), null);
            }
        }

        foreach (var (name, uid) in before)
        {
            known.Remove(name);
            yield return new Step(new Change.Gone(name, uid), null);
        }

        yield return new Step(new Change.Listed(version), version);
    }

    private static async IAsyncEnumerable<Step> WatchAsync(
        IKubernetesApi api,
        Resource resource,
        Selection selection,
        string from,
        Dictionary<ObjectName, string> known,
        [EnumeratorCancellation] CancellationToken cancel)
    {
        await foreach (var watchEvent in api.WatchAsync(resource, selection, from, cancel))
            switch (watchEvent)
            {
                case WatchEvent.Seen seen:
                    var head = ObjectHead.Of(seen.Object);
                    yield return new Step(Seen(known, head, seen.Object), VersionOf(head));
                    break;
                case WatchEvent.Deleted deleted:
                    var last = ObjectHead.Of(deleted.Object);
                    known.Remove(last.Name);
                    yield return new Step(new Change.Gone(last.Name, last.Uid), VersionOf(last));
                    break;
                case WatchEvent.Bookmark bookmark:
                    yield return new Step(null, bookmark.ResourceVersion);
                    break;
            }
    }

    /// <summary>Each report of an object has the same instance of its uid, because what is kept of the object keeps it, too.</summary>
    private static Change.Seen Seen(Dictionary<ObjectName, string> known, ObjectHead head, byte[] json)
    {
        ref var uid = ref CollectionsMarshal.GetValueRefOrAddDefault(known, head.Name, out _);
        if (uid != head.Uid)
            uid = head.Uid;
        return new Change.Seen(head.Name, uid, json);
    }

    private static string? VersionOf(ObjectHead head) => head.ResourceVersion.Length == 0 ? null : head.ResourceVersion;

    /// <summary>False without a failure = the end of the list or watch.</summary>
    private static async Task<(bool Moved, ApiException? Failure)> MoveAsync(IAsyncEnumerator<Step> changes)
    {
        try
        {
            return (await changes.MoveNextAsync(), null);
        }
        catch (ApiException failure)
        {
            return (false, failure);
        }
    }

    [LoggerMessage(
        EventId = LogEvents.WatchRelisted, EventName = nameof(LogEvents.WatchRelisted), Level = LogLevel.Information,
        Message = "The watch of {Resource} is too old to resume: its objects are listed again")]
    private static partial void Relisting(ILogger log, Resource resource);

    [LoggerMessage(
        EventId = LogEvents.WatchInterrupted, EventName = nameof(LogEvents.WatchInterrupted), Level = LogLevel.Warning,
        Message = "The watch of {Resource} was interrupted: {Why}; retry in {Wait}")]
    private static partial void Interrupted(ILogger log, Resource resource, string why, TimeSpan wait);

    /// <summary>A change to report and the version reached by it; null = no change, or the same version.</summary>
    private sealed record Step(Change? Change, string? Version);
}
