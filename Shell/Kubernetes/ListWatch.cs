using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;

namespace Kollect.Shell.Kubernetes;

/// <summary>Follows all objects of one kind for ever: list, watch, resume where the watch ended, list again where that is no longer possible.</summary>
public static partial class ListWatch
{
    private static readonly TimeSpan ShortestWait = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);

    /// <summary>Ends only by cancellation or a defect; failures of the API server are told as <see cref="Change.Interrupted"/> and tried again.</summary>
    public static async IAsyncEnumerable<Change> FollowAsync(
        IKubernetesApi api, Resource resource, Selection selection, TimeProvider time, ILogger log, [EnumeratorCancellation] CancellationToken cancel)
    {
        var known = new Dictionary<ObjectName, string>();
        string? version = null;
        var failures = 0;
        while (true)
        {
            // A list until there is a version to watch from, then watches.
            await using var changes = (version is null ? ListAsync(api, resource, selection, known, cancel) : WatchAsync(api, resource, selection, version, known, cancel))
                .GetAsyncEnumerator(cancel);
            var (moved, failure) = await MoveAsync(changes);
            for (; moved; (moved, failure) = await MoveAsync(changes))
            {
                failures = 0;
                version = changes.Current.Version ?? version;
                if (changes.Current.Change is { } change)
                    yield return change;
            }

            if (failure is null)
            {
                // Not at once again and again, where a proxy closes each watch as soon as it is open.
                await Task.Delay(ShortestWait * Random.Shared.NextDouble(), time, cancel);
                continue;
            }

            if (failure.Kind is ApiError.Gone)
            {
                Relisting(log, resource);
                version = null;
                continue;
            }

            var wait = Wait(++failures, failure.RetryAfter);
            Interrupted(log, resource, failure.Message, wait);
            yield return new Change.Interrupted(failure);
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
                yield return new Step(new Change.Seen(item), null);
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
                    yield return new Step(new Change.Seen(seen.Object), head.ResourceVersion);
                    break;
                case WatchEvent.Deleted deleted:
                    var last = ObjectHead.Of(deleted.Object);
                    known.Remove(last.Name);
                    yield return new Step(new Change.Gone(last.Name, last.Uid), last.ResourceVersion);
                    break;
                case WatchEvent.Bookmark bookmark:
                    yield return new Step(null, bookmark.ResourceVersion);
                    break;
            }
    }

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

    private static TimeSpan Wait(int failures, TimeSpan? asked)
    {
        var doubled = ShortestWait * Math.Pow(2, Math.Min(failures - 1, 10));
        var wait = (doubled < LongestWait ? doubled : LongestWait) * (0.5 + 0.5 * Random.Shared.NextDouble());
        return asked > wait ? asked.Value : wait;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The watch of {Resource} is too old to be resumed: listing again")]
    private static partial void Relisting(ILogger log, Resource resource);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The watch of {Resource} was interrupted: {Why}; again in {Wait}")]
    private static partial void Interrupted(ILogger log, Resource resource, string why, TimeSpan wait);

    /// <summary>What to tell, and the version that is reached with it; null = nothing to tell, or the version stays.</summary>
    private sealed record Step(Change? Change, string? Version);
}
