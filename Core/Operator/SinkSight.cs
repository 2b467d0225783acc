using System.Diagnostics;
using Kollect.Core.Inventories.Scheduling;
using Kollect.Core.Kubernetes;
using Kollect.Core.Manifests;
using Kollect.Core.Models.V1Alpha1;
using Kollect.Core.Sinks;

namespace Kollect.Core.Operator;

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

/// <summary>What the operator knows of a sink -> what it is to one inventory.</summary>
public static class SinkLooks
{
    /// <summary>What a sink is to one inventory.</summary>
    /// <param name="name">Of the sink.</param>
    /// <param name="sight">What the operator knows of it.</param>
    /// <param name="inventory">Whose rows.</param>
    public static SinkLook Of(SinkName name, SinkSight sight, InventoryName inventory) => sight switch
    {
        SinkSight.NotYet => new SinkLook.NotYet(),
        SinkSight.Missing => new SinkLook.Missing(),
        SinkSight.Present it => SinkParser.Parse(it.Observed.Sink, SpecParts.OfSpec(it.Observed.Structural))
            .MapLeft(problems => Condition.Summary("problem", problems))
            .Bind(sink => Destination.Of(sink, inventory.Namespace, inventory.Name).Map(at => Found(name, sink, at, it.Observed)))
            .Match<SinkLook>(Right: usable => usable, Left: why => new SinkLook.Invalid(why)),
        _ => throw new UnreachableException(),
    };

    private static SinkLook.Usable Found(SinkName name, Sink sink, Destination at, SinkObservation observed) => new(
        sink,
        new SinkVersion(observed.Sink.Metadata.Generation ?? 0, observed.SecretVersions),
        new Place(name, at),
        observed.Sink.Status is { } status && status.Conditions.Exists(it => it.Type == SinkConditions.Ready && it.Status == KollectConditionStatus.True));
}
