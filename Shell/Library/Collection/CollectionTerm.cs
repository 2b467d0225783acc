using System.Collections.Immutable;
using Kollect.Core.Collection;
using Kollect.Core.Failures;
using Kollect.Core.Inventories;
using Kollect.Core.Kubernetes;
using Kollect.Core.Manifests;
using Kollect.Core.Snapshots;
using Kollect.Shell.Kubernetes;
using Kollect.Shell.Telemetry;
using LanguageExt.ClassInstances;
using Microsoft.Extensions.Logging;
using Change = Kollect.Shell.Kubernetes.Change;

namespace Kollect.Shell.Collection;

/// <summary>Collects during one term of leadership: follows profiles and targets, plans from them, and lists and watches the planned objects.</summary>
internal sealed class CollectionTerm : IDisposable
{
    private static readonly Resource Profiles = new("kollect.dev", "v1alpha1", "kollectprofiles", Namespaced: true);
    public static readonly Resource Targets = new("kollect.dev", "v1alpha1", "kollecttargets", Namespaced: true);
    public static readonly Resource ClusterTargets = new("kollect.dev", "v1alpha1", "kollectclustertargets", Namespaced: false);

    private readonly IKubernetesApi api;
    private readonly CollectionOptions options;
    private readonly long epoch;
    private readonly TimeProvider time;
    private readonly ILogger log;
    private readonly ObjectCache<ProfileObject, CachedProfile> profiles = new(static (name, latest) => new CachedProfile(name, latest));
    private readonly ObjectCache<TargetObject, CachedTarget> targets = new(static (name, latest) => new CachedTarget(name, latest));
    private readonly KindDiscovery discovery;
    private readonly KnownNamespaces namespaces;
    private readonly ObjectWatches watches;
    private readonly SnapshotCache snapshots = new();

    /// <summary>Row namespaces whose inventories may have changed.</summary>
    private readonly Debouncer<string> changes;

    /// <summary>Targets whose status may have changed.</summary>
    private readonly Debouncer<ObjectName> progress;

    private readonly TargetStatuses statuses;

    /// <summary>Requests another plan: a burst of requests makes two plans at most.</summary>
    private readonly Debouncer<bool> reasons;

    private int unlisted;
    private volatile ImmutableDictionary<string, ImmutableArray<CachedTarget>>? planned;

