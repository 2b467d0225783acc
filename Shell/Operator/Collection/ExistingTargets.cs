using Kollect.Core.Collection;
using Kollect.Core.Inventories;
using Kollect.Core.Snapshots;
using Kollect.Operator.Kubernetes;
using Kollect.Operator.Telemetry;
using LanguageExt.ClassInstances;
using Microsoft.Extensions.Logging;
using Change = Kollect.Operator.Kubernetes.Change;

namespace Kollect.Operator.Collection;

/// <summary>Which targets exist, and which existed a short while ago; asks the API server whether it still serves their kinds.</summary>
/// <param name="changed">Called when a snapshot may have become complete, or is no longer known, with the row namespaces of deleted targets.</param>
internal sealed partial class ExistingTargets(IKubernetesApi api, Action<IEnumerable<string>> changed, TimeProvider time, ILogger log)
{
    private const string Group = "kollect.dev";
    private const string Version = "v1alpha1";

    private static readonly ResourceKind ProfileKind = new(Group, Version, "KollectProfile");

    private readonly Lock gate = new();
    private readonly Dictionary<string, DeletedTarget> deleted = new(StringComparer.Ordinal);
    private WatchProgress profiles = WatchProgress.Begun;
    private TargetSet namespaced = TargetSet.Unknown(new ResourceKind(Group, Version, "KollectTarget"));
    private TargetSet ofCluster = TargetSet.Unknown(new ResourceKind(Group, Version, "KollectClusterTarget"));

    /// <summary>The list and watch of profiles.</summary>
    public WatchProgress Profiles
    {
        get
        {
            lock (gate)
                return profiles;
        }
    }

    /// <summary>The targets of an inventory's kind, and those deleted ones that it would choose.</summary>
    public (TargetSet Set, IReadOnlyList<InventoryTarget> Deleted) For(Inventory inventory)
    {
        lock (gate)
        {
            var set = inventory.RowNamespace == Scope.ClusterInventories ? ofCluster : namespaced;
            return (set, [.. from it in deleted.Values
                             where it.RowNamespace == inventory.RowNamespace && inventory.Chooses(it.Name.Name, it.Labels)
                             let until = set.Deleted.Find(it.Name.ToString())
                             where until.IsSome
                             select new InventoryTarget(it.Name.Name, new TargetListing.Deleted((DateTimeOffset)until))]);
        }
    }

    /// <summary>Notes a change of profiles.</summary>
    public void ProfileChanged(Change change, CachedProfile? removed) => Set(now => profiles = change switch
    {
        Change.Listed => profiles.Listed(),
        Change.Interrupted { Why: var why } => profiles.Interrupted(ProfileKind, Troubles.Of(why), why.Message, now),
        _ => profiles.Resumed(),
    });

    /// <summary>Notes a change of the targets of namespaces.</summary>
    public void NamespacedChanged(Change change, CachedTarget? removed) => Set(now => namespaced = After(namespaced, change, removed, now));

    /// <summary>Notes a change of cluster-scoped targets.</summary>
    public void ClusterChanged(Change change, CachedTarget? removed) => Set(now => ofCluster = After(ofCluster, change, removed, now));

    /// <summary>Some time has passed: where it decides what happens to rows, asks the API server whether it serves the kinds of targets.</summary>
    public async Task AgeAsync(CancellationToken cancel)
    {
        var isNeeded = false;
        Set(now =>
        {
            (namespaced, ofCluster, profiles) = (namespaced.At(now), ofCluster.At(now), profiles.At(ProfileKind, now));
            isNeeded = namespaced.NeedsCheck(now) || ofCluster.NeedsCheck(now);
        });
        if (isNeeded && await ServedAsync(cancel) is { } served)
            Set(now => (namespaced, ofCluster) = (Checked(namespaced, served, now), Checked(ofCluster, served, now)));
    }

    private static TargetSet Checked(TargetSet set, IReadOnlySet<string> served, DateTimeOffset now) =>
        set.NeedsCheck(now) ? set.Checked(served.Contains(set.Kind.Kind), now) : set;

    private TargetSet After(TargetSet set, Change change, CachedTarget? removed, DateTimeOffset now)
    {
        if (removed is not null)
            deleted[removed.Name.ToString()] = new DeletedTarget(removed.Name, removed.Latest.RowNamespace, removed.Latest.Labels);
        return change switch
        {
            Change.Seen it => set.Seen(it.Name.ToString()),
            Change.Gone it when removed is not null => set.Gone(it.Name.ToString(), now),
            Change.Listed => set.Listed(now),
            Change.Interrupted { Why: var why } => set.Interrupted(Troubles.Of(why), why.Message, now),
            _ => set,
        };
    }

    /// <summary>Changes what is known, and reports it where a snapshot depends on it.</summary>
    private void Set(Action<DateTimeOffset> change)
    {
        lock (gate)
        {
            var before = Seen;
            change(time.GetUtcNow());
            if (Seen == before)
                return;
            changed(deleted.Values.Select(it => it.RowNamespace).Distinct().ToArray());
            foreach (var (key, it) in deleted.ToArray())
                if (!SetOf(it).Deleted.ContainsKey(it.Name.ToString()))
                    deleted.Remove(key);
        }
    }

    /// <summary>All that a snapshot depends on.</summary>
    private (SeenSet Namespaced, SeenSet OfCluster, bool HasProfiles, Option<TargetPlan.Unlistable> Profiles) Seen =>
        (SeenSet.Of(namespaced), SeenSet.Of(ofCluster), profiles.HasListed, profiles.Trouble);

    private TargetSet SetOf(DeletedTarget it) => it.RowNamespace == Scope.ClusterInventories ? ofCluster : namespaced;

    /// <summary>The kinds of Kollect of which objects can be created; null = the API server does not answer.</summary>
    /// <remarks>
    /// A CustomResourceDefinition that is being deleted is served without the verb create, even before the first object is deleted
    /// (kubernetes/kubernetes, apiextensions-apiserver, customresource_discovery_controller.go and finalizer/crd_finalizer.go).
    /// </remarks>
    private async Task<IReadOnlySet<string>?> ServedAsync(CancellationToken cancel)
    {
        try
        {
            return (await api.DiscoverAsync(Group, Version, cancel))
                .Where(it => it.Verbs.Contains("create"))
                .Select(it => it.Kind)
                .ToHashSet(StringComparer.Ordinal);
        }
        catch (ApiException failure)
        {
            CannotAsk(log, failure.Message);
            return null;
        }
    }

    [LoggerMessage(
        EventId = LogEvents.TargetKindsUnknown, EventName = nameof(LogEvents.TargetKindsUnknown), Level = LogLevel.Warning,
        Message = "Whether the kinds of kollect.dev/v1alpha1 are served could not be asked: {Why}; retry soon")]
    private static partial void CannotAsk(ILogger log, string why);

    /// <summary>A target that was deleted a short while ago.</summary>
    private sealed record DeletedTarget(ObjectName Name, string RowNamespace, Map<OrdStringOrdinal, string, string> Labels);

    private sealed record SeenSet(Option<string> WhyUnknown, Option<TargetPlan.Unlistable> Trouble, int Deleted)
    {
        public static SeenSet Of(TargetSet set) => new(set.WhyUnknown, set.Watch.Trouble, set.Deleted.Count);
    }
}
