using Kollect.Core.Wording;

namespace Kollect.Core.Scheduling;

/// <summary>Where the rows of one inventory go through one sink. Says nothing of the server: that stands in a Secret.</summary>
/// <param name="Sink">Through which they are reached.</param>
/// <param name="Backend"><c>postgres</c>, <c>mongodb</c> or <c>bigquery</c>.</param>
/// <param name="Table">As the backend names it in full: <c>public.items</c>, <c>inventory.items</c>, <c>acme-prod.inventory.items</c>.</param>
/// <param name="Cluster">The label of the rows; may be empty.</param>
public sealed record Place(SinkName Sink, string Backend, string Table, string Cluster)
{
    /// <summary><c>postgres "public.items", cluster "prod", through sink platform/warehouse</c>.</summary>
    public override string ToString() => $"{Backend} {Shown.Quoted(Table)}, cluster {Shown.Quoted(Cluster)}, through sink {Sink}";
}
