using System.Diagnostics;
using Kollect.Core.Inventories.Scheduling;
using Kollect.Core.Kubernetes;
using Kollect.Core.Manifests;
using Kollect.Core.Models.V1Alpha1;
using Kollect.Core.Sinks;
using Kollect.Core.Snapshots;

namespace Kollect.Core.Operator;

/// <summary>What the operator knows of a sink. Closed.</summary>
public abstract record SinkObservation
{
    private SinkObservation() { }

    /// <summary>This process has not seen it, or not its Secrets, yet.</summary>
    public sealed record NotYet : SinkObservation;

    /// <summary>All sinks have been listed, and there is none of this name.</summary>
    public sealed record Missing : SinkObservation;

    /// <summary>It is there.</summary>
    public sealed record Present(ObservedSink Observed) : SinkObservation;
}

/// <summary>What the operator knows of a sink -> what it is to one inventory.</summary>
public static class SinkAvailabilities
{
    /// <summary>What a sink is to one inventory.</summary>
    /// <param name="name">Of the sink.</param>
    /// <param name="observation">What the operator knows of it.</param>
    /// <param name="inventory">Whose rows.</param>
    public static SinkAvailability Of(SinkName name, SinkObservation observation, InventoryName inventory) => observation switch
    {
        SinkObservation.NotYet => new SinkAvailability.NotYet(),
        SinkObservation.Missing => new SinkAvailability.Missing(),
        SinkObservation.Present it => SinkParser.Parse(it.Observed.Sink, SpecParts.OfSpec(it.Observed.Structural))
            .MapLeft(problems => Condition.Summary("problem", problems))
            .Bind(sink => Naming.LocationOf(sink, new Scope(inventory.Namespace, inventory.Name, sink.Settings.Cluster)).Map(at => Found(name, sink, at, it.Observed)))
            .Match<SinkAvailability>(Right: usable => usable, Left: why => new SinkAvailability.Invalid(why)),
        _ => throw new UnreachableException(),
    };

    private static SinkAvailability.Usable Found(SinkName name, Sink sink, TableLocation at, ObservedSink observed) => new(
        sink,
        new SinkVersion(observed.Sink.Metadata.Generation ?? 0, observed.SecretVersions),
        new RowLocation(name, at),
        observed.Sink.Status is { } status && status.Conditions.Exists(it => it.Type == SinkConditions.Ready && it.Status == KollectConditionStatus.True));
}
