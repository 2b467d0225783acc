using System.Collections.Concurrent;
using System.Collections.Immutable;
using Kollect.Core.Collection;
using Kollect.Core.Collection.Scopes;
using Kollect.Core.Failures;
using Kollect.Core.Inventories;
using Kollect.Core.Kubernetes;
using Kollect.Core.Manifests;
using Kollect.Core.Operator.Status;
using Kollect.Core.Snapshots;
using Kollect.Models.V1Alpha1;
using Kollect.Operator.Kubernetes;
using Kollect.Operator.Telemetry;
using Microsoft.Extensions.Logging;
using Change = Kollect.Operator.Kubernetes.Change;

namespace Kollect.Operator.Collection;

/// <summary>Collects during one term of leadership: follows profiles and targets, plans from them, and lists and watches the planned objects.</summary>
internal sealed class CollectionTerm : IDisposable
{
    private static readonly Resource Profiles = new("kollect.dev", "v1alpha1", "kollectprofiles", Namespaced: true);
    public static readonly Resource Targets = new("kollect.dev", "v1alpha1", "kollecttargets", Namespaced: true);
    public static readonly Resource ClusterTargets = new("kollect.dev", "v1alpha1", "kollectclustertargets", Namespaced: false);

    private readonly IKubernetesApi api;
    private readonly CollectionOptions options;
    private readonly long epoch;
    private readonly Func<WorkShare> share;
    private readonly KollectMetrics metrics;
    private readonly TimeProvider time;
    private readonly ILogger log;
    private readonly ObjectCache<ProfileObject, CachedProfile> profiles = new(static (name, latest) => new CachedProfile(name, latest));
    private readonly ObjectCache<TargetObject, CachedTarget> targets = new(static (name, latest) => new CachedTarget(name, latest));
    private readonly KindDiscovery discovery;
    private readonly KnownNamespaces namespaces;
    private readonly KnownScopes scopes;
    private readonly ObjectWatches watches;
    private readonly ExistingTargets existing;
    private readonly SnapshotCache snapshots = new();

    /// <summary>Row namespaces whose inventories may have changed.</summary>
    private readonly Debouncer<string> changes;

    /// <summary>Targets whose status may have changed.</summary>
    private readonly Debouncer<ObjectName> progress;

    private readonly TargetStatuses statuses;

    /// <summary>Requests another plan: a burst of requests makes two plans at most.</summary>
    private readonly Debouncer<PlanReason> reasons;

    private int unlisted;
    private volatile ImmutableDictionary<string, ImmutableArray<CachedTarget>>? planned;

    /// <summary>Targets that were created or edited since the last plan; an inventory waits for the plan of a created one.</summary>
    private readonly ConcurrentDictionary<ObjectName, CachedTarget> unplanned = [];

    /// <param name="share">
    /// The part of this replica: it collects for the targets that it owns, and for those of the inventories that it exports. <see cref="ShareChanged"/> is
    /// called when it has changed.
    /// </param>
    public CollectionTerm(
        IKubernetesApi api,
        CollectionOptions options,
        long epoch,
        Action<string> changed,
        Func<WorkShare> share,
        KollectMetrics metrics,
        TimeProvider time,
        ILogger log)
    {
        (this.api, this.options, this.epoch, this.share) = (api, options, epoch, share);
        (this.metrics, this.time, this.log) = (metrics, time, log);
        changes = new Debouncer<string>(changed, Waits.ContentReports, time);
        statuses = new TargetStatuses(api, targets, uid => share().Owns(uid), options.Reporter, metrics, time, log);
        progress = new Debouncer<ObjectName>(statuses.Add, Waits.Reports, time);
        reasons = new Debouncer<PlanReason>(Plan, Waits.Reports, time);
        discovery = new KindDiscovery(api, PlanAnew, time, log);
        namespaces = new KnownNamespaces(api, options.Namespace, metrics, time, log);
        scopes = new KnownScopes(api, options.Namespace, _ => PlanAnew(), metrics, time, log);
        watches = new ObjectWatches(api, options.Namespace, namespaces.Find, Changed, discovery.Doubt, metrics, time, log);
        existing = new ExistingTargets(api, ExistingChanged, time, log);
    }

