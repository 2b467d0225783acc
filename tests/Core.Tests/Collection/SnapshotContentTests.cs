using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Kollect.Core.Collection;

namespace Kollect.Core.Tests.Collection;

public sealed class SnapshotContentTests
{
    private static readonly CollectedItem[] Items = [Item("pods", "1"), Item("all", "1"), Item("all", "2"), Item("Zoo", "2"), Item("pods", "3")];

    [Fact]
    public void An_object_has_one_row_for_each_target_or_one_row()
    {
        Assert.Equal(["Zoo/2", "all/1", "all/2", "pods/1", "pods/3"], Names(SnapshotContent.Of(Items, Dedupe.KeepAll)));
        Assert.Equal(["Zoo/2", "all/1", "pods/3"], Names(SnapshotContent.Of(Items, Dedupe.ByResourceUid)));
        Assert.Equal((5, 3), (SnapshotContent.Of(Items, Dedupe.KeepAll).Count, SnapshotContent.Of(Items, Dedupe.ByResourceUid).Count));
    }

    [Property]
    public Property The_order_in_which_items_were_collected_does_not_matter() =>
        Prop.ForAll(Arb.From(Gen.Shuffle(Items)), Arb.From(Gen.Elements(Dedupe.KeepAll, Dedupe.ByResourceUid)), (shuffled, dedupe) =>
        {
            var (one, other) = (SnapshotContent.Of(Items, dedupe), SnapshotContent.Of(shuffled, dedupe));
            Assert.Equal(Names(one), Names(other));
            Assert.Equal(one.Checksum, other.Checksum);
            Assert.Equal(one.Checksum, SnapshotContent.Of(one.Items, Dedupe.KeepAll).Checksum);
        });

    [Fact]
    public void The_last_item_of_an_object_and_target_counts()
    {
        var newer = Item("all", "1", "newer");
        Assert.Same(newer, SnapshotContent.Of([Item("all", "1"), newer], Dedupe.KeepAll).Items.Single());
    }

    [Fact]
    public void Different_contents_have_different_checksums()
    {
        var whole = SnapshotContent.Of(Items, Dedupe.KeepAll).Checksum;
        Assert.NotEqual(whole, SnapshotContent.Of(Items[1..], Dedupe.KeepAll).Checksum);
        Assert.NotEqual(whole, SnapshotContent.Of([Item("pods", "1", "changed"), .. Items[1..]], Dedupe.KeepAll).Checksum);
        Assert.Equal("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", SnapshotContent.Nothing.Checksum);
    }

    private static string[] Names(SnapshotContent content) => [.. content.Items.Select(item => $"{item.TargetName}/{item.Uid}")];

    private static CollectedItem Item(string target, string uid, string json = "") =>
        new(target, uid, "shop", Encoding.UTF8.GetBytes($"{target} {uid} {json}"));
}
