using Kollect.Core.Formatting;
using Kollect.Models.V1Alpha1;

namespace Kollect.Core.Sinks;

/// <summary>The location of the rows of one inventory in one sink. The server is not part of it: a Secret names the server.</summary>
/// <param name="At">Table and label.</param>
internal sealed record RowLocation(SinkName Sink, TableLocation At)
{
    /// <summary><c>postgres "public.items", cluster "prod", through sink platform/warehouse</c>.</summary>
    public override string ToString() => $"{At.Backend.WireName()} {Shown.Quoted(At.FullName)}, cluster {Shown.Quoted(At.Cluster)}, through sink {Sink}";
}
