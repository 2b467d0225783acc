using Kollect.Core.Collection;
using Kollect.Core.Collection.Scopes;
using Kollect.Core.Exports;
using Kollect.Core.Failures;
using Kollect.Core.Inventories.Cleanup;
using Kollect.Core.Kubernetes;
using Kollect.Core.Operator;
using Kollect.Core.Operator.Status;
using Kollect.Core.Sinks;
using Kollect.Models.V1Alpha1;

namespace Kollect.Core.Explanations;

/// <summary>A situation of each kind, so that the conditions and events of each reason can be shown.</summary>
internal static class SampleSituations
{
    private static readonly DateTimeOffset Monday = new(2026, 11, 23, 8, 0, 0, TimeSpan.Zero);

    private static readonly RowLocation Items = new(
        new SinkName("platform", "warehouse"), new TableLocation(KollectDestinationBackend.Postgres, "public", "items", "prod"));

    private static readonly RowCleanup Cleanup = RowCleanup.Begin(Items, Waits.Cleanup, Monday)
        .After(new RemovalResult.Failed("connect: no answer — it is tried again", TimeSpan.Zero), Monday, 0.5);

    private static readonly Seq<Problem> NoTable = Seq1(new Problem("KDB031", "spec.postgres.table", "is empty; name the table"));

    private static readonly ResourceKind Deployment = new("apps", "v1", "Deployment");

    public static Seq<Situation> OfSinks { get; } = Seq<Situation>(
        new Situation.FirstProbe(),
        new Situation.ProbeSucceeded("PostgreSQL preflight succeeded; table: exists"),
        new Situation.SecretUnusable("secret: Secret platform/dsn was not found — create it, or correct the ref"),
        new Situation.ProbeRefused("connect: password authentication failed (28P01) — correct user and password in the Secret"),
        new Situation.ProbeFailed("connect: no answer — it is tried again", Waits.Soon),
        new Situation.ProbeDisabled(),
        new Situation.InUse(Seq1(new InventoryName("platform", "all"))),
        new Situation.InvalidSpec(NoTable));

    public static Seq<RefSituation> OfRefs { get; } = Seq<RefSituation>(
        new RefSituation.Collecting("1 of 2 targets not listed yet: services"),
        new RefSituation.CollectingAgain("1 of 2 targets not listed yet: services"),
        new RefSituation.ExportPending("the sink was edited"),
        new RefSituation.Synced("the destination now holds exactly the snapshot"),
        new RefSituation.RowsContested(LiveCluster.Warning(Seq1(new LiveCluster("west", 12, Monday))).IfNone("")),
        new RefSituation.ItemsRejected("the destination now holds the snapshot without the rejected items, whose old rows were kept"),
        new RefSituation.SnapshotIncomplete("1 of 2 targets not collected, so no row is deleted: services: forbidden"),
        new RefSituation.TargetsSuspended("1 of 2 targets not collected, so no row is deleted: services: suspended"),
        new RefSituation.TargetsDeleted("1 of 2 targets not collected, so no row is deleted: services: deleted, and its rows stay until …"),
        new RefSituation.CollectionDelayed(Monday, "1 of 2 targets not listed yet: services"),
        new RefSituation.ExportDelayed(Monday),
        new RefSituation.Failing("connect: no answer — it is tried again"),
        new RefSituation.CircuitOpen(IsUnreachable: false),
        new RefSituation.Superseded(
            "nothing was written: the destination already holds a snapshot of 2026-11-23T08:00:01.000Z, this one is of 2026-11-23T08:00:00.000Z"),
        new RefSituation.Refused("connect: wrong password — correct it in the Secret"),
        new RefSituation.SinkMissing(),
        new RefSituation.SinkInvalid("KDB031 spec.postgres.table: missing"),
        new RefSituation.SinkDenied(
            ScopeDenials.Sink.Id, "1 denial: KDB704 spec.databaseSinkRefs: portal is no sink of spec.databaseSinkRefs of KollectScope limits"),
        new RefSituation.SinkDenied(
            ScopeDenials.RefNamespace.Id,
            "1 denial: KDB703 spec.databaseSinkRefs.namespace: shop is not in spec.allowedStaticRefNamespaces of KollectClusterScope limits"),
        new RefSituation.SinkDenied(ScopeDenials.Unreadable.Id, "1 denial: KDB706 spec: scope limits is invalid: 1 problem: …"),
        new RefSituation.Suspended());

