namespace Kollect.Core.Inventories.Cleanup;

/// <summary>The policy for orphaned rows: annotation <see cref="Reclaiming.Annotation"/> of the inventory.</summary>
internal enum Reclaim
{
    /// <summary>Orphaned rows are removed.</summary>
    Delete,

    /// <summary>Orphaned rows are kept.</summary>
    Retain,
}

/// <summary>Reads the annotation.</summary>
internal static class Reclaiming
{
    /// <summary>The name of the annotation.</summary>
    public const string Annotation = "kollect.dev/reclaim";

    /// <summary>
    /// <c>retain</c> keeps the rows, <c>delete</c> and an absent annotation remove them. Any other value keeps them, too: they can be deleted later.
    /// </summary>
    /// <param name="annotation">None = absent.</param>
    public static Reclaim Of(Option<string> annotation) => annotation.Map(text => text.Trim()).IfNone("") is "" or "delete" ? Reclaim.Delete : Reclaim.Retain;
}
