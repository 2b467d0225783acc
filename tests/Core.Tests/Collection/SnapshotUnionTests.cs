using System.Collections.Immutable;
using Kollect.Core.Collection;
using static Kollect.Core.Tests.Collection.CollectedWorld;

namespace Kollect.Core.Tests.Collection;

[Properties(Arbitrary = [typeof(Seeds)])]
public sealed class SnapshotUnionTests
{
    private static readonly SnapshotRule All = new(None, Dedupe.KeepAll);
    private static readonly SnapshotRule Some = new(ImmutableHashSet.Create("ns-1", "ns-2"), Dedupe.KeepAll);

    private static readonly SnapshotRule[] Rules =
        [All, Some, All with { Dedupe = Dedupe.ByResourceUid }, Some with { Dedupe = Dedupe.ByResourceUid }];

    [Property]
    public void Following_the_targets_gives_what_taking_all_items_gives(int seed)
    {
        var (world, random) = (new CollectedWorld(seed), new Random(seed));
        var (rule, chosen) = (Rules[seed % Rules.Length], Targets);
        var union = SnapshotUnion.Of([], rule);
        for (var round = 0; round < 12; round++)
        {
            var held = chosen.Select(world.Of).ToDictionary(it => it.TargetName);
            foreach (var (item, identity) in world.Change(round % 3 == 0 ? 300 : 5))
                if (held.TryGetValue(identity.Target, out var items))
                    held[identity.Target] = item is null ? items.Without(identity.Uid) : items.With(item);
            ImmutableArray<TargetItems> targets = [.. held.Values.OrderBy(it => it.TargetName, StringComparer.Ordinal)];
            union = union.Next(targets, rule);
            Assert.Equal(SnapshotUnion.Of(targets, rule).Content.Checksum, union.Content.Checksum);
            Assert.Equal(Text(Expected(world, chosen, rule)), Text(union.Content.Items));
            if (random.Next(4) == 0)
                rule = random.GetItems(Rules, 1)[0];
            if (random.Next(4) == 0)
                chosen = [.. Targets.Where(_ => random.Next(3) > 0)];
        }
    }

    [Fact]
    public void Nothing_changes_without_a_change()
    {
        ImmutableArray<TargetItems> targets = [TargetItems.Of("pods", [Item("pods", "1", "ns-1")])];
        var union = SnapshotUnion.Of(targets, Some);
        Assert.Same(union, union.Next([.. targets], new SnapshotRule(ImmutableHashSet.Create("ns-2", "ns-1"), Dedupe.KeepAll)));
        Assert.Empty(union.Next(targets, new SnapshotRule(ImmutableHashSet.Create("ns-2"), Dedupe.KeepAll)).Content.Items);
    }

    [Fact]
    public void An_object_without_a_namespace_always_belongs() =>
        Assert.Single(SnapshotUnion.Of([TargetItems.Of("nodes", [Item("nodes", "1", "")])], Some).Content.Items);

    private static IEnumerable<CollectedItem> Expected(CollectedWorld world, string[] chosen, SnapshotRule rule)
    {
        var taken = world.Items
            .Where(it => chosen.Contains(it.TargetName) && rule.Namespaces.ForAll(names => names.Contains(it.Namespace)))
            .OrderBy(it => it.TargetName, StringComparer.Ordinal);
        return rule.Dedupe == Dedupe.KeepAll ? taken : taken.DistinctBy(it => it.Uid);
    }
}
