namespace Kollect.Core.Snapshots;

/// <summary>The result for one element of a snapshot. Closed: one of the three nested cases.</summary>
internal abstract record RowOrRejection
{
    private RowOrRejection() { }

    /// <summary>A row to write.</summary>
    public sealed record Accepted(Row Row) : RowOrRejection;

    /// <summary>The element cannot be stored. A row of the same identity in the destination is kept.</summary>
    /// <param name="Identity">None = the identity is unknown, so no row of the scope counts as stale.</param>
    /// <param name="Label">The name of the element: <c>Deployment shop/web (uid …)</c> or <c>item 17</c>.</param>
    /// <param name="Reason">The value, the limit and its unit.</param>
    public sealed record Rejected(Option<(string TargetName, string SourceUid)> Identity, string Label, string Reason) : RowOrRejection;

    /// <summary>The element is omitted on purpose, e.g. a Secret without <c>--include-secrets</c>.</summary>
    public sealed record Skipped(string Label, string Reason) : RowOrRejection;
}
