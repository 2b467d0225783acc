namespace Kollect.Core.Collection;

/// <summary>What became of one object. Closed.</summary>
public abstract record Extracted
{
    private Extracted() { }

    /// <summary>An item.</summary>
    /// <param name="Item">Without the attributes that <paramref name="Problems"/> names.</param>
    /// <param name="Problems">Empty = everything that the profile demands is there.</param>
    public sealed record Collected(CollectedItem Item, Seq<AttributeProblem> Problems) : Extracted;

    /// <summary>No item: nobody could tell which object it stands for.</summary>
    /// <param name="Why">One line.</param>
    public sealed record Rejected(string Why) : Extracted;
}

/// <summary>An item of an inventory, and what orders it among others.</summary>
/// <param name="TargetName">Of the target that collected it.</param>
/// <param name="Uid">Of the object.</param>
/// <param name="Json">The whole item in UTF-8, as <see cref="Rows.ItemReader"/> reads it. Compared by reference.</param>
public sealed record CollectedItem(string TargetName, string Uid, ReadOnlyMemory<byte> Json);

/// <summary>An attribute that could not be taken out of an object.</summary>
/// <param name="Attribute">Its name.</param>
/// <param name="Why">One line; never the value, which could be anything.</param>
public sealed record AttributeProblem(string Attribute, string Why)
{
    /// <summary><c>replicas: the path finds nothing</c>.</summary>
    public override string ToString() => $"{Attribute}: {Why}";
}
