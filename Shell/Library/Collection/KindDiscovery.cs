using System.Collections.Concurrent;
using Kollect.Core.Collection;
using Kollect.Core.Failures;
using Kollect.Shell.Kubernetes;
using Kollect.Shell.Telemetry;
using Microsoft.Extensions.Logging;

namespace Kollect.Shell.Collection;

/// <summary>Which kinds the API server serves, and how its paths name them; asked for as targets want them.</summary>
/// <param name="api">The API server.</param>
/// <param name="changed">Called when there is something new.</param>
/// <param name="log">For questions that are not answered.</param>
internal sealed partial class KindDiscovery(IKubernetesApi api, Action changed, ILogger log)
{
    private readonly ConcurrentDictionary<(string Group, string Version), IReadOnlyList<DiscoveredResource>?> answers = [];
    private readonly ConcurrentDictionary<ResourceKind, bool> wanted = [];
    private readonly SemaphoreSlim asked = new(0, 1);

    /// <summary>What is known of a kind; where that is nothing, it is asked for.</summary>
    public KindAvailability Look(ResourceKind kind)
    {
        wanted[kind] = true;
        if (answers.TryAdd((kind.Group, kind.Version), null) && asked.CurrentCount == 0)
            asked.Release();
        return answers[(kind.Group, kind.Version)] is not { } served ? new KindAvailability.Asking()
            : served.FirstOrDefault(it => it.Kind == kind.Kind) is not { } found ? new KindAvailability.NotServed()
            : found.Verbs.Contains("list") && found.Verbs.Contains("watch") ? new KindAvailability.Served()
            : new KindAvailability.NotListable();
    }

    /// <summary>Of a kind that is served.</summary>
    public Resource ResourceOf(ResourceKind kind) => answers[(kind.Group, kind.Version)]!.First(it => it.Kind == kind.Kind).Resource;

    /// <summary>Until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancel)
    {
        while (true)
        {
            var open = answers.Where(it => it.Value is null || Lacks(it.Key, it.Value)).ToArray();
            var isAnswered = true;
            foreach (var ((@group, version), before) in open)
                isAnswered &= await AskAsync(@group, version, before, cancel);
            await asked.WaitAsync(isAnswered ? Waits.KindDiscovery : Waits.UnansweredDiscovery, cancel);
        }
    }

    private bool Lacks((string Group, string Version) of, IReadOnlyList<DiscoveredResource> served) =>
        wanted.Keys.Any(kind => (kind.Group, kind.Version) == of && served.All(it => it.Kind != kind.Kind));

    private async Task<bool> AskAsync(string group, string version, IReadOnlyList<DiscoveredResource>? before, CancellationToken cancel)
    {
        try
        {
            var now = await api.DiscoverAsync(group, version, cancel);
            answers[(group, version)] = now;
            if (before is null || before.Count != now.Count)
                changed();
            return true;
        }
        catch (KubernetesException failure)
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
