using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Kollect.Core.Collection;
using Kollect.Core.Failures;
using Kollect.Core.Kubernetes;
using Kollect.Core.Manifests;
using Kollect.Core.Operator.Status;
using Kollect.Models.V1Alpha1;
using static Kollect.Core.Tests.Manifests.InventoryManifests;

namespace Kollect.Core.Tests.Operator.Status;

/// <summary>The status of a target, by its plan and the progress of its watch.</summary>
public sealed class TargetStatusTests
{
    private static readonly DateTimeOffset Monday = new(2026, 11, 23, 8, 0, 0, TimeSpan.Zero);

    private static readonly Profile Deployments = Parsed<Profile>("KollectProfile", JsonNode.Parse(ProfileSpec)!);
    private static readonly Target Selected = Parsed<Target>("KollectTarget", JsonNode.Parse(TargetSpec)!);
    private static readonly TargetPlan Collecting = new TargetPlan.Collect(Selected, Deployments, None);
    private static readonly Outage Away = new(WatchTrouble.Passing, "no answer", Monday);
    private static readonly WatchProgress Listed = WatchProgress.Begun.Listed();

    [Fact]
    public void Every_situation_has_its_conditions()
    {
        var text = new StringBuilder();
        System.Collections.Generic.HashSet<Type> reached = [];
        Append("spec.suspend", Suspended(), WatchProgress.Begun);
        var noProfileRef = Seq1(new Problem("KDB301", "spec.profileRef", "is missing"));
        Append(
            "the spec is invalid",
            TargetPlan.Of(Left<Seq<Problem>, Target>(noProfileRef), None, new KindAvailability.Asking(), new NamespacesAvailability.Known(), None),
            WatchProgress.Begun);
        Append("there is no such profile", PlanWith(None, new KindAvailability.Served()), WatchProgress.Begun);
        var wrongPath = Seq1(new Problem("KDB203", "spec.attributes[0].path", "at character 1 …"));
        Append("the profile is invalid", PlanWith(Left<Seq<Problem>, Profile>(wrongPath), new KindAvailability.Served()), WatchProgress.Begun);
        Append("the API server has not answered yet", PlanWith(Deployments, new KindAvailability.Asking()), WatchProgress.Begun);
        Append("the API server does not know the kind", PlanWith(Deployments, new KindAvailability.NotServed()), WatchProgress.Begun);
        Append("the API server does not answer for a minute", PlanWith(Deployments, new KindAvailability.Unanswered(Away)), WatchProgress.Begun);
        Append(
            "namespaces could not be listed for a minute",
            PlanWith(Deployments, new KindAvailability.Served(), new NamespacesAvailability.Unanswered(Away)),
            WatchProgress.Begun);
        Append("the kind cannot be listed", PlanWith(Deployments, new KindAvailability.NotListable()), WatchProgress.Begun);
        Append("namespaces are forbidden", PlanWith(Deployments, new KindAvailability.Served(), new NamespacesAvailability.Forbidden()), WatchProgress.Begun);
        Append("the list is under way", Collecting, WatchProgress.Begun);
        Append("the list has failed for a minute", Collecting, Interrupted(WatchProgress.Begun, WatchTrouble.Passing, "conversion webhook failed", 60));
        Append("the list was forbidden", Collecting, Interrupted(WatchProgress.Begun, WatchTrouble.Forbidden, "deployments.apps is forbidden", 5));
        Append("all is listed", Collecting, Listed);
        Append("it names a namespace that has not granted it", Limited(NamespacesBy.Names, "shop"), Listed);
        Append("it names a namespace that has not granted it, and the list is under way", Limited(NamespacesBy.Names, "shop"), WatchProgress.Begun);
        Append("its labels match a namespace that has not granted it", Limited(NamespacesBy.Labels, "shop"), Listed);
        Append("the API server is away", Collecting, Interrupted(Listed, WatchTrouble.Passing, "no answer", 59));
        Append("it has been away for a minute", Collecting, Interrupted(Listed, WatchTrouble.Passing, "no answer", 60));
        Append("the watch is forbidden for a moment", Collecting, Interrupted(Listed, WatchTrouble.Forbidden, "deployments.apps is forbidden", 4));
        Append("the watch was forbidden", Collecting, Interrupted(Listed, WatchTrouble.Forbidden, "deployments.apps is forbidden", 5));
        Append("the kind was uninstalled", Collecting, Interrupted(Listed, WatchTrouble.NotServed, "not found", 0));
        Append("the watch reports again", Collecting, Interrupted(Listed, WatchTrouble.Forbidden, "…", 60).Resumed());
        Append(
            "some objects lack something",
            Collecting,
            Listed,
            "shop/web: replicas: the path finds nothing",
            "shop/api: replicas: the path finds nothing",
            "lab/rat: replicas: is text",
            "lab/cat: replicas: is text");
        Append(
            "the paths of the profile visit too much in one object",
            Collecting,
            Listed,
            "lab/rat: replicas: is text",
            "shop/web: everything: more than …",
            "shop/api: replicas: the path finds nothing",
            "shop/web: replicas: the path finds nothing");
        Golden.Verify(text.ToString(), "collection/target-conditions.txt");
        Assert.Equal(typeof(TargetSituation).GetNestedTypes().OrderBy(it => it.Name), reached.OrderBy(it => it.Name));

        void Append(string title, TargetPlan plan, WatchProgress progress, params string[] problems)
        {
            var situation = TargetSituation.Of(
                plan, progress, problems.Select(it => new ObjectProblem(it, it.Contains("more than", StringComparison.Ordinal))).ToSeq());
            reached.Add(situation.GetType());
            Assert.All(situation.Conditions, it => Assert.Contains(it.Type, TargetSituation.Types.AsEnumerable()));
            text.Append(CultureInfo.InvariantCulture, $"{title} ({plan.Listing(progress, 1).GetType().Name})\n");
            foreach (var it in situation.Conditions)
                text.Append(CultureInfo.InvariantCulture, $"  {it.Type + "=" + it.Status,-20} {it.Reason}: {it.Message}\n");
        }
    }