    public CollectionTerm(
        IKubernetesApi api, CollectionOptions options, long epoch, Action<string> changed, KollectMetrics metrics, TimeProvider time, ILogger log)
    {
        (this.api, this.options, this.epoch, this.time, this.log) = (api, options, epoch, time, log);
        changes = new Debouncer<string>(changed, time);
        statuses = new TargetStatuses(api, targets, options.Reporter, metrics, time, log);
        progress = new Debouncer<ObjectName>(statuses.Add, time);
        reasons = new Debouncer<bool>(_ => Plan(), time);
        discovery = new KindDiscovery(api, PlanAnew, log);
        namespaces = new KnownNamespaces(api, options.Namespace, time, log);
        watches = new ObjectWatches(api, options.Namespace, discovery.ResourceOf, namespaces.Find, Changed, time, log);
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
            namespaces.RunAsync(NamespaceChanged, PlanAnew, stop.Token),
            watches.RunAsync(stop.Token),
            FollowAsync(profiles, Profiles, here, stop.Token),
            FollowAsync(targets, Targets, here, stop.Token),
        ];
        if (options.Namespace.Length == 0)
            parts.Add(FollowAsync(targets, ClusterTargets, Selection.All, stop.Token));
        parts.Add(reasons.RunAsync(stop.Token)); // last: by now all that has to be listed first has been counted
        await Task.WhenAny(parts);
        await stop.CancelAsync();
        await Task.WhenAll(parts);
    }

    public void Dispose() => statuses.Dispose();

    /// <inheritdoc cref="IInventorySource.Observe"/>
    public InventorySnapshot Observe(Inventory inventory)
    {
        if (planned is not { } known)
            return new InventorySnapshot(SnapshotGate.Of(None, epoch), SnapshotContent.Nothing);
        var chosen = known.GetValueOrDefault(inventory.RowNamespace, [])
            .Where(it => inventory.Chooses(it.Name.Name, it.Latest.Metadata.Labels))
            .Select(it => (it.Name.Name, it.Work)) // once: what is listed and what is held must be of the same work
            .ToArray();
        var listings = chosen.Select(it => new InventoryTarget(it.Name, it.Work.Listing(epoch))).ToArray().ToSeq();
        var gate = SnapshotGate.Of(Some(inventory.Complete(listings)), epoch);
        return gate is SnapshotGate.NotYet
            ? new InventorySnapshot(gate, SnapshotContent.Nothing)
            : new InventorySnapshot(
                gate,
                snapshots.Of(inventory, [.. chosen.Select(it => it.Work.Collected).OfType<CollectedTarget>().Select(it => it.Items)], namespaces.Labels));
    }

    private async Task FollowAsync<TObject, TCached>(ObjectCache<TObject, TCached> objects, Resource resource, Selection selection, CancellationToken cancel)
        where TObject : class, IWatchedObject<TObject>
        where TCached : CachedObject<TObject>
    {
        Interlocked.Increment(ref unlisted);
        var isListed = false;
        await foreach (var change in ListWatch.FollowAsync(api, resource, selection, time, log, cancel))
            switch (change)
            {
                case Change.Seen it when objects.Seen(it.Object, out _):
                case Change.Gone gone when objects.Gone(gone.Name, gone.Uid) is not null:
                    PlanAnew();
                    break;
                case Change.Listed when !isListed:
                    isListed = true;
                    Interlocked.Decrement(ref unlisted);
                    PlanAnew();
                    break;
            }
    }

    private void PlanAnew() => reasons.Add(true);

    private void Changed(CollectedTarget collected)
    {
        var target = collected.Plan.Target;
        changes.Add(target.RowNamespace);
        progress.Add(new ObjectName(target is Target.Namespaced it ? it.Namespace : "", target.Settings.Name));
    }

    private void NamespaceChanged(string name, Option<Map<OrdStringOrdinal, string, string>> before, Map<OrdStringOrdinal, string, string> after)
    {
        watches.NamespaceChanged(name, before, after);
        changes.Add(Scope.ClusterInventories);
    }

    private void Plan()
    {
        if (Volatile.Read(ref unlisted) > 0)
            return;
        var all = targets.All;
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
            .ToImmutableDictionary(
                it => it.Key, it => it.OrderBy(target => target.Name.Name, StringComparer.Ordinal).ToImmutableArray(), StringComparer.Ordinal);
        foreach (var rowNamespace in planned.Keys.Union(before))
            changes.Add(rowNamespace);
        foreach (var target in all)
            progress.Add(target.Name);
    }

    private TargetWork WorkFor(TargetInUse it, NamespacesAvailability known)
    {
        var plan = TargetPlan.Of(it.Latest.Spec, it.ProfileSpec, it.Kind.Match(discovery.AvailabilityOf, () => new KindAvailability.Asking()), known);
        if (plan is not TargetPlan.Collect collect)
            return new TargetWork(plan, "", null);
        var before = it.Target.Work;
        return before.Collected is not null && before.Of == it.Version ? before : new TargetWork(plan, it.Version, new CollectedTarget(collect));
    }

    private Option<ProfileObject> FindProfile(ProfileRef name) =>
        profiles.Find(new ObjectName(name.Namespace, name.Name)) is { } found ? Some(found.Latest) : None;

    /// <summary>A target and its profile, each read once.</summary>
    private sealed record TargetInUse(CachedTarget Target, TargetObject Latest, Option<ProfileObject> Profile)
    {
        public Option<Either<Seq<Problem>, Profile>> ProfileSpec => Profile.Map(it => it.Spec);

        public Option<ResourceKind> Kind => TargetPlan.KindInUse(Latest.Spec, ProfileSpec);

        /// <summary>Differs when the target or its profile is edited or created anew.</summary>
        public string Version => $"{Of(Latest.Identity)} {Profile.Match(it => Of(it.Identity), () => "")}";

        private static string Of(ObjectIdentity it) => FormattableString.Invariant($"{it.Metadata.Uid}/{it.Metadata.Generation}");
    }
}
