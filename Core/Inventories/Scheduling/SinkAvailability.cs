using Kollect.Core.Sinks;

namespace Kollect.Core.Inventories.Scheduling;

/// <summary>The availability of a sink for one inventory. Closed.</summary>
internal abstract record SinkAvailability
{
    private SinkAvailability() { }

    /// <summary>The sink, or its Secrets, have not been read yet.</summary>
    public sealed record NotYet : SinkAvailability;

    /// <summary>No sink has this name.</summary>
    public sealed record Missing : SinkAvailability;

    /// <summary>Its spec is refused, or gives no table for this inventory.</summary>
    /// <param name="Why">One line.</param>
    public sealed record Invalid(string Why) : SinkAvailability;

    /// <summary>A scope does not allow the inventory to use it.</summary>
    /// <param name="Id">One of <see cref="Collection.Scopes.ScopeDenials"/>.</param>
    /// <param name="Why">One line.</param>
    public sealed record Denied(string Id, string Why) : SinkAvailability;

    /// <summary>An export can be tried.</summary>
    /// <param name="Location">The location of the rows.</param>
    /// <param name="Ready">
    /// Its condition Ready is True. A sink that is not ready is tried all the same, for an export is a better test than a probe; one that becomes ready
    /// ends the wait after a failure.
    /// </param>
    public sealed record Usable(Sink Sink, SinkVersion Version, RowLocation Location, bool Ready) : SinkAvailability;
}
