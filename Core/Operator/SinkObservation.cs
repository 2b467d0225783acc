using System.Diagnostics;
using Kollect.Core.Inventories.Scheduling;
using Kollect.Core.Kubernetes;
using Kollect.Core.Manifests;
using Kollect.Core.Sinks;
using Kollect.Core.Snapshots;
using Kollect.Models.V1Alpha1;

namespace Kollect.Core.Operator;

/// <summary>The observation of a sink and its Secrets at one moment. Closed.</summary>
internal abstract record SinkObservation
{
    private SinkObservation() { }

    /// <summary>The sink, or its Secrets, have not been read yet.</summary>
    public sealed record NotYet : SinkObservation;

    /// <summary>All sinks have been listed, and none has this name.</summary>
    public sealed record Missing : SinkObservation;

    /// <summary>The sink exists, and its Secrets have been read.</summary>
    /// <param name="Sink">Its status is the one of the last write.</param>
    /// <param name="SecretVersions">See <see cref="SinkSecrets.VersionsOf"/>; empty = the sink names no Secret.</param>
    /// <param name="HasExported">An export through the sink has succeeded since its last probe.</param>
    public sealed record Present(SinkObject Sink, string SecretVersions, bool HasExported = false) : SinkObservation
    {
        /// <summary>None = it is not known now.</summary>
        public Option<SinkUse> Use { get; init; } = None;

        /// <summary>The version that an export started now applies to.</summary>
        public SinkVersion Version => new(Sink.Metadata.Generation ?? 0, SecretVersions);

        /// <summary>The version that a probe started now applies to.</summary>
        public ProbedState State => new(Sink.Metadata.Uid ?? "", Sink.Metadata.Generation ?? 0, SecretVersions);
    }

    /// <summary>Whether and where one inventory can export through the sink.</summary>
    public SinkAvailability AvailabilityFor(SinkName name, InventoryName inventory) => this switch
    {
        NotYet => new SinkAvailability.NotYet(),
        Missing => new SinkAvailability.Missing(),
        Present it => it.Sink.Spec
            .MapLeft(problems => Condition.Summary("problem", problems))
            .Bind(sink => Naming.LocationOf(sink, new Scope(inventory.Namespace, inventory.Name, sink.Settings.Cluster)).Map(at => Usable(name, sink, at, it)))
            .Match<SinkAvailability>(Right: usable => usable, Left: why => new SinkAvailability.Invalid(why)),
        _ => throw new UnreachableException(),
    };

    private static SinkAvailability.Usable Usable(SinkName name, Sink sink, TableLocation at, Present observed) => new(
        sink,
        observed.Version,
        new RowLocation(name, at),
        observed.Sink.Status is { } status && status.Conditions.Any(it => it.Type == Condition.Ready && it.Status == KollectConditionStatus.True));
}
