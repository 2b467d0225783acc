using Kollect.Core.Failures;
using Kollect.Core.Formatting;
using Kollect.Core.Sinks;
using Kollect.Core.Snapshots;

namespace Kollect.Core.Exports;

/// <summary>The scope and time of an export; None = the value of the envelope or the sink.</summary>
/// <param name="Cluster">None = the sink's.</param>
/// <param name="ExportedAt">None = the envelope's, else now.</param>
/// <param name="Generation">None = the envelope's.</param>
/// <param name="Target">Target name for Kubernetes objects; None = the kind in lower case and an s.</param>
/// <param name="IncludeSecrets">Also objects of kind Secret.</param>
/// <param name="DryRun">Roll back at the end.</param>
internal sealed record ExportRequest(
    string InventoryNamespace,
    string InventoryName,
    Option<string> Cluster,
    Option<DateTimeOffset> ExportedAt,
    Option<long> Generation,
    Option<string> Target,
    bool IncludeSecrets,
    bool DryRun)
{
    /// <summary>The farthest that the clocks of two machines are taken to differ.</summary>
    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(5);

    /// <summary>Take a snapshot time that lies more than 5 minutes ahead of the clock.</summary>
    public bool AllowFuture { get; init; }

    /// <summary>The process that exports, for the ledger; empty = not named.</summary>
    public string Exporter { get; init; } = "";

    /// <summary>True = one rejected item refuses the whole snapshot, before anything is written.</summary>
    public bool IsStrict { get; init; }

    /// <summary>The label of the rows.</summary>
    public string ClusterOf(Sink sink) => Cluster.IfNone(sink.Settings.Cluster);

    /// <summary>The rows that the snapshot replaces.</summary>
    public Scope ScopeOf(Sink sink) => new(InventoryNamespace, InventoryName, ClusterOf(sink));

    /// <summary>
    /// Scope and time of the snapshot. Left: the envelope belongs to another cluster, and its rows would replace those of this one; or the time lies
    /// in the future, and every later snapshot would be superseded until then.
    /// </summary>
    /// <param name="envelope">The metadata of the input; its time is valid.</param>
    /// <param name="now">The clock; the time of input without one.</param>
    public Either<Failure, SnapshotHeader> Header(Sink sink, EnvelopeFields envelope, DateTimeOffset now)
    {
        var cluster = ClusterOf(sink);
        return envelope.Cluster.Filter(label => label.Length > 0 && label != cluster).Match(
            other => Left<Failure, SnapshotHeader>(new Failure.Refused(
                $"input: the envelope is of cluster {Shown.Quoted(other)}, its rows would replace those of cluster {Shown.Quoted(cluster)} "
                    + $"— correct spec.cluster, or give --cluster {AsArgument(other)}")),
            () => Time(envelope, now).Map(time => new SnapshotHeader(
                ScopeOf(sink), time, Generation | envelope.Generation)
            { Exporter = Exporter }));
    }

    private Either<Failure, DateTimeOffset> Time(EnvelopeFields envelope, DateTimeOffset now)
    {
        var time = Envelope.WholeMilliseconds((ExportedAt | envelope.ExportedAt.Bind(Envelope.ParseTime)).IfNone(now));
        return AllowFuture || time - now <= Skew
            ? time
            : new Failure.Refused(
                $"input: the snapshot is of {Times.Text(time)}, the clock of this machine says {Times.Text(now)}: until then every later snapshot "
                + "would be superseded — correct the time or the clock, or give --allow-future");
    }

    // The text may be pasted into a shell: nothing of the input may run there.
    private static string AsArgument(string cluster) =>
        cluster.Length <= 80 && cluster.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.') ? cluster : "and the envelope's label";
}
