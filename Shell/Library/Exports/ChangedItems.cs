using Kollect.Core.Collection;
using Kollect.Core.Snapshots;

namespace Kollect.Shell.Exports;

/// <summary>The changed items of a difference, as rows, and the items that cannot be stored before and after it.</summary>
internal sealed class ChangedItems
{
    private readonly ContentChanges changes;
    private readonly ItemRules rules;
    private readonly System.Collections.Generic.HashSet<RowIdentity> stillRejected = [];
    private readonly List<RejectedItem> found = [];

    /// <param name="before">Items that could not be stored before.</param>
    /// <param name="rules">Of the items.</param>
    public ChangedItems(ContentChanges changes, RejectedItems before, ItemRules rules)
    {
        (this.changes, this.rules) = (changes, rules);
        if (before.Count == 0)
            return;
        var known = before.All.Map(it => it.Identity).ToHashSet();
        var gone = changes.Removed.Select(gone => new RowIdentity(gone.TargetName, gone.Uid)).Where(known.Contains).ToHashSet();
        var again = new List<RejectedItem>();
        foreach (var item in changes.Changed.Where(item => known.Contains(IdentityOf(item))))
        {
            gone.Add(IdentityOf(item));
            if (ItemReader.Read(item.Json, rules, 1) is not RowOrRejection.Rejected rejected)
                continue;
            stillRejected.Add(IdentityOf(item));
            again.Add(RejectedItem.Of(IdentityOf(item), rejected));
        }

        Untouched = before.Without(gone).With(again);
    }

    /// <summary>Items that could not be stored before, and cannot now: none of them is among <see cref="Rows"/>.</summary>
    public RejectedItems Untouched { get; } = RejectedItems.None;

    /// <summary>All items that cannot be stored now. Complete once the rows were enumerated.</summary>
    public RejectedItems Rejected => Untouched.With(found);

    /// <summary>May be enumerated several times.</summary>
    public IEnumerable<RowOrRejection> Rows
    {
        get
        {
            found.Clear();
            var number = 0L;
            foreach (var item in changes.Changed.Where(item => !stillRejected.Contains(IdentityOf(item))))
            {
                var row = ItemReader.Read(item.Json, rules, ++number);
                if (row is RowOrRejection.Rejected rejected)
                    found.Add(RejectedItem.Of(IdentityOf(item), rejected));
                yield return row;
            }
        }
    }

    private static RowIdentity IdentityOf(CollectedItem item) => new(item.TargetName, item.Uid);
}
