using System.Collections.Immutable;
using Kollect.Core.Collection;
using Kollect.Operator.Kubernetes;
using Kollect.Operator.Telemetry;
using Microsoft.Extensions.Logging;

namespace Kollect.Operator.Collection;

/// <summary>All namespaces, whose labels and grants decide about their objects.</summary>
/// <param name="only">The one namespace that matters; empty = all.</param>
/// <param name="metrics">Counts interruptions.</param>
internal sealed class KnownNamespaces(IKubernetesApi api, string only, KollectMetrics metrics, TimeProvider time, ILogger log)
{
    private static readonly ResourceKind Kind = new("", "v1", "Namespace");
    private static readonly Resource Namespaces = new("", "v1", "namespaces", Namespaced: false);

    private readonly Lock gate = new();

    private volatile ImmutableDictionary<string, KnownNamespace> all = ImmutableDictionary.Create<string, KnownNamespace>(StringComparer.Ordinal);

    private volatile WatchProgress progress = WatchProgress.Begun;

    /// <summary>By name. Immutable; replaced when something changes.</summary>
    public ImmutableDictionary<string, KnownNamespace> All => all;

    /// <summary>Whether all of them are known.</summary>
    public NamespacesAvailability Availability => NamespacesAvailability.Of(progress);

    /// <summary>None = there is none of this name, as far as is known.</summary>
    public Option<KnownNamespace> Find(string name) => all.TryGetValue(name, out var found) ? found : Option<KnownNamespace>.None;

    /// <summary>Until cancelled.</summary>
    /// <param name="changed">The namespace before and after, once it stands here; before is None for one that was not known.</param>
    /// <param name="gone">Called when a namespace is deleted.</param>
    /// <param name="availabilityChanged">Called when <see cref="Availability"/> has changed.</param>
    public async Task RunAsync(
        Action<Option<KnownNamespace>, KnownNamespace> changed,
        Action gone,
        Action availabilityChanged,
        CancellationToken cancel)
    {
        var selection = only.Length > 0 ? new Selection(FieldSelector: $"metadata.name={only}") : Selection.All;
        await foreach (var change in ListWatch.FollowAsync(api, Namespaces, selection, metrics, time, log, cancel))
            switch (change)
            {
                case Change.Seen it:
                    var (before, after) = (Find(it.Name.Name), KnownNamespace.Read(it.Name.Name, it.Object));
                    if (before == after)
                        break;
                    all = all.SetItem(it.Name.Name, after);
                    changed(before, after);
                    break;
                case Change.Gone it:
                    all = all.Remove(it.Name.Name);
                    gone();
                    break;
                case Change.Listed:
                    Set(it => it.Listed(), availabilityChanged);
                    break;
                // What is known stays; where listing is forbidden, newer labels may exclude objects that are still collected.
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