    [Fact]
    public void The_first_changed_count_is_written_at_once_further_ones_every_30_seconds_and_changed_conditions_at_once()
    {
        var first = TargetStatus.Of(Object(null), Collecting, new TargetSituation.Collected(), 3, 0, DateTimeOffset.MinValue, Monday);
        var status = Written(first);
        Assert.Equal((3L, 0L), (status.ItemCount, status.IncompleteCount));
        Assert.Equal("Collected", first.Events.Single().Reason);

        var same = TargetStatus.Of(Object(status), Collecting, new TargetSituation.Collected(), 3, 0, Monday, Monday.AddSeconds(1));
        Assert.Equal((true, 0, true), (same.Status.IsNone, same.Events.Count, same.Next.IsNone));

        var soon = TargetStatus.Of(Object(status), Collecting, new TargetSituation.Collected(), 4, 0, DateTimeOffset.MinValue, Monday.AddSeconds(1));
        Assert.Equal((Some(4L), true, false), (soon.Status.Map(it => it.ItemCount ?? 0), soon.IsOfCountsAlone, first.IsOfCountsAlone));

        var counted = TargetStatus.Of(Object(status), Collecting, new TargetSituation.Collected(), 4, 0, Monday, Monday.AddSeconds(1));
        Assert.Equal((true, Some(Monday.AddSeconds(30))), (counted.Status.IsNone, counted.Next));
        var due = TargetStatus.Of(Object(status), Collecting, new TargetSituation.Collected(), 4, 0, Monday, Monday.AddSeconds(30));
        Assert.Equal(Some(4L), due.Status.Map(it => it.ItemCount ?? 0));

        var forbidden = TargetStatus.Of(
            Object(status),
            Collecting,
            new TargetSituation.Unlistable(new TargetPlan.Unlistable(TargetReasons.Forbidden, "…"), HoldsOlder: true),
            None,
            0,
            Monday,
            Monday.AddSeconds(1));
        Assert.Equal((Some(3L), true), (forbidden.Status.Map(it => it.ItemCount ?? 0), forbidden.Events.Single().IsWarning));
    }

