using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Kollect.Core.Collection;
using Kollect.Core.Inventories;

namespace Kollect.Shell.Collection;

/// <summary>The last snapshot of each inventory, for as long as nothing has changed; it goes with the inventory.</summary>
internal sealed class SnapshotCache
{
    private readonly ConditionalWeakTable<Inventory, Entry> entries = [];

    /// <summary>The items of several targets as one snapshot.</summary>
    /// <param name="parts">Of its targets, in ordinal order of their names.</param>
    /// <param name="namespaces">By name.</param>
    public SnapshotContent Of(
        Inventory inventory,
        ImmutableArray<ImmutableSortedDictionary<string, CollectedItem>> parts,
        ImmutableDictionary<string, KnownNamespace> namespaces)
    {
        var relevant = inventory.NamespaceFilter.IsSome ? namespaces : null;
        if (entries.TryGetValue(inventory, out var last) && last.Namespaces == relevant && last.Parts.AsSpan().SequenceEqual(parts.AsSpan()))
            return last.Content;
        var content = SnapshotContent.OfOrdered(Items(inventory, parts, namespaces), inventory.DedupeRule);
        entries.AddOrUpdate(inventory, new Entry(parts, relevant, content));
        return content;
    }

    private static IEnumerable<CollectedItem> Items(
        Inventory inventory,
        ImmutableArray<ImmutableSortedDictionary<string, CollectedItem>> parts,
        ImmutableDictionary<string, KnownNamespace> namespaces)
    {
        var all = parts.SelectMany(part => part.Values);
        return inventory.NamespaceFilter.Match(
            choice =>
            {
                var chosen = namespaces
                    .Where(it => choice.Contains(it.Key, it.Value.Labels))
                    .Select(it => it.Key)
                    .Append("")
                    .ToImmutableHashSet(StringComparer.Ordinal);
                return all.Where(item => chosen.Contains(item.Namespace));
            },
            () => all);
    }

    private sealed record Entry(
        ImmutableArray<ImmutableSortedDictionary<string, CollectedItem>> Parts,
        ImmutableDictionary<string, KnownNamespace>? Namespaces,
        SnapshotContent Content);
}
