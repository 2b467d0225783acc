namespace Kollect.Core.Snapshots;

/// <summary>An identity of a snapshot. Ordered by identity, then by position.</summary>
/// <param name="Identity">See <see cref="IdentityFingerprint"/>.</param>
/// <param name="Position">0-based number of the row among those to be written; <see cref="Kept"/> = the item is rejected, and its old row stays.</param>
internal readonly record struct IdentityAt(UInt128 Identity, long Position) : IComparable<IdentityAt>
{
    /// <summary>The position of a rejected item.</summary>
    public const long Kept = -1;

    /// <inheritdoc/>
    public int CompareTo(IdentityAt other) =>
        Identity.CompareTo(other.Identity) is var order and not 0 ? order : Position.CompareTo(other.Position);
}

/// <summary>The numbers of identities of a snapshot.</summary>
/// <param name="Written">Different identities that are written.</param>
/// <param name="Kept">Different identities of which no item is written: their old rows stay.</param>
/// <param name="Duplicates">Items overruled by a later one of the same identity.</param>
internal sealed record IdentityCounts(long Written, long Kept, long Duplicates)
{
    /// <summary>Counts the identities of a whole snapshot.</summary>
    /// <param name="ordered">In ascending order.</param>
    /// <param name="onOverruled">Receives the position of every row that a later one overrules, in no order.</param>
    public static IdentityCounts Of(IEnumerable<IdentityAt> ordered, Action<long> onOverruled)
    {
        var counts = new IdentityCounts(0, 0, 0);
        var last = Option<IdentityAt>.None;
        foreach (var next in ordered)
        {
            foreach (var before in last.AsEnumerable())
                if (before.Identity != next.Identity)
                    counts = counts.Add(before);
                else if (before.Position != IdentityAt.Kept)
                {
                    counts = counts with { Duplicates = counts.Duplicates + 1 };
                    onOverruled(before.Position);
                }

            last = next;
        }

        return last.Match(counts.Add, () => counts);
    }

    private IdentityCounts Add(IdentityAt last) =>
        last.Position == IdentityAt.Kept ? this with { Kept = Kept + 1 } : this with { Written = Written + 1 };
}
