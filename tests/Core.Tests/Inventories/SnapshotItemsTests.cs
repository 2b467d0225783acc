using FsCheck;
using FsCheck.Fluent;
using Kollect.Core.Collection;
using Kollect.Core.Inventories;

namespace Kollect.Core.Tests.Inventories;

public sealed class SnapshotItemsTests
{
    private static readonly CollectedItem[] Items = [Item("pods", "1"), Item("all", "1"), Item("all", "2"), Item("Zoo", "2"), Item("pods", "3")];

    [Fact]
    public void A_row_for_each_target_or_one_for_each_object()
    {
        Assert.Equal(["Zoo/2", "all/1", "all/2", "pods/1", "pods/3"], Names(SnapshotItems.Of(Items, Dedupe.KeepAll)));
        Assert.Equal(["Zoo/2", "all/1", "pods/3"], Names(SnapshotItems.Of(Items, Dedupe.ByResourceUid)));
    }

    [Fact]
    public void The_order_in_which_items_were_collected_does_not_matter() =>
        Prop.ForAll(Arb.From(Gen.Shuffle(Items)), Arb.From(Gen.Elements(Dedupe.KeepAll, Dedupe.ByResourceUid)), (shuffled, dedupe) =>
            Assert.Equal(Names(SnapshotItems.Of(Items, dedupe)), Names(SnapshotItems.Of(shuffled, dedupe)))).QuickCheckThrowOnFailure();

    [Fact]
    public void Of_the_same_object_and_target_the_last_one_counts()
    {
        var newer = Item("all", "1") with { Json = "{}"u8.ToArray() };
        Assert.Same(newer, SnapshotItems.Of([Item("all", "1"), newer], Dedupe.KeepAll).Single());
    }

    private static string[] Names(IEnumerable<CollectedItem> items) => [.. items.Select(item => $"{item.TargetName}/{item.Uid}")];

    private static CollectedItem Item(string target, string uid) => new(target, uid, default);
}
