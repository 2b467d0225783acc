using System.Text;
using Kollect.Core.Collection;
using static Kollect.Core.Tests.Collection.CollectedWorld;

namespace Kollect.Core.Tests.Collection;

/// <summary>Snapshots that follow from one another, against a plain dictionary.</summary>
[Properties(Arbitrary = [typeof(Seeds)])]
public sealed class SnapshotChangesTests
{
    private const int Large = 100_000;

    [Property]
    public void Changes_one_by_one_lead_to_the_snapshot_of_all_items(int seed)
    {
        var world = new CollectedWorld(seed);
        var content = SnapshotContent.Nothing;
        foreach (var (item, identity) in world.Change(1_000))
            content = content.With(new ContentChanges(item is null ? [] : [item], item is null ? [identity] : []));
        var whole = SnapshotContent.Of(world.Items, Dedupe.KeepAll);
        Assert.Equal(whole.Checksum, content.Checksum);
        Assert.Equal(whole.Items.Select(it => (it.TargetName, it.Uid)), content.Items.Select(it => (it.TargetName, it.Uid)));
        Assert.Equal(Text(world.Items), Text(content.Items));
        Assert.Equal(world.Items.Count(), content.Count);
        Assert.All(world.Items, it => Assert.Equal(it.Digest, content.Find(it.TargetName, it.Uid).Map(found => found.Digest)));
        Assert.Equal(None, content.Find("all", "uid-"));
        Assert.Equal(None, content.Find("none", "uid-1"));
    }

    [Property]
    public void The_changes_since_another_snapshot_are_exactly_the_difference(int seed)
    {
        var world = new CollectedWorld(seed);
        var (before, old) = Next(world, SnapshotContent.Nothing);
        var (after, now) = Next(world, before);
        var unrelated = SnapshotContent.Of(now.Values, Dedupe.KeepAll); // shares no node with the other two
        foreach (var since in new[] { after.Since(before), unrelated.Since(before) })
        {
            Assert.Equal(
                Text(now.Where(it => !old.TryGetValue(it.Key, out var was) || was.Digest != it.Value.Digest).Select(it => it.Value)),
                Text(since.Changed));
            Assert.Equal(old.Keys.Except(now.Keys).Order(), since.Removed.Order());
            Assert.Equal(after.Checksum, before.With(since).Checksum);
            Assert.Equal(Text(now.Values), Text(before.With(since).Items));
        }

        Assert.Equal(before.Checksum, after.With(before.Since(after)).Checksum);
        Assert.Equal(0, unrelated.Since(after).Count);
    }

    [Property(MaxTest = 500)]
    public void Checksums_are_equal_exactly_when_the_items_are(int seed)
    {
        var random = new Random(seed);
        var (one, other) = (Few(), Few());
        Assert.Equal(
            Text(one) == Text(other), SnapshotContent.Of(one, Dedupe.KeepAll).Checksum == SnapshotContent.Of(other, Dedupe.KeepAll).Checksum);

        CollectedItem[] Few() =>
        [
            .. from target in Targets
            from uid in new[] { "1", "2" }
            where random.Next(4) == 0
            select Item(target, uid, json: $"{random.Next(2)}"),
        ];
    }

    [Fact]
    public void An_item_that_is_moved_between_targets_or_uids_changes_the_checksum()
    {
        string[] checksums =
        [
            .. new[] { Same("a", "bc"), Same("ab", "c"), Same("a", "b"), Same("", "abc") }
                .Select(item => SnapshotContent.Of([item], Dedupe.KeepAll).Checksum),
        ];
        Assert.Equal(checksums.Length, checksums.Distinct().Count());

        static CollectedItem Same(string target, string uid) => new(target, uid, "shop", "{}"u8.ToArray());
    }

    /// <summary>The digest of the item, found by search, is a text: the name of one target may be what stands for two targets up to the last name.</summary>
    [Fact]
    public void A_name_of_a_target_that_looks_like_two_targets_changes_the_checksum()
    {
        var first = TargetItems.Of("a", [new CollectedItem("a", "0233555826", "shop", "{}"u8.ToArray())]);
        var digest = Convert.FromHexString($"{first.Hash}");
        var name = $"a{Encoding.UTF8.GetString(digest)}b";
        Assert.Equal([(byte)'a', .. digest, (byte)'b'], Encoding.UTF8.GetBytes(name));
        Assert.NotEqual(
            SnapshotContent.Of([first, Second("b")]).Checksum,
            SnapshotContent.Of([Second(name)]).Checksum);

        static TargetItems Second(string target) => TargetItems.Of(target, [new CollectedItem(target, "1", "shop", "{}"u8.ToArray())]);
    }

    [Fact]
    public void The_cost_of_a_change_does_not_grow_with_the_inventory()
    {
        var before = TargetItems.Of("pods", Enumerable.Range(0, Large).Select(i => Item("pods", $"{i}")));
        var content = SnapshotContent.Of([before]);
        _ = content.Checksum;
        var changed = Item("pods", "7", json: "changed");
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        var next = SnapshotContent.Of([before.With(changed)]);
        var since = next.Since(content);
        _ = next.Checksum;
        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        Assert.Same(changed, Assert.Single(since.Changed));
        Assert.True(allocated < 20_000, $"one change of {Large} objects allocated {allocated} bytes");
    }

    [Fact]
    public void A_change_that_changes_nothing_gives_the_same_instance()
    {
        var items = TargetItems.Of("pods", Enumerable.Range(0, 1_000).Select(i => Item("pods", $"{i}")));
        Assert.Same(items, items.With(Item("pods", "7")));
        Assert.Same(items, items.Without("none"));
        Assert.NotSame(items, items.Without("7"));
    }

    [Fact]
    public void Several_threads_may_use_a_snapshot_for_the_first_time()
    {
        var items = Enumerable.Range(0, 5_000).Select(i => Item("pods", $"{i}")).ToArray();
        var expected = SnapshotContent.Of(items, Dedupe.KeepAll).Checksum;
        var changed = SnapshotContent.Of(items[1..], Dedupe.KeepAll);
        for (var round = 0; round < 20; round++)
        {
            var content = SnapshotContent.Of(items, Dedupe.KeepAll);
            Parallel.For(0, 4, _ =>
            {
                Assert.Equal("0", Assert.Single(content.Since(changed).Changed).Uid);
                Assert.Equal(expected, content.Checksum);
                Assert.Equal(items.Length, content.Items.Count());
            });
        }
    }

    private static (SnapshotContent Content, Dictionary<(string, string), CollectedItem> Items) Next(CollectedWorld world, SnapshotContent content)
    {
        foreach (var (item, identity) in world.Change(600))
            content = content.With(new ContentChanges(item is null ? [] : [item], item is null ? [identity] : []));
        return (content, world.Items.ToDictionary(it => (it.TargetName, it.Uid)));
    }
}