    [Fact]
    public void A_restart_writes_no_status_and_an_edit_writes_one()
    {
        var collected = Written(TargetStatus.Of(Object(null), Collecting, new TargetSituation.Collected(), 3, 0, DateTimeOffset.MinValue, Monday));
        var (never, later) = (DateTimeOffset.MinValue, Monday.AddHours(1));
        Assert.Equal(None, TargetStatus.Of(Object(collected), Collecting, new TargetSituation.Listing(), None, 0, never, later).Status);
        Assert.Equal(None, TargetStatus.Of(Object(collected), Collecting, new TargetSituation.Collected(), 3, 0, never, later).Status);
        var edited = Object(collected) with { Identity = Identity(generation: 2) };
        Assert.True(TargetStatus.Of(edited, Collecting, new TargetSituation.Listing(), None, 0, never, later).Status.IsSome);
    }

    [Fact]
    public void A_limited_target_has_a_condition_about_its_grants_and_an_unlimited_one_has_none()
    {
        var limited = Written(Decide(Object(null), Limited(NamespacesBy.Labels, "shop")));
        Assert.Equal(["Ready=True Collected", "NamespacesGranted=False NotGranted"], Shown(limited));
        Assert.Equal(None, Decide(Object(limited), Limited(NamespacesBy.Labels, "shop")).Status);
        Assert.Equal(["Ready=True Collected", "NamespacesGranted=True Granted"], Shown(Written(Decide(Object(limited), Limited(NamespacesBy.Labels)))));
        Assert.Equal(["Ready=True Collected"], Shown(Written(Decide(Object(limited), Collecting))));
    }

    [Fact]
    public void While_the_grants_are_not_known_the_condition_stays()
    {
        var limited = Written(Decide(Object(null), Limited(NamespacesBy.Labels, "shop")));
        var suspended = Written(Decide(Object(limited), Suspended()));
        Assert.Equal(["Ready=True Suspended", "NamespacesGranted=False NotGranted"], Shown(suspended));
    }

    /// <summary>Before grants were known a target collected from everywhere: its rows are not deleted just because a new operator starts.</summary>
    [Fact]
    public void Rows_of_an_operator_without_limits_are_held_until_the_target_is_edited()
    {
        var before = Written(Decide(Object(null), Collecting));
        Assert.True(GrantsCondition.MayHoldRows(Object(before)));
        Assert.False(GrantsCondition.MayHoldRows(Object(null)));
        Assert.False(GrantsCondition.MayHoldRows(Object(before with { ItemCount = 0 })));

        var held = Written(Decide(Object(before), Limited(NamespacesBy.Default, holdsRows: true, "shop")));
        Assert.Equal(
            ["Ready=False NamespacesNotGranted", "Degraded=True NamespacesNotGranted", "Stalled=True NamespacesNotGranted", "NamespacesGranted=False RowsHeld"],
            Shown(held));
        Assert.True(GrantsCondition.MayHoldRows(Object(held)));
        Assert.False(GrantsCondition.MayHoldRows(Object(held) with { Identity = Identity(generation: 2) }));

        var granted = Written(Decide(Object(held), Limited(NamespacesBy.Default)));
        Assert.Equal(["Ready=True Collected", "NamespacesGranted=True Granted"], Shown(granted));
        Assert.False(GrantsCondition.MayHoldRows(Object(granted)));
    }

