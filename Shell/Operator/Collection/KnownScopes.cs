using Kollect.Core.Collection;
using Kollect.Core.Collection.Scopes;
using Kollect.Core.Manifests;
using Kollect.Core.Snapshots;
using Kollect.Operator.Kubernetes;
using Kollect.Operator.Telemetry;
using Microsoft.Extensions.Logging;
using Change = Kollect.Operator.Kubernetes.Change;

namespace Kollect.Operator.Collection;

/// <summary>All scopes, which limit what is collected and where it is sent.</summary>
/// <param name="only">The one namespace that matters, without the scopes of the cluster; empty = all.</param>
/// <param name="changed">
/// Called with the <see cref="Core.Inventories.Inventory.RowNamespace"/> of the objects that are limited otherwise now; empty = all of them.
/// </param>
/// <param name="metrics">Counts interruptions.</param>
internal sealed class KnownScopes(IKubernetesApi api, string only, Action<string> changed, KollectMetrics metrics, TimeProvider time, ILogger log)
{
    public static readonly Resource OfNamespaces = new("kollect.dev", "v1alpha1", "kollectscopes", Namespaced: true);
    public static readonly Resource OfCluster = new("kollect.dev", "v1alpha1", "kollectclusterscopes", Namespaced: false);

    private readonly Followed namespaced = new(new ResourceKind("kollect.dev", "v1alpha1", "KollectScope"));
    private readonly Followed ofCluster = new(new ResourceKind("kollect.dev", "v1alpha1", "KollectClusterScope"));

    /// <summary>The scopes that limit the objects of a namespace.</summary>
    /// <param name="rowNamespace">See <see cref="Core.Inventories.Inventory.RowNamespace"/>.</param>
    public ScopesInForce Of(string rowNamespace) => rowNamespace == Scope.ClusterInventories ? ofCluster.Of("") : namespaced.Of(rowNamespace);

    /// <summary>Until cancelled.</summary>
    public Task RunAsync(CancellationToken cancel) => Task.WhenAll(
        FollowAsync(namespaced, OfNamespaces, new Selection(only), cancel),
        only.Length == 0 ? FollowAsync(ofCluster, OfCluster, Selection.All, cancel) : Task.CompletedTask);

    /// <summary>Some time has passed: an outage may have become a lasting one.</summary>
    public void Age()
    {
        foreach (var it in new[] { namespaced, ofCluster })
            if (it.Age(time.GetUtcNow()))
                changed("");
    }

    private async Task FollowAsync(Followed scopes, Resource resource, Selection selection, CancellationToken cancel)
    {
        await foreach (var change in ListWatch.FollowAsync(api, resource, selection, metrics, time, log, cancel))
            if (scopes.After(change, time.GetUtcNow()) is { } limited)
                changed(limited.Length == 0 && resource == OfCluster ? Scope.ClusterInventories : limited);
    }

    /// <summary>The scopes of one kind.</summary>
    private sealed class Followed(ResourceKind kind)
    {
        private readonly Lock gate = new();
        private readonly Dictionary<ObjectName, ScopeObject> all = [];
        private WatchProgress progress = WatchProgress.Begun;

        /// <param name="namespace">Empty = the scopes are cluster-scoped.</param>
        public ScopesInForce Of(string @namespace)
        {
            lock (gate)
                return ScopesInForce.Of(
                    progress,
                    all.Where(it => it.Key.Namespace == @namespace).Select(it => (it.Key.Name, it.Value.Spec)).ToArray().ToSeq());
        }

        /// <returns>The namespace whose limits may have changed; empty = any; null = none.</returns>
        public string? After(Change change, DateTimeOffset now)
        {
            lock (gate)
                switch (change)
                {
                    case Change.Seen it when ScopeObject.Read(it.Object) is { } seen:
                        var isNew = !all.TryGetValue(it.Name, out var known) || known.Spec != seen.Spec;
                        all[it.Name] = seen;
                        return Set(progress.Resumed()) ? "" : isNew ? it.Name.Namespace : null;
                    case Change.Gone it:
                        return all.Remove(it.Name) ? it.Name.Namespace : null;
                    case Change.Listed:
                        return Set(progress.Listed()) ? "" : null;
                    case Change.Interrupted { Why: var why }:
                        return Set(progress.Interrupted(kind, Troubles.Of(why), why.Message, now)) ? "" : null;
                    default:
                        return null;
                }
        }

        /// <returns>True = the limits may have changed.</returns>
        public bool Age(DateTimeOffset now)
        {
            lock (gate)
                return Set(progress.At(kind, now));
        }

        private bool Set(WatchProgress after)
        {
            var before = progress;
            progress = after;
            return (after.HasListed, after.Trouble) != (before.HasListed, before.Trouble);
        }
    }
}
