using System.Security.Cryptography;
using Kollect.Core.Formatting;

namespace Kollect.Core.Collection;

/// <summary>The result of extracting an item from one object. Closed.</summary>
public abstract record Extracted
{
    private const int MaxNamed = 3;

    private Extracted() { }

    /// <summary>One line about the problems of the object; None = it has none.</summary>
    /// <param name="name">The object's name: <c>shop/web</c>.</param>
    public Option<string> Problem(string name) => this switch
    {
        Collected it => it.Problems.IsEmpty ? None : $"{name}: {FirstFew.Of(it.Problems.Map(problem => $"{problem}"), MaxNamed)}",
        Rejected it => $"{name} {it.Why}",
        NotIncluded or NamespaceUnknown => None,
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    /// <summary>The object is collected.</summary>
    /// <param name="Item">The item, without the attributes in <paramref name="Problems"/>.</param>
    /// <param name="Problems">Empty = the item has every attribute that the profile requires.</param>
    public sealed record Collected(CollectedItem Item, Seq<AttributeProblem> Problems) : Extracted;

    /// <summary>The target does not select the object.</summary>
    public sealed record NotIncluded(string Uid) : Extracted;

    /// <summary>The labels of the object's namespace are not known yet, so no decision is possible.</summary>
    public sealed record NamespaceUnknown(string Namespace) : Extracted;

    /// <summary>The object has no identity, or is not a readable object.</summary>
    /// <param name="Why">One line that continues the object's name: <c>is not JSON …</c>.</param>
    public sealed record Rejected(string Why) : Extracted;
}

/// <summary>An item of an inventory, with the fields that order and select it.</summary>
/// <param name="TargetName">The target that collected the item.</param>
/// <param name="Namespace">The namespace of the object; empty = it is cluster-scoped.</param>
/// <param name="Json">The whole item in UTF-8, as <see cref="Snapshots.ItemReader"/> reads it. Compared by reference.</param>
public sealed record CollectedItem(string TargetName, string Uid, string Namespace, ReadOnlyMemory<byte> Json)
{
    /// <summary>SHA-256 of <see cref="Json"/>, computed once. The checksum of a snapshot is computed from the digests of its items.</summary>
    public ReadOnlyMemory<byte> Digest { get; } = SHA256.HashData(Json.Span);
}

/// <summary>An attribute that cannot be extracted from an object.</summary>
/// <param name="Why">One line, without the value, which may be confidential.</param>
public sealed record AttributeProblem(string Attribute, string Why)
{
    /// <summary><c>replicas: the path finds nothing</c>.</summary>
    public override string ToString() => $"{Attribute}: {Why}";
}