    [Fact]
    public void A_target_stays_pending_until_it_is_listed()
    {
        var forbidden = Interrupted(WatchProgress.Begun, WatchTrouble.Forbidden, "…", 60);
        Assert.Equal(forbidden, forbidden.Resumed());
        Assert.Equal(Listed, forbidden.Listed());
    }

    /// <summary>An outage begins with the first failure, whatever fails afterwards.</summary>
    [Fact]
    public void An_outage_lasts_from_its_first_failure()
    {
        var progress = Listed.Interrupted(Deployments.Kind, WatchTrouble.Passing, "429", Monday);
        progress = progress.Interrupted(Deployments.Kind, WatchTrouble.Passing, "503", Monday.AddSeconds(40));
        Assert.True(progress.At(Deployments.Kind, Monday.AddSeconds(59)).Trouble.IsNone);
        var lasting = progress.At(Deployments.Kind, Monday.AddSeconds(60)).Trouble.Map(it => it.Why).IfNone("");
        Assert.Equal("Deployment (apps/v1) could not be listed or watched since 2026-11-23T08:00:00Z: 503; it is tried again", lasting);
        Assert.Equal(Listed, progress.At(Deployments.Kind, Monday.AddSeconds(60)).Resumed());
    }

    private static TargetPlan.Collect Limited(NamespacesBy by, params string[] withheld) => Limited(by, holdsRows: false, withheld);

    private static TargetPlan.Collect Limited(NamespacesBy by, bool holdsRows, params string[] withheld) =>
        new(Selected, Deployments, new NamespaceGrants("platform", by, Seq1("lab"), withheld.ToSeq(), "spec.namespaceSelector", holdsRows));

    private static TargetStatus Decide(TargetObject target, TargetPlan plan) =>
        TargetStatus.Of(target, plan, TargetSituation.Of(plan, Listed, Empty), 3, 0, DateTimeOffset.MinValue, Monday);

    private static string[] Shown(KollectTargetStatus status) =>
        [.. TargetSituation.Types.Choose(type => status.Conditions.Find(it => it.Type == type)).Map(it => $"{it.Type}={it.Status} {it.Reason}")];

    private static WatchProgress Interrupted(WatchProgress before, WatchTrouble cause, string words, int seconds) =>
        before.Interrupted(Deployments.Kind, cause, words, Monday).At(Deployments.Kind, Monday.AddSeconds(seconds));

    private static KollectTargetStatus Written(TargetStatus decision)
    {
        var status = decision.Status.Match(it => it, () => throw new Xunit.Sdk.XunitException("nothing was written"));
        return status with { Conditions = status.Conditions.Stored(TargetSituation.Types) };
    }

    private static TargetPlan Suspended() => TargetPlan.Of(
        Right<Seq<Problem>, Target>(Parsed<Target>("KollectTarget", JsonNode.Parse("""{ "profileRef": "deployments", "suspend": true }""")!)),
        None,
        new KindAvailability.Asking(),
        new NamespacesAvailability.Asking(),
        None);

    private static TargetPlan PlanWith(
        Option<Either<Seq<Problem>, Profile>> profile, KindAvailability kind, NamespacesAvailability? namespaces = null) =>
        TargetPlan.Of(Right<Seq<Problem>, Target>(Selected), profile, kind, namespaces ?? new NamespacesAvailability.Known(), None);

    private static TargetPlan PlanWith(
        Either<Seq<Problem>, Profile> profile, KindAvailability kind, NamespacesAvailability? namespaces = null) =>
        PlanWith(Some(profile), kind, namespaces);

    private static ObjectIdentity Identity(long generation) =>
        new("kollect.dev/v1alpha1", "KollectTarget", new ObjectMeta { Name = "all", Namespace = "platform", Generation = generation });

    private static TargetObject Object(KollectTargetStatus? status) =>
        new(Identity(generation: 1), status, Right<Seq<Problem>, Target>(Selected));
}
