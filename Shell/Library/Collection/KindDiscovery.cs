using System.Collections.Concurrent;
using System.Collections.Immutable;
using Kollect.Core.Collection;
using Kollect.Core.Failures;
using Kollect.Shell.Kubernetes;
using Kollect.Shell.Telemetry;
using Microsoft.Extensions.Logging;

namespace Kollect.Shell.Collection;

/// <summary>The kinds that the API server serves, and their names in its paths; requested as targets need them.</summary>
/// <param name="changed">Called when an answer differs from the one before.</param>
/// <param name="log">For questions that are not answered.</param>
internal sealed partial class KindDiscovery(IKubernetesApi api, Action changed, ILogger log)
{
    private readonly ConcurrentDictionary<(string Group, string Version), IReadOnlyList<DiscoveredResource>> answers = [];
    private readonly SemaphoreSlim isWanted = new(0, 1);
    private volatile IReadOnlySet<ResourceKind> wanted = ImmutableHashSet<ResourceKind>.Empty;

    /// <summary>Sets the kinds to request; new ones are requested at once. Calls must not overlap.</summary>
    public void Want(IEnumerable<ResourceKind> kinds)
    {
        var before = wanted;
        wanted = kinds.ToImmutableHashSet();
        if (wanted.Any(kind => !before.Contains(kind) && !answers.ContainsKey((kind.Group, kind.Version))) && isWanted.CurrentCount == 0)
            isWanted.Release();
    }

    /// <summary>The availability of a kind.</summary>
    public KindAvailability AvailabilityOf(ResourceKind kind) =>
        !answers.TryGetValue((kind.Group, kind.Version), out var served) ? new KindAvailability.Asking()
        : served.FirstOrDefault(it => it.Kind == kind.Kind) is not { } found ? new KindAvailability.NotServed()
        : found.Verbs.Contains("list") && found.Verbs.Contains("watch") ? new KindAvailability.Served()
        : new KindAvailability.NotListable();

    /// <summary>Of a kind that is served.</summary>
    public Resource ResourceOf(ResourceKind kind) => answers[(kind.Group, kind.Version)].First(it => it.Kind == kind.Kind).Resource;

    /// <summary>Until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancel)
    {
        while (true)
        {
            var open = wanted.Where(kind => AvailabilityOf(kind) is KindAvailability.Asking or KindAvailability.NotServed);
            var isAnswered = true;
            foreach (var (@group, version) in open.Select(kind => (kind.Group, kind.Version)).Distinct().ToArray())
                isAnswered &= await AskAsync(@group, version, cancel);
            await isWanted.WaitAsync(isAnswered ? Waits.KindDiscovery : Waits.UnansweredDiscovery, cancel);
        }
    }

    private async Task<bool> AskAsync(string group, string version, CancellationToken cancel)
    {
        try
        {
            var before = answers.GetValueOrDefault((group, version));
            var now = await api.DiscoverAsync(group, version, cancel);
            answers[(group, version)] = now;
            if (before?.Count != now.Count)
                changed();
            return true;
        }
        catch (ApiException failure)
        {
            CannotAsk(log, group, version, failure.Message);
            return false;
        }
    }

    [LoggerMessage(
        EventId = LogEvents.DiscoveryFailed, EventName = nameof(LogEvents.DiscoveryFailed), Level = LogLevel.Warning,
        Message = "The kinds of {Group}/{Version} could not be listed: {Why}; retry soon")]
    private static partial void CannotAsk(ILogger log, string group, string version, string why);
}
