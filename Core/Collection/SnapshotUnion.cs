using System.Collections.Immutable;

namespace Kollect.Core.Collection;

/// <summary>The snapshot of an inventory, made of the items of its targets; it follows their changes at a cost that grows with the changes.</summary>
internal sealed class SnapshotUnion
{
    private readonly ImmutableArray<TargetItems> targets;
    private readonly SnapshotRule rule;

    private SnapshotUnion(ImmutableArray<TargetItems> targets, SnapshotRule rule, SnapshotContent content) =>
        (this.targets, this.rule, Content) = (targets, rule, content);

    /// <summary>The items that the rule takes of the targets.</summary>
    public SnapshotContent Content { get; }

    /// <summary>Takes all items of the targets anew.</summary>
    /// <param name="targets">In ordinal order of their names, each once.</param>
    public static SnapshotUnion Of(ImmutableArray<TargetItems> targets, SnapshotRule rule) => new(targets, rule, rule.TakesAll
        ? SnapshotContent.Of(targets)
        : SnapshotContent.Of(targets.SelectMany(target => target.Items).Where(rule.Takes), rule.Dedupe));

    /// <summary>The snapshot after the targets have changed. It is built anew only where the rule or the set of targets is another one.</summary>
    /// <param name="after">In ordinal order of their names, each once.</param>
    public SnapshotUnion Next(ImmutableArray<TargetItems> after, SnapshotRule next)
    {
        if (!next.Equals(rule) || !after.Select(it => it.TargetName).SequenceEqual(targets.Select(it => it.TargetName), StringComparer.Ordinal))
            return Of(after, next);
        if (after.AsSpan().SequenceEqual(targets.AsSpan()))
            return this;
        return rule.TakesAll ? Of(after, next) : new SnapshotUnion(after, rule, Content.With(Changes(after)));
    }

    private ContentChanges Changes(ImmutableArray<TargetItems> after)
    {
        var (changed, removed) = (new List<CollectedItem>(), new List<CollectedItem>());
        for (var i = 0; i < after.Length; i++)
            after[i].Collect(targets[i], changed, removed);
        if (rule.Dedupe == Dedupe.ByResourceUid)
            return Winners(after, changed.Concat(removed).Select(it => it.Uid).Distinct(StringComparer.Ordinal));
        removed.AddRange(changed.Where(it => !rule.Takes(it)));
        return new ContentChanges(changed.FindAll(rule.Takes), removed.ConvertAll(it => (it.TargetName, it.Uid)));
    }

    /// <summary>The object of each uid stays with the first target that has it, and leaves all others.</summary>
    private ContentChanges Winners(ImmutableArray<TargetItems> after, IEnumerable<string> uids)
    {
        var (changed, removed) = (new List<CollectedItem>(), new List<(string TargetName, string Uid)>());
        foreach (var uid in uids)
        {
            var winner = after.AsEnumerable().Choose(target => target.Find(uid)).FirstOrDefault(rule.Takes);
            if (winner is not null)
                changed.Add(winner);
            removed.AddRange(after.Where(target => target.TargetName != winner?.TargetName).Select(target => (target.TargetName, uid)));
        }

        return new ContentChanges(changed, removed);
    }
}

/// <summary>Which items of its targets an inventory contains.</summary>
/// <param name="Namespaces">None = all; an object without a namespace always belongs.</param>
/// <param name="Dedupe">The handling of an object that several targets collect.</param>
internal sealed record SnapshotRule(Option<ImmutableHashSet<string>> Namespaces, Dedupe Dedupe)
{
    internal bool TakesAll => Namespaces.IsNone && Dedupe == Dedupe.KeepAll;

    /// <summary>By content.</summary>
    public bool Equals(SnapshotRule? other) =>
        other is not null
        && other.Dedupe == Dedupe
        && other.Namespaces.Match(theirs => Namespaces.Exists(mine => mine == theirs || mine.SetEquals(theirs)), () => Namespaces.IsNone);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Dedupe, Namespaces.Map(it => it.Count));

    internal bool Takes(CollectedItem item) => item.Namespace.Length == 0 || Namespaces.ForAll(it => it.Contains(item.Namespace));
}
