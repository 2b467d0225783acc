using System.Collections.Immutable;
using Kollect.Core.Collection;
using Kollect.Shell.Kubernetes;
using LanguageExt.ClassInstances;
using Microsoft.Extensions.Logging;

namespace Kollect.Shell.Collection;

/// <summary>The labels of namespaces, which decide about their objects.</summary>
/// <param name="only">The one namespace that matters; empty = all.</param>
internal sealed class KnownNamespaces(IKubernetesApi api, string only, TimeProvider time, ILogger log)
{
    private static readonly Resource Namespaces = new("", "v1", "namespaces", Namespaced: false);

    private volatile ImmutableDictionary<string, Map<OrdStringOrdinal, string, string>> labels =
        ImmutableDictionary.Create<string, Map<OrdStringOrdinal, string, string>>(StringComparer.Ordinal);

    private volatile int availability;

    /// <summary>By name. Immutable; replaced when something changes.</summary>
    public ImmutableDictionary<string, Map<OrdStringOrdinal, string, string>> Labels => labels;

    /// <summary>Whether all of them are known.</summary>
    public NamespacesAvailability Availability => (NamespacesAvailability)availability;

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
        await foreach (var change in ListWatch.FollowAsync(api, Namespaces, selection, time, log, cancel))
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
                    Set(NamespacesAvailability.Known, availabilityChanged);
                    break;
                // The known labels stay, but only for a limited time: newer labels may exclude objects that are still collected.
                case Change.Interrupted { Why.Kind: ApiError.Forbidden }:
                    Set(NamespacesAvailability.Forbidden, availabilityChanged);
                    break;
            }
    }

    private void Set(NamespacesAvailability now, Action changed)
    {
        if (Interlocked.Exchange(ref availability, (int)now) != (int)now)
            changed();
    }
}
