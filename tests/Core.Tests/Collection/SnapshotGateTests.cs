using FsCheck;
using FsCheck.Fluent;
using Kollect.Core.Collection;

namespace Kollect.Core.Tests.Collection;

public sealed class SnapshotGateTests
{
    private const long Epoch = 7;

    private static readonly InventoryTarget Deployments = new("deployments", new TargetListing.Listed(Epoch));
    private static readonly InventoryTarget Services = new("services", new TargetListing.Listed(Epoch));

    private static readonly DateTimeOffset Monday = new(2026, 11, 23, 8, 0, 0, TimeSpan.Zero);
    private static readonly TargetSet Unlisted = TargetSet.Unknown(new ResourceKind("kollect.dev", "v1alpha1", "KollectTarget"));
    private static readonly TargetSet Known = Unlisted.Listed(Monday);
    private static readonly WatchProgress Profiles = WatchProgress.Begun.Listed();

    private static Seq<InventoryTarget> Both(TargetListing services) => Seq(Deployments, Services with { Listing = services });

    [Fact]
    public void Each_combination_of_targets_has_a_decision()
    {
        var forbidden = new TargetListing.Unlistable("services is forbidden: grant the operator's service account list and watch");
        (string Title, Seq<InventoryTarget> Targets)[] cases =
        [
            ("both listed", Both(new TargetListing.Listed(Epoch))),
            ("one not listed yet", Both(new TargetListing.Pending())),
            ("one listed in an earlier term of leadership only", Both(new TargetListing.Listed(Epoch - 1))),
            ("one forbidden", Both(forbidden)),
            ("one forbidden, the other not listed yet", Seq(Deployments with { Listing = new TargetListing.Pending() }, Services with { Listing = forbidden })),
            ("one that the spec names and that does not exist", Both(new TargetListing.Missing())),
            ("one suspended", Both(new TargetListing.Suspended())),
            ("one suspended, one forbidden", Seq(Deployments with { Listing = new TargetListing.Suspended() }, Services with { Listing = forbidden })),
            ("many that do not exist", Enumerable.Range(1, 7).Select(index => new InventoryTarget($"target-{index}", new TargetListing.Missing())).ToSeq()),
            ("one deleted a moment ago", Both(new TargetListing.Deleted(Monday.AddSeconds(3)))),
            ("one deleted a moment ago, one suspended", Seq(
                Deployments with { Listing = new TargetListing.Suspended() }, Services with { Listing = new TargetListing.Deleted(Monday.AddSeconds(3)) })),
            ("no target selected", Empty),
        ];
        (string Title, TargetSet Set, WatchProgress Profiles)[] doubts =
        [
            ("the targets themselves are not listed yet", Unlisted, Profiles),
            ("they cannot be listed", Unlisted.Interrupted(WatchTrouble.Passing, "no answer", Monday.AddSeconds(-60)).At(Monday), Profiles),
            ("profiles are not listed yet", Known, WatchProgress.Begun),
            ("the kind of targets is not served", Known.Interrupted(WatchTrouble.NotServed, "not found", Monday), Profiles),
            ("targets may not be listed any more", Known.Interrupted(WatchTrouble.Forbidden, "403", Monday.AddSeconds(-5)).At(Monday), Profiles),
            ("the list of targets has failed for a moment", Known.Interrupted(WatchTrouble.Passing, "429", Monday.AddSeconds(-59)).At(Monday), Profiles),
            ("the list of targets has failed for a minute", Known.Interrupted(WatchTrouble.Passing, "429", Monday.AddSeconds(-60)).At(Monday), Profiles),
        ];
        Golden.Verify(
            string.Concat(doubts.Select(it => $"{it.Title}\n    {Shown(SnapshotGate.Of(it.Set, it.Profiles, Seq1(Deployments), Epoch))}\n"))
            + string.Concat(cases.Select(it => $"{it.Title}\n    {Shown(SnapshotGate.Of(Known, Profiles, it.Targets, Epoch))}\n")),
            "scheduling/gate.txt");
    }

    [Property]
    public Property No_row_is_deleted_unless_every_target_is_listed_in_this_term_of_leadership()
    {
        var listing = Gen.Elements<TargetListing>(
            new TargetListing.Pending(),
            new TargetListing.Listed(Epoch),
            new TargetListing.Listed(Epoch - 1),
            new TargetListing.Unlistable("why"),
            new TargetListing.Missing(),
            new TargetListing.Deleted(Monday),
            new TargetListing.Suspended());
        return Prop.ForAll(Arb.From(listing.ListOf()), listings =>
        {
            var gate = SnapshotGate.Of(Known, Profiles, listings.Select((it, index) => new InventoryTarget($"{index}", it)).ToSeq(), Epoch);
            Assert.Equal(listings.All(it => it == new TargetListing.Listed(Epoch)), gate is SnapshotGate.Complete);
            Assert.Equal(listings.Any(it => it is TargetListing.Pending || it == new TargetListing.Listed(Epoch - 1)), gate is SnapshotGate.NotYet);
        });
    }

    private static string Shown(SnapshotGate gate) => gate switch
    {
        SnapshotGate.NotYet it => $"no export: {it.Why}",
        SnapshotGate.Complete => "export, and delete what is not in the snapshot",
        SnapshotGate.Incomplete it => $"export, delete nothing: {it.Why}{(it.Cause == IncompleteCause.Trouble ? "" : $" ({it.Cause})")}",
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}