    /// <summary>Until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancel)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var here = new Selection(options.Namespace);
        List<Task> parts =
        [
            changes.RunAsync(stop.Token),
            progress.RunAsync(stop.Token),
            statuses.RunAsync(stop.Token),
            discovery.RunAsync(stop.Token),
            namespaces.RunAsync(NamespaceChanged, PlanAnewForGrants, PlanAnew, stop.Token),
            scopes.RunAsync(stop.Token),
            watches.RunAsync(stop.Token),
            AgeAsync(stop.Token),
            FollowAsync(profiles, Profiles, here, existing.ProfileChanged, stop.Token),
            FollowAsync(targets, Targets, here, existing.NamespacedChanged, stop.Token),
        ];
        if (options.Namespace.Length == 0)
            parts.Add(FollowAsync(targets, ClusterTargets, Selection.All, existing.ClusterChanged, stop.Token));
        parts.Add(reasons.RunAsync(stop.Token)); // last: by now all that has to be listed first has been counted
        await Task.WhenAny(parts);
        await stop.CancelAsync();
        await Task.WhenAll(parts);
    }

    public void Dispose() => statuses.Dispose();

    /// <summary>Other targets may be needed, or owned.</summary>
    public void ShareChanged() => reasons.Add(PlanReason.Share);

    /// <inheritdoc cref="IInventorySource.Observe"/>
    public InventorySnapshot Observe(Inventory inventory)
    {
        // In this order: a target that is deleted meanwhile is planned before, or deleted; one that returns meanwhile is deleted, or unplanned, or planned
        // afterwards.
        var before = PlannedFor(inventory);
        var (set, deleted) = existing.For(inventory);
        var created = unplanned.Values.Where(it => it.Latest.RowNamespace == inventory.RowNamespace).ToArray();
        var chosen = created.Concat(PlannedFor(inventory)).Concat(before)
            .DistinctBy(it => it.Name)
            .Where(it => inventory.Chooses(it.Name.Name, it.Latest.Labels))
            .OrderBy(it => it.Name.Name, StringComparer.Ordinal)
            .Select(it => (it.Name.Name, it.Work)) // once: what is listed and what is held must be of the same work
            .ToArray();
        var listings = chosen.Select(it => new InventoryTarget(it.Name, it.Work.Listing(epoch)))
            .Concat(deleted.Where(it => chosen.All(other => other.Name != it.Name)));
        var gate = planned is null
            ? new SnapshotGate.NotYet(set.WhyUnknown.IfNone("the targets have not been planned yet"))
            : SnapshotGate.Of(set, existing.Profiles, inventory.Complete(listings.ToArray().ToSeq()), epoch);
        return gate is SnapshotGate.NotYet
            ? new InventorySnapshot(gate, SnapshotContent.Nothing)
            : new InventorySnapshot(
                gate,
                snapshots.Of(inventory, [.. chosen.Select(it => it.Work.Collected).OfType<CollectedTarget>().Select(it => it.Items)], namespaces.All));
    }

    /// <summary>The targets, in the order of their names, each with the status that is to be written now; none of them has one yet.</summary>
    public Seq<TargetReport> Report(DateTimeOffset now) => targets.All
        .OrderBy(it => it.Name.ToString(), StringComparer.Ordinal)
        .SelectMany(it => TargetStatuses.Decide(it, now).Status.Map(status => new TargetReport(it.Latest.Identity, status)).ToSeq())
        .ToSeq().Strict();

    private ImmutableArray<CachedTarget> PlannedFor(Inventory inventory) => planned?.GetValueOrDefault(inventory.RowNamespace, []) ?? [];

    /// <summary>Follows objects that decide what is collected.</summary>
    /// <param name="note">Called with each change, and with the entry that it removed.</param>
    private async Task FollowAsync<TObject, TCached>(
        ObjectCache<TObject, TCached> objects, Resource resource, Selection selection, Action<Change, TCached?> note, CancellationToken cancel)
        where TObject : class, IWatchedObject<TObject>
        where TCached : CachedObject<TObject>
    {
        Interlocked.Increment(ref unlisted);
        var isListed = false;
        await foreach (var change in ListWatch.FollowAsync(api, resource, selection, metrics, time, log, cancel))
        {
            var isNew = change is Change.Seen seen && Seen(objects, seen.Object);
            var removed = change is Change.Gone gone ? objects.Gone(gone.Name, gone.Uid) : null;
            note(change, removed);
            if (change is Change.Listed && !isListed)
            {
                isListed = true;
                Interlocked.Decrement(ref unlisted);
                PlanAnew();
            }
            else if (isNew || removed is not null)
                PlanAnew();
        }
    }

    /// <summary>True = the object is new, or was edited.</summary>
    private bool Seen<TObject, TCached>(ObjectCache<TObject, TCached> objects, byte[] json)
        where TObject : class, IWatchedObject<TObject>
        where TCached : CachedObject<TObject>
    {
        if (!objects.Seen(json, out var cached))
            return false;
        if (cached is CachedTarget target)
            unplanned[target.Name] = target;
        return true;
    }

    /// <summary>Until cancelled: looks for outages that last, and for deleted targets whose rows may go.</summary>
    private async Task AgeAsync(CancellationToken cancel)
    {
        while (true)
        {
            await Task.Delay(Waits.Ages, time, cancel);
            var now = time.GetUtcNow();
            foreach (var collected in targets.All.Select(it => it.Work.Collected).OfType<CollectedTarget>().Where(it => it.Age(now)))
                Changed(collected);
            namespaces.Age(PlanAnew);
            scopes.Age();
            await existing.AgeAsync(cancel);
        }
    }

    private void PlanAnew() => reasons.Add(PlanReason.Objects);

    private void PlanAnewForGrants()
    {
        if (!options.TargetsAcrossNamespaces)
            PlanAnew();
    }

    private void ExistingChanged(IEnumerable<string> ofDeleted)
    {
        foreach (var rowNamespace in (planned?.Keys ?? []).Union(ofDeleted))
            changes.Add(rowNamespace);
    }

    private void Changed(CollectedTarget collected)
    {
        var target = collected.Plan.Target;
        changes.Add(target.RowNamespace);
        progress.Add(new ObjectName(target is Target.Namespaced it ? it.Namespace : "", target.Settings.Name));
    }

    private void NamespaceChanged(Option<KnownNamespace> before, KnownNamespace after)
    {
        watches.NamespaceChanged(before, after);
        changes.Add(Scope.ClusterInventories);
        PlanAnewForGrants();
    }

    private void Plan(PlanReason reason)
    {
        if (Volatile.Read(ref unlisted) > 0)
            return;
        var (fresh, all) = (unplanned.ToArray(), targets.All);
        if (!TargetNeeds.Set(all, share()) && reason == PlanReason.Share)
            return;
        var inUse = all.Select(target => (Target: target, target.Latest))
            .Select(it => new TargetInUse(it.Target, it.Latest, it.Latest.Spec.ToOption().Bind(spec => FindProfile(spec.Settings.Profile))))
            .ToArray();
        discovery.Want(inUse.SelectMany(it => it.Kind));
        var known = namespaces.Availability;
        foreach (var it in inUse)
            it.Target.Work = WorkFor(it, known);
        watches.Serve(all.Select(target => target.Work.Collected).OfType<CollectedTarget>());
        var before = planned?.Keys ?? [];
        planned = all
            .GroupBy(target => target.Latest.RowNamespace, StringComparer.Ordinal)
            .ToImmutableDictionary(it => it.Key, it => it.ToImmutableArray(), StringComparer.Ordinal);
        foreach (var it in fresh)
            unplanned.TryRemove(it);
        foreach (var rowNamespace in planned.Keys.Union(before))
            changes.Add(rowNamespace);
        foreach (var target in all)
            progress.Add(target.Name);
    }

    private TargetWork WorkFor(TargetInUse it, NamespacesAvailability known)
    {
        var (kind, resource) = it.Kind.Match(discovery.Find, () => (new KindAvailability.Asking(), null));
        var within = scopes.Of(it.Latest.RowNamespace);
        var plan = ScopedPlan.Of(TargetPlan.Of(it.Latest.Spec, it.ProfileSpec, kind, known, GrantsOf(it.Latest)), within, namespaces.All.Values);
        if (plan is not TargetPlan.Collect collect || resource is null || it.Target.Need == TargetNeed.None)
            return new TargetWork(plan, "", null);
        var before = it.Target.Work;
        var version = $"{it.Version} {within.NamespacesKey}";
        return before.Collected is { } collected && collected.Resource == resource && before.Of == version
            ? new TargetWork(plan, version, collected)
            : new TargetWork(plan, version, new CollectedTarget(collect, resource));
    }

    private Option<NamespaceGrants> GrantsOf(TargetObject target) => target.Spec.ToOption().Bind(it =>
        NamespaceGrants.Of(it, options.TargetsAcrossNamespaces, namespaces.All.Values, GrantsCondition.MayHoldRows(target)));

    private Option<ProfileObject> FindProfile(ProfileRef name) =>
        profiles.Find(new ObjectName(name.Namespace, name.Name)) is { } found ? Some(found.Latest) : None;

    private enum PlanReason
    {
        /// <summary>Targets, profiles, kinds or namespaces have changed.</summary>
        Objects,

        /// <summary>The part of this replica has changed.</summary>
        Share,
    }
}

/// <summary>A target and its status.</summary>
internal sealed record TargetReport(ObjectIdentity Target, KollectTargetStatus Status);
