using System.Collections.Immutable;
using Kollect.Core.Collection;
using Kollect.Shell.Kubernetes;
using Kollect.Shell.Telemetry;
using LanguageExt.ClassInstances;
using Microsoft.Extensions.Logging;

namespace Kollect.Shell.Collection;

/// <summary>The labels of namespaces, which decide about their objects.</summary>
/// <param name="only">The one namespace that matters; empty = all.</param>
/// <param name="metrics">Counts interruptions.</param>
internal sealed class KnownNamespaces(IKubernetesApi api, string only, KollectMetrics metrics, TimeProvider time, ILogger log)
{
    private static readonly ResourceKind Kind = new("", "v1", "Namespace");
    private static readonly Resource Namespaces = new("", "v1", "namespaces", Namespaced: false);

    private readonly Lock gate = new();

    private volatile ImmutableDictionary<string, Map<OrdStringOrdinal, string, string>> labels =
        ImmutableDictionary.Create<string, Map<OrdStringOrdinal, string, string>>(StringComparer.Ordinal);

    private volatile WatchProgress progress = WatchProgress.Begun;

    /// <summary>By name. Immutable; replaced when something changes.</summary>
    public ImmutableDictionary<string, Map<OrdStringOrdinal, string, string>> Labels => labels;

    /// <summary>Whether all of them are known.</summary>
    public NamespacesAvailability Availability => NamespacesAvailability.Of(progress);

    /// <summary>None = there is none of this name, as far as is known.</summary>
    public Option<Map<OrdStringOrdinal, string, string>> Find(string name) =>
        labels.TryGetValue(name, out var found) ? found : Option<Map<OrdStringOrdinal, string, string>>.None;

    /// <summary>Until cancelled.</summary>
    /// <param name="changed">Name, labels before and after, once they stand here; before is None for one that was not known.</param>
    /// <param name="availabilityChanged">Called when <see cref="Availability"/> has changed.</param>
    public async Task RunAsync(
        Action<string, Option<Map<OrdStringOrdinal, string, string>>, Map<OrdStringOrdinal, string, string>> changed,
        Action availabilityChanged,
        CancellationToken cancel)
    {
        var selection = only.Length > 0 ? new Selection(FieldSelector: $"metadata.name={only}") : Selection.All;
        await foreach (var change in ListWatch.FollowAsync(api, Namespaces, selection, metrics, time, log, cancel))
            switch (change)
            {
                case Change.Seen it:
                    var (before, after) = (Find(it.Name.Name), ObjectLabels.Read(it.Object));
                    labels = labels.SetItem(it.Name.Name, after);
                    if (before != after)
                        changed(it.Name.Name, before, after);
                    break;
                case Change.Gone it:
                    labels = labels.Remove(it.Name.Name);
                    break;
                case Change.Listed:
                    Set(it => it.Listed(), availabilityChanged);
                    break;
                // The known labels stay; where listing is forbidden, newer ones may exclude objects that are still collected.
                case Change.Interrupted { Why: var why }:
                    Set(it => it.Interrupted(Kind, Troubles.Of(why), why.Message, time.GetUtcNow()), availabilityChanged);
                    break;
            }
    }

    /// <summary>Some time has passed.</summary>
    /// <param name="availabilityChanged">As of <see cref="RunAsync"/>.</param>
    public void Age(Action availabilityChanged) => Set(it => it.At(Kind, time.GetUtcNow()), availabilityChanged);

    private void Set(Func<WatchProgress, WatchProgress> change, Action changed)
    {
        lock (gate)
        {
            var before = Availability;
            progress = change(progress);
            if (Availability == before)
                return;
        }

        changed();
    }
}