    /// <summary>Without <see cref="InventorySituation.Exporting"/>, whose conditions are those of its refs.</summary>
    public static Seq<InventorySituation> OfInventories { get; } = Seq<InventorySituation>(
        new InventorySituation.InvalidSpec(Seq(new Problem("KDB101", "spec.databaseSinkRefs[0]", "…"), new Problem("KDB102", "spec.targetRefs", "…"))),
        new InventorySituation.NoSinks(),
        new InventorySituation.RemovingRows(Seq1(Cleanup)));

    public static Seq<TargetSituation> OfTargets { get; } = Seq<TargetSituation>(
        new TargetSituation.Suspended(),
        new TargetSituation.Listing(),
        new TargetSituation.Collected(),
        new TargetSituation.Lacking("platform/deployments", Seq1("shop/api: replicas: the path finds nothing"), 1),
        Unlistable(TargetReasons.InvalidSpec, "1 problem: KDB301 spec.profileRef: is missing"),
        Unlistable(TargetReasons.ProfileInvalid, "profile platform/deployments is invalid: 1 problem: KDB202 spec.attributes[0].path: at character 1 …"),
        Unlistable(TargetReasons.ProfileNotFound, "profile platform/deployments does not exist; create it, or correct spec.profileRef"),
        Unlistable(
            TargetReasons.RuleOfAnotherKind,
            $"spec.resourceRules selects Pod (v1), and profile platform/deployments is of {Deployment}: a target collects one kind; remove the rule"),
        Unlistable(TargetReasons.KindNotServed, $"the API server does not serve {Deployment} any more: not found", holdsOlder: true),
        Unlistable(TargetReasons.KindNotListable, $"{Deployment} cannot be listed and watched on this API server; choose another kind in the profile"),
        Unlistable(
            TargetReasons.Unavailable, $"{Deployment} could not be listed or watched since 2026-11-23T08:00:00Z: no answer; it is tried again", passing: true),
        Unlistable(TargetReasons.NamespacesForbidden, "the operator may not list namespaces, whose labels may opt objects out"),
        Unlistable(TargetReasons.KindHasNoNamespace, "Node (v1) belongs to no namespace, so that nobody can grant it to a KollectTarget"),
        Unlistable(TargetReasons.ScopeKindDenied, $"1 denial: KDB701 spec.profileRef: {Deployment} is not in spec.allowedGVKs of KollectScope limits"),
        Unlistable(TargetReasons.ScopeNamespaceDenied, "1 denial: KDB702 spec.namespaceSelector: KollectScope limits does not allow kube-system"),
        Unlistable(TargetReasons.ScopeLookupFailed, "1 denial: KDB706 spec: scope limits is invalid: 1 problem: …"),
        Unlistable(TargetReasons.Forbidden, $"the operator may not list and watch {Deployment}: deployments.apps is forbidden"),
        new TargetSituation.Unlistable(Grants(NamespacesBy.Names, Seq1("shop"), holdsRows: false).Problem.IfNone(() => throw Unreachable), HoldsOlder: false));

    /// <summary>The conditions about grants.</summary>
    public static Seq<NamespaceGrants> OfGrants { get; } = Seq(
        Grants(NamespacesBy.Labels, Empty, holdsRows: false),
        Grants(NamespacesBy.Default, Seq1("shop"), holdsRows: false),
        Grants(NamespacesBy.Labels, Seq1("shop"), holdsRows: false),
        Grants(NamespacesBy.Default, Seq1("shop"), holdsRows: true));

    /// <summary>The events about orphaned rows.</summary>
    public static Seq<ObjectEvent> OfCleanups { get; } = Seq<CleanupState>(
            new CleanupState.Removed(42),
            new CleanupState.LeftTo(new SinkName("platform", "portal")),
            new CleanupState.Retained(),
            new CleanupState.GaveUp("connect: no answer", Monday))
        .Choose(state => CleanupEvents.Of(new InventoryName("platform", "all"), Cleanup with { State = state })).Strict();

    private static System.Diagnostics.UnreachableException Unreachable => new();

    private static TargetSituation Unlistable(Reason reason, string why, bool holdsOlder = false, bool passing = false) =>
        new TargetSituation.Unlistable(new TargetPlan.Unlistable(reason, why, passing), holdsOlder);

    private static NamespaceGrants Grants(NamespacesBy by, Seq<string> withheld, bool holdsRows) =>
        new("platform", by, Seq1("lab"), withheld, "spec.namespaceSelector", holdsRows);
}
