using System.Diagnostics;
using Kollect.Core.Inventories;
using Kollect.Core.Models.V1Alpha1;
using Kollect.Core.Reconciling;
using Kollect.Core.Sinks;
using Kollect.Core.Validation;

namespace Kollect.Core.Scheduling;

/// <summary>What a look at a sink found. Closed.</summary>
public abstract record SinkLook
{
    private SinkLook() { }

    /// <summary>This process has not seen it, or not its Secrets, yet.</summary>
    public sealed record NotYet : SinkLook;

    /// <summary>There is none of this name.</summary>
    public sealed record Missing : SinkLook;

    /// <summary>Its spec is refused, or gives no table for this inventory.</summary>
    /// <param name="Why">One line.</param>
    public sealed record Invalid(string Why) : SinkLook;

    /// <summary>An export can be tried.</summary>
    /// <param name="Sink">What its spec says.</param>
    /// <param name="Version">Of the sink and its Secrets.</param>
    /// <param name="Place">Where the rows go.</param>
    /// <param name="Ready">
    /// Its condition Ready is True. A sink that is not ready is tried all the same, for an export is a better test than a probe; one that turns ready
    /// ends the wait after a failure.
    /// </param>
    public sealed record Usable(Sink Sink, SinkVersion Version, Place Place, bool Ready) : SinkLook;

    /// <summary>What a sink is to one inventory.</summary>
    /// <param name="name">Of the sink.</param>
    /// <param name="sight">What the operator knows of it.</param>
    /// <param name="inventory">Whose rows.</param>
    public static SinkLook Of(SinkName name, SinkSight sight, InventoryName inventory) => sight switch
    {
        SinkSight.NotYet => new NotYet(),
        SinkSight.Missing => new Missing(),
        SinkSight.Present it => SinkParser.Parse(it.Observed.Sink, SpecParts.OfSpec(it.Observed.Structural))
            .MapLeft(problems => Condition.Told("problem", problems))
            .Bind(sink => Destination.Of(sink, inventory.Namespace, inventory.Name).Map(at => Found(name, sink, at, it.Observed)))
            .Match<SinkLook>(Right: usable => usable, Left: why => new Invalid(why)),
        _ => throw new UnreachableException(),
    };

    private static Usable Found(SinkName name, Sink sink, Destination at, SinkObservation observed) => new(
        sink,
        new SinkVersion(observed.Sink.Metadata.Generation ?? 0, observed.SecretVersions),
        new Place(name, at),
        observed.Sink.Status is { } status && status.Conditions.Exists(it => it.Type == SinkConditions.Ready && it.Status == KollectConditionStatus.True));
}

/// <summary>What the operator knows of a sink. Closed.</summary>
public abstract record SinkSight
{
    private SinkSight() { }

    /// <summary>This process has not seen it, or not its Secrets, yet.</summary>
    public sealed record NotYet : SinkSight;

    /// <summary>All sinks have been listed, and there is none of this name.</summary>
    public sealed record Missing : SinkSight;

    /// <summary>It is there.</summary>
    public sealed record Present(SinkObservation Observed) : SinkSight;
}
