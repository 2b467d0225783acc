using System.Security.Cryptography;

namespace Kollect.Core.Collection;

/// <summary>What became of one object. Closed.</summary>
public abstract record Extracted
{
    private Extracted() { }

    /// <summary>What is wrong with the object; None = nothing.</summary>
    /// <param name="name">Of the object: <c>shop/web</c>.</param>
    public Option<string> Problem(string name) => this switch
    {
        Collected it => it.Problems.IsEmpty ? None : $"{name}: {string.Join("; ", it.Problems)}",
        Rejected it => $"{name} {it.Why}",
        NotIncluded or NamespaceUnknown => None,
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    /// <summary>An item.</summary>
    /// <param name="Item">Without the attributes that <paramref name="Problems"/> names.</param>
    /// <param name="Problems">Empty = everything that the profile demands is there.</param>
    public sealed record Collected(CollectedItem Item, Seq<AttributeProblem> Problems) : Extracted;

    /// <summary>No item: the target does not want the object.</summary>
    /// <param name="Uid">Of the object.</param>
    public sealed record NotIncluded(string Uid) : Extracted;

    /// <summary>No item yet: the labels of the object's namespace are not known.</summary>
    /// <param name="Namespace">Of the object.</param>
    public sealed record NamespaceUnknown(string Namespace) : Extracted;

    /// <summary>No item: nobody could tell which object it stands for.</summary>
    /// <param name="Why">One line.</param>
    public sealed record Rejected(string Why) : Extracted;
}

/// <summary>An item of an inventory, and what orders and selects it among others.</summary>
/// <param name="TargetName">Of the target that collected it.</param>
/// <param name="Uid">Of the object.</param>
/// <param name="Namespace">Of the object; empty = it has none.</param>
/// <param name="Json">The whole item in UTF-8, as <see cref="Snapshots.ItemReader"/> reads it. Compared by reference.</param>
public sealed record CollectedItem(string TargetName, string Uid, string Namespace, ReadOnlyMemory<byte> Json)
{
    /// <summary>SHA-256 of <see cref="Json"/>, made once: checksums of snapshots are made of these.</summary>
    public ReadOnlyMemory<byte> Digest { get; } = SHA256.HashData(Json.Span);
}

/// <summary>An attribute that could not be taken out of an object.</summary>
/// <param name="Attribute">Its name.</param>
/// <param name="Why">One line; never the value, which could be anything.</param>
public sealed record AttributeProblem(string Attribute, string Why)
{
    /// <summary><c>replicas: the path finds nothing</c>.</summary>
    public override string ToString() => $"{Attribute}: {Why}";
}
