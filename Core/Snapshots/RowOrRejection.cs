namespace Kollect.Core.Snapshots;

/// <summary>What became of one element of a snapshot. Closed: one of the three nested cases.</summary>
public abstract record RowOrRejection
{
    private RowOrRejection() { }

    /// <summary>A row to write.</summary>
    public sealed record Accepted(Row Row) : RowOrRejection;

    /// <summary>Cannot be stored; the row that the destination may hold under that identity is kept.</summary>
    /// <param name="Identity">None = nobody can tell which row it is: then no row counts as stale.</param>
    /// <param name="Label">Names the element to a person: <c>Deployment shop/web (uid …)</c> or <c>item 17</c>.</param>
    /// <param name="Reason">Value, limit, unit.</param>
    public sealed record Rejected(Option<(string TargetName, string SourceUid)> Identity, string Label, string Reason) : RowOrRejection;

    /// <summary>Left out on purpose, e.g. a Secret without <c>--include-secrets</c>.</summary>
    public sealed record Skipped(string Label, string Reason) : RowOrRejection;
}
