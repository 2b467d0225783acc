namespace Kollect.Core.Inventories.Cleanup;

/// <summary>What becomes of rows that an inventory leaves behind: annotation <see cref="Reclaiming.Annotation"/> of the inventory.</summary>
public enum Reclaim
{
    /// <summary>They are removed.</summary>
    Delete,

    /// <summary>They stay.</summary>
    Retain,
}

/// <summary>Reads the annotation.</summary>
public static class Reclaiming
{
    /// <summary>Its name.</summary>
    public const string Annotation = "kollect.dev/reclaim";

    /// <summary>
    /// <c>retain</c>, or nothing or <c>delete</c>. Whatever else somebody wrote there retains, too: rows that are kept in error can be deleted later.
    /// </summary>
    /// <param name="annotation">None = not there.</param>
    public static Reclaim Of(Option<string> annotation) => annotation.Map(text => text.Trim()).IfNone("") is "" or "delete" ? Reclaim.Delete : Reclaim.Retain;
}
