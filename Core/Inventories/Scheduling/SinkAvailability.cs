using Kollect.Core.Sinks;

namespace Kollect.Core.Inventories.Scheduling;

/// <summary>What a sink is to one inventory. Closed.</summary>
public abstract record SinkAvailability
{
    private SinkAvailability() { }

    /// <summary>The sink, or its Secrets, have not been read yet.</summary>
    public sealed record NotYet : SinkAvailability;

    /// <summary>There is none of this name.</summary>
    public sealed record Missing : SinkAvailability;

    /// <summary>Its spec is refused, or gives no table for this inventory.</summary>
    /// <param name="Why">One line.</param>
    public sealed record Invalid(string Why) : SinkAvailability;

    /// <summary>An export can be tried.</summary>
    /// <param name="Sink">What its spec says.</param>
    /// <param name="Version">Of the sink and its Secrets.</param>
    /// <param name="Location">Where the rows go.</param>
    /// <param name="Ready">
    /// Its condition Ready is True. A sink that is not ready is tried all the same, for an export is a better test than a probe; one that turns ready
    /// ends the wait after a failure.
    /// </param>
    public sealed record Usable(Sink Sink, SinkVersion Version, RowLocation Location, bool Ready) : SinkAvailability;
}
