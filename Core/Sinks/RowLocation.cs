using Kollect.Core.Formatting;
using Kollect.Core.Models.V1Alpha1;

namespace Kollect.Core.Sinks;

/// <summary>Where the rows of one inventory go through one sink. Says nothing of the server: that stands in a Secret.</summary>
/// <param name="Sink">Through which they are reached.</param>
/// <param name="At">Table and label.</param>
public sealed record RowLocation(SinkName Sink, TableLocation At)
{
    /// <summary><c>postgres "public.items", cluster "prod", through sink platform/warehouse</c>.</summary>
    public override string ToString() => $"{At.Backend.WireName()} {Shown.Quoted(At.FullName)}, cluster {Shown.Quoted(At.Cluster)}, through sink {Sink}";
}
