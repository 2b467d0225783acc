using Kollect.Models.V1Alpha1;

namespace Kollect.Core.Sinks;

/// <summary>
/// The location of the rows of one inventory, as <c>status.destinations[]</c> holds it: it identifies the rows after a change of the sink, and contains
/// nothing of a Secret.
/// </summary>
/// <param name="Container">Schema, database, or <c>project.dataset</c>.</param>
/// <param name="Table">Table or collection.</param>
/// <param name="Cluster">Label of the rows; may be empty.</param>
internal sealed record TableLocation(KollectDestinationBackend Backend, string Container, string Table, string Cluster)
{
    /// <summary>As the backend writes it in full: <c>public.items</c>.</summary>
    public string FullName => $"{Container}.{Table}";
}
