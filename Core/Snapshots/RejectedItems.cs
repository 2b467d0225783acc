namespace Kollect.Core.Snapshots;

/// <summary>An item that cannot be stored; its old row stays.</summary>
/// <param name="Why">As in <see cref="SnapshotCounts.Rejections"/>.</param>
internal sealed record RejectedItem(RowIdentity Identity, string Why)
{
    /// <summary>The item of an identity, as it was read.</summary>
    public static RejectedItem Of(RowIdentity identity, RowOrRejection.Rejected read) => new(identity, $"{read.Label}: {read.Reason}");
}

/// <summary>The items of a snapshot that cannot be stored, each identity once, in the order in which they were found.</summary>
internal sealed record RejectedItems(Seq<RejectedItem> All)
{
    /// <summary>Every item can be stored.</summary>
    public static RejectedItems None { get; } = new(Seq<RejectedItem>());

    /// <summary>The number of items.</summary>
    public long Count => All.Count;

    /// <summary>Those of other identities.</summary>
    public RejectedItems Without(IReadOnlySet<RowIdentity> gone) =>
        gone.Count == 0 ? this : new RejectedItems(All.Filter(it => !gone.Contains(it.Identity)).Strict());

    /// <summary>These and more, of other identities.</summary>
    public RejectedItems With(IEnumerable<RejectedItem> more) => new(Join(All, more.ToArray().ToSeq()).Strict());
}
