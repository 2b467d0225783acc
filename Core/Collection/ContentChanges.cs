namespace Kollect.Core.Collection;

/// <summary>The way from one snapshot to another.</summary>
/// <param name="Changed">Items that are new or have another content, each identity once; in no particular order.</param>
/// <param name="Removed">Identities that the other snapshot does not have.</param>
internal sealed record ContentChanges(IReadOnlyList<CollectedItem> Changed, IReadOnlyList<(string TargetName, string Uid)> Removed)
{
    /// <summary>The number of identities; 0 = the snapshots are equal.</summary>
    public int Count => Changed.Count + Removed.Count;
}
