using System.Collections.Concurrent;
using System.Collections.Immutable;
using Kollect.Core.Collection;
using Kollect.Core.Failures;
using Kollect.Operator.Kubernetes;
using Kollect.Operator.Telemetry;
using Microsoft.Extensions.Logging;

namespace Kollect.Operator.Collection;

/// <summary>The kinds that the API server serves, and their names in its paths; requested as targets need them.</summary>
/// <param name="changed">Called when an answer differs from the one before, and when answers stay away for too long.</param>
/// <param name="log">For questions that are not answered.</param>
internal sealed partial class KindDiscovery(IKubernetesApi api, Action changed, TimeProvider time, ILogger log)
{
    private readonly ConcurrentDictionary<(string Group, string Version), Answer> answers = [];
    private readonly SemaphoreSlim isWanted = new(0, 1);
    private volatile IReadOnlySet<ResourceKind> wanted = ImmutableHashSet<ResourceKind>.Empty;

    /// <summary>Sets the kinds to request; new ones are requested at once. Calls must not overlap.</summary>
    public void Want(IEnumerable<ResourceKind> kinds)
    {
        var before = wanted;
        wanted = kinds.ToImmutableHashSet();
        if (wanted.Any(kind => !before.Contains(kind) && !answers.ContainsKey((kind.Group, kind.Version))))
            Wake();
    }

    /// <summary>Requests a kind again that the API server did not know any more: it may come back under another plural, or in another scope.</summary>
    public void Doubt(ResourceKind kind)
    {
        Set((kind.Group, kind.Version), it => it with { IsDoubted = true });
        Wake();
    }

    /// <summary>The availability of a kind, and its name in paths where it is served: both of one answer.</summary>
    public (KindAvailability Availability, Resource? Resource) Find(ResourceKind kind)
    {
        var answer = answers.GetValueOrDefault((kind.Group, kind.Version), Answer.None);
        return answer.Served is not { } served ? (KindAvailability.WithoutAnswer(answer.Outage, time.GetUtcNow()), null)
            : served.FirstOrDefault(it => it.Kind == kind.Kind) is not { } found ? (new KindAvailability.NotServed(), null)
            : found.Verbs.Contains("list") && found.Verbs.Contains("watch") ? (new KindAvailability.Served(found.Resource.Namespaced), found.Resource)
            : (new KindAvailability.NotListable(), null);
    }

    /// <summary>Until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancel)
    {
        while (true)
        {
            var isAnswered = true;
            foreach (var (@group, version) in wanted.Where(IsOpen).Select(kind => (kind.Group, kind.Version)).Distinct().ToArray())
                isAnswered &= await AskAsync(@group, version, cancel);
            await isWanted.WaitAsync(isAnswered ? Waits.KindDiscovery : Waits.UnansweredDiscovery, cancel);
        }
    }

    private bool IsOpen(ResourceKind kind) =>
        Find(kind).Availability is not (KindAvailability.Served or KindAvailability.NotListable)
        || answers.GetValueOrDefault((kind.Group, kind.Version), Answer.None).IsDoubted;

    private async Task<bool> AskAsync(string group, string version, CancellationToken cancel)
    {
        var before = answers.GetValueOrDefault((group, version), Answer.None);
        try
        {
            var now = await api.DiscoverAsync(group, version, cancel);
            Set((group, version), _ => new Answer(now, None, IsDoubted: false));
            if (before.Served is null || !before.Served.Select(Shown).SequenceEqual(now.Select(Shown)))
                changed();
            return true;
        }
        catch (ApiException failure)
        {
            CannotAsk(log, group, version, failure.Message);
            var now = time.GetUtcNow();
            var outage = Outage.After(before.Outage, WatchTrouble.Passing, failure.Message, now);
            Set((group, version), it => it with { Outage = outage, IsOutageLasting = outage.IsLasting(now) });
            if (before.Served is null && outage.IsLasting(now) && !before.IsOutageLasting)
                changed();
            return false;
        }
    }

    private void Set((string Group, string Version) of, Func<Answer, Answer> change) =>
        answers.AddOrUpdate(of, static (_, change) => change(Answer.None), static (_, before, change) => change(before), change);

    private void Wake()
    {
        if (isWanted.CurrentCount == 0)
            isWanted.Release();
    }

    private static string Shown(DiscoveredResource it) => $"{it.Kind} {it.Resource.Plural} {it.Resource.Namespaced} {string.Join(' ', it.Verbs)}";

    [LoggerMessage(
        EventId = LogEvents.DiscoveryFailed, EventName = nameof(LogEvents.DiscoveryFailed), Level = LogLevel.Warning,
        Message = "The kinds of {Group}/{Version} could not be listed: {Why}; retry soon")]
    private static partial void CannotAsk(ILogger log, string group, string version, string why);

    /// <summary>The last answer about a group and version.</summary>
    /// <param name="Served">Null = there was none.</param>
    /// <param name="Outage">None = the last question was answered, or there was none.</param>
    /// <param name="IsDoubted">A list or watch of one of its kinds was answered with 404 since.</param>
    /// <param name="IsOutageLasting">The outage has been reported.</param>
    private sealed record Answer(IReadOnlyList<DiscoveredResource>? Served, Option<Outage> Outage, bool IsDoubted, bool IsOutageLasting = false)
    {
        public static Answer None { get; } = new(null, Option<Outage>.None, IsDoubted: false);
    }
}
