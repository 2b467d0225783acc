using System.Runtime.CompilerServices;
using Kollect.Core.Failures;
using Microsoft.Extensions.Logging;

namespace Kollect.Shell.Kubernetes;

/// <summary>Follows all objects of one kind for ever: list, watch, resume where the watch ended, list again where that is no longer possible.</summary>
public static partial class ListWatch
{
    /// <summary>A watch that was open for so long has worked, even if there was nothing to tell.</summary>
    private static readonly TimeSpan Worked = TimeSpan.FromSeconds(10);

    /// <summary>
    /// After so many failures in a row, most of a minute, the version itself is in doubt: an etcd that was restored does not know it yet, or the line
    /// after it cannot be read.
    /// </summary>
    private const int FailuresUntilList = 8;

    /// <summary>Ends only by cancellation or a defect; failures of the API server are told as <see cref="Change.Interrupted"/> and tried again.</summary>
    public static IAsyncEnumerable<Change> FollowAsync(
        IKubernetesApi api, Resource resource, Selection selection, TimeProvider time, ILogger log, CancellationToken cancel) =>
        FollowAsync(api, resource, selection, [], time, log, cancel);

    /// <summary>The same, of objects some of which were told before: the first list tells all that there are, and who of those has gone.</summary>
    /// <param name="api">The API server.</param>
    /// <param name="resource">Of which kind.</param>
    /// <param name="selection">Which of them.</param>
    /// <param name="known">Uids of what was told; kept current, so that another call may go on from there when this one has ended.</param>
    /// <param name="time">For the waits.</param>
    /// <param name="log">For interruptions.</param>
    /// <param name="cancel">Ends it.</param>
    internal static async IAsyncEnumerable<Change> FollowAsync(
        IKubernetesApi api,
        Resource resource,
        Selection selection,
        Dictionary<ObjectName, string> known,
        TimeProvider time,
        ILogger log,
        [EnumeratorCancellation] CancellationToken cancel)
    {
        string? version = null;
        var failures = 0;
        var interrupted = false;
        while (true)
        {
            // A list until there is a version to watch from, then watches. A list alone proves nothing: the watch after it may be refused for ever.
            var watches = version is not null;
            var began = time.GetTimestamp();
            await using var changes = (version is null ? ListAsync(api, resource, selection, known, cancel) : WatchAsync(api, resource, selection, version, known, cancel))
                .GetAsyncEnumerator(cancel);
            var (moved, failure) = await MoveAsync(changes);
            var told = false;
            for (; moved; (moved, failure) = await MoveAsync(changes))
            {
                version = changes.Current.Version ?? version;
                if (changes.Current.Change is { } change)
                    yield return change;
                else if (interrupted)
                    yield return new Change.Listed(version!); // nothing was missed
                (told, interrupted) = (true, false);
            }

            if (failure is null && !watches)
                continue;
            failures = watches && (told || time.GetElapsedTime(began) > Worked) ? 0 : failures + 1;
            var wait = (failures == 0 ? Waits.ClosedWatches : Waits.Watches).After(failures, Random.Shared.NextDouble(), failure?.RetryAfter ?? TimeSpan.Zero);
            if (failure is { Kind: ApiError.Gone })
                Relisting(log, resource);
            else if (failure is not null)
            {
                Interrupted(log, resource, failure.Message, wait);
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
                known[head.Name] = head.Uid;
                yield return new Step(new Change.Seen(head.Name, head.Uid, item), null);
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
        IKubernetesApi api, Resource resource, Selection selection, string from, Dictionary<ObjectName, string> known, [EnumeratorCancellation] CancellationToken cancel)
    {
        await foreach (var happening in api.WatchAsync(resource, selection, from, cancel))
            switch (happening)
            {
                case WatchEvent.Seen seen:
                    var head = ObjectHead.Of(seen.Object);
                    known[head.Name] = head.Uid;
                    yield return new Step(new Change.Seen(head.Name, head.Uid, seen.Object), VersionOf(head));
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

    private static string? VersionOf(ObjectHead head) => head.ResourceVersion.Length == 0 ? null : head.ResourceVersion;

    /// <summary>Neither moved nor a failure = the end.</summary>
    private static async Task<(bool Moved, KubernetesException? Failure)> MoveAsync(IAsyncEnumerator<Step> changes)
    {
        try
        {
            return (await changes.MoveNextAsync(), null);
        }
        catch (KubernetesException failure)
        {
            return (false, failure);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The watch of {Resource} is too old to be resumed: listing again")]
    private static partial void Relisting(ILogger log, Resource resource);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The watch of {Resource} was interrupted: {Why}; again in {Wait}")]
    private static partial void Interrupted(ILogger log, Resource resource, string why, TimeSpan wait);

    /// <summary>What to tell, and the version that is reached with it; null = nothing to tell, or the version stays.</summary>
    private sealed record Step(Change? Change, string? Version);
}
