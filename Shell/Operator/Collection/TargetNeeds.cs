namespace Kollect.Operator.Collection;

/// <summary>For what this replica needs the objects of a target.</summary>
internal enum TargetNeed
{
    /// <summary>Other replicas need them.</summary>
    None,

    /// <summary>For an inventory that it exports.</summary>
    Inventory,

    /// <summary>For the status of the target, which counts them; and for inventories that choose the target.</summary>
    Status,
}

/// <summary>Which targets one replica collects for.</summary>
internal static class TargetNeeds
{
    /// <summary>Sets the need of each target. True = one has changed.</summary>
    public static bool Set(IReadOnlyList<CachedTarget> targets, WorkShare share)
    {
        var inventories = share.Inventories().ToLookup(it => it.RowNamespace, StringComparer.Ordinal);
        var isChanged = false;
        foreach (var target in targets)
        {
            var need = share.Owns(target.Uid) ? TargetNeed.Status
                : inventories[target.Latest.RowNamespace].Any(it => it.Chooses(target.Name.Name, target.Latest.Labels)) ? TargetNeed.Inventory
                : TargetNeed.None;
            isChanged |= need != target.Need;
            target.Need = need;
        }

        return isChanged;
    }
}
