using Kollect.Core.Collection.Merkle;

namespace Kollect.Core.Collection;

/// <summary>An item of an inventory, with the fields that order and select it. Beside the uid and the JSON it takes 72 bytes.</summary>
internal sealed class CollectedItem
{
    private readonly ItemOrigin origin;
    private readonly byte[] held;

    /// <summary>Holds the JSON as it is.</summary>
    /// <param name="targetName">The target that collected the item.</param>
    /// <param name="namespace">The namespace of the object; empty = it is cluster-scoped.</param>
    /// <param name="json">The whole item in UTF-8, as <see cref="Snapshots.ItemReader"/> reads it.</param>
    public CollectedItem(string targetName, string uid, string @namespace, byte[] json)
        : this(new ItemOrigin(targetName, @namespace, null), uid, Sha256Digest.Of(json), json)
    {
    }

    private CollectedItem(ItemOrigin origin, string uid, Sha256Digest digest, byte[] held) =>
        (this.origin, Uid, Digest, this.held) = (origin, uid, digest, held);

    /// <summary>The target that collected the item.</summary>
    public string TargetName => origin.TargetName;

    /// <summary>Distinguishes the object from earlier and later ones of the same name.</summary>
    public string Uid { get; }

    /// <summary>The namespace of the object; empty = it is cluster-scoped.</summary>
    public string Namespace => origin.Namespace;

    /// <summary>SHA-256 of <see cref="Json"/>. Two items of one identity are the same exactly when their digests are equal.</summary>
    public Sha256Digest Digest { get; }

    /// <summary>The whole item in UTF-8. Decoded at each call, if it is held in another form.</summary>
    public ReadOnlyMemory<byte> Json => origin.Coding?.Decode(held) ?? held;

    /// <summary>The same item, with its JSON in the form of an origin.</summary>
    /// <param name="shared">Of this target and namespace.</param>
    /// <param name="uid">The instance of the uid to keep.</param>
    public CollectedItem Held(ItemOrigin shared, string uid) =>
        new(shared, uid == Uid ? uid : Uid, Digest, shared.Coding == origin.Coding ? held : shared.Coding?.Encode(Json.Span) ?? Json.ToArray());

    /// <inheritdoc/>
    public override string ToString() => $"{TargetName}/{Uid} {Digest}";
}

/// <summary>What many items of a target share.</summary>
/// <param name="Namespace">Of the objects; empty = they are cluster-scoped.</param>
/// <param name="Coding">Null = the JSON is held as it is.</param>
internal sealed record ItemOrigin(string TargetName, string Namespace, IItemCoding? Coding);

/// <summary>A form in which the JSON of items takes less memory. Several threads may use it at once.</summary>
internal interface IItemCoding
{
    /// <summary>Encodes the JSON of one item.</summary>
    byte[] Encode(ReadOnlySpan<byte> json);

    /// <summary>The JSON that was encoded, byte by byte.</summary>
    byte[] Decode(ReadOnlySpan<byte> encoded);
}
