using Kollect.Core.Collection.Merkle;

namespace Kollect.Core.Collection;

/// <summary>An item of an inventory, with the fields that order and select it.</summary>
/// <param name="TargetName">The target that collected the item.</param>
/// <param name="Namespace">The namespace of the object; empty = it is cluster-scoped.</param>
/// <param name="Json">The whole item in UTF-8, as <see cref="Snapshots.ItemReader"/> reads it. Compared by reference.</param>
public sealed record CollectedItem(string TargetName, string Uid, string Namespace, ReadOnlyMemory<byte> Json)
{
    /// <summary>SHA-256 of <see cref="Json"/>, computed once. Two items of one identity are the same exactly when their digests are equal.</summary>
    public Sha256Digest Digest { get; } = Sha256Digest.Of(Json.Span);
}
