using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Kollect.Core.Collection;
using Kollect.Core.Inventories;

namespace Kollect.Operator.Collection;

/// <summary>The last snapshot of each inventory, from which the next one follows; it goes with the inventory.</summary>
internal sealed class SnapshotCache
{
    private readonly ConditionalWeakTable<Inventory, Entry> entries = [];

    /// <summary>The items of several targets as one snapshot.</summary>
    /// <param name="targets">Of its targets, in ordinal order of their names.</param>
    /// <param name="namespaces">By name.</param>
    public SnapshotContent Of(Inventory inventory, ImmutableArray<TargetItems> targets, ImmutableDictionary<string, KnownNamespace> namespaces)
    {
        var isKnown = entries.TryGetValue(inventory, out var last);
        last ??= OfEqual(inventory);
        var rule = last is not null && last.Namespaces == namespaces ? last.Rule : Rule(inventory, namespaces);
        var next = last?.Union.Next(targets, rule) ?? SnapshotUnion.Of(targets, rule);
        if (!isKnown || last!.Namespaces != namespaces || last.Union != next)
            entries.AddOrUpdate(inventory, new Entry(namespaces, rule, next));
        return next.Content;
    }

    /// <summary>Each write of its status gives another instance of an inventory with the same settings.</summary>
    private Entry? OfEqual(Inventory inventory) => entries.FirstOrDefault(it => it.Key.Equals(inventory)).Value;

    private static SnapshotRule Rule(Inventory inventory, ImmutableDictionary<string, KnownNamespace> namespaces) => new(
        inventory.NamespaceFilter.Map(choice => namespaces
            .Where(it => choice.Contains(it.Key, it.Value.Labels))
            .Select(it => it.Key)
            .ToImmutableHashSet(StringComparer.Ordinal)),
        inventory.DedupeRule);

    private sealed record Entry(ImmutableDictionary<string, KnownNamespace> Namespaces, SnapshotRule Rule, SnapshotUnion Union);
}
