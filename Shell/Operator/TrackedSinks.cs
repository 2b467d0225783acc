using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Kollect.Core.Models;
using Kollect.Core.Models.V1Alpha1;
using Kollect.Core.Reconciling;
using Kollect.Core.Scheduling;
using Kollect.Shell.Kubernetes;

namespace Kollect.Shell.Operator;

/// <summary>One sink, and all that this term knows of it: it goes when the sink goes.</summary>
internal sealed class TrackedSink(ObjectName name, string uid)
{
    private volatile SinkText? text;
    private volatile IReadOnlyList<SecretVersion>? secrets;

    public ObjectName Name { get; } = name;

    public string Uid { get; } = uid;

    /// <summary>As the API server last told it, by whichever way.</summary>
    public SinkText Text
    {
        get => text!;
        set => text = value;
    }

    /// <summary>What the last pass was made with, without its content; null before the first.</summary>
    public IReadOnlyList<SecretVersion>? Secrets
    {
        get => secrets;
        set => secrets = value;
    }

    /// <summary>What the last decision left. Passes of one sink never overlap.</summary>
    public SinkMemory Memory { get; set; } = SinkMemory.Blank;
}

/// <summary>A sink with what the reader objected to.</summary>
internal sealed record SinkText(KollectDatabaseSink Sink, Seq<StructuralProblem> Structural);

/// <summary>The sinks that are there.</summary>
internal sealed class TrackedSinks
{
    private readonly Lock gate = new();
    private readonly Dictionary<ObjectName, TrackedSink> sinks = [];
    private volatile bool isListed;

    /// <summary>All of one moment.</summary>
    public IReadOnlyList<TrackedSink> All
    {
        get
        {
            lock (gate)
                return [.. sinks.Values];
        }
    }

    /// <summary>Null = there is none.</summary>
    public TrackedSink? Find(ObjectName name)
    {
        lock (gate)
            return sinks.GetValueOrDefault(name);
    }

    /// <summary>What exports may build on.</summary>
    public SinkSight Look(SinkName name) => Find(new ObjectName(name.Namespace, name.Name)) is { } sink
        ? sink.Secrets is { } versions ? new SinkSight.Present(new SinkObservation(sink.Text.Sink, sink.Text.Structural, SinkSecrets.VersionsOf(versions))) : new SinkSight.NotYet()
        : isListed ? new SinkSight.Missing() : new SinkSight.NotYet();

    /// <summary>All sinks of one moment have been told.</summary>
    public void Listed() => isListed = true;

    /// <summary>A watch or a list tells of a sink.</summary>
    /// <param name="json">One object as the API server gives it.</param>
    /// <param name="sink">The sink; null = the text is none.</param>
    /// <returns>Whether it differs from what was known in something that a user decides.</returns>
    public bool Seen(ReadOnlySpan<byte> json, [NotNullWhen(true)] out TrackedSink? sink)
    {
        sink = null;
        if (KollectDatabaseSink.ReadJson(json, out var structural) is not { Metadata: { Name: { } name, Namespace: { } ns } } told)
            return false;
        lock (gate)
        {
            var key = new ObjectName(ns, name);
            sink = sinks.GetValueOrDefault(key);
            if (sink?.Uid == told.Metadata.Uid)
                return Update(sink!, new SinkText(told, structural));
            sinks[key] = sink = new TrackedSink(key, told.Metadata.Uid ?? "") { Text = new SinkText(told, structural) };
            return true;
        }
    }

    /// <summary>The API server's answer to a write of our own; nothing where the sink has gone meanwhile.</summary>
    /// <returns>As <see cref="Seen"/>: a user may have changed something between our look and our write.</returns>
    public bool Answered(TrackedSink sink, ReadOnlySpan<byte> json)
    {
        if (KollectDatabaseSink.ReadJson(json, out var structural) is not { } told)
            return false;
        lock (gate)
            return sinks.GetValueOrDefault(sink.Name) == sink && Update(sink, new SinkText(told, structural));
    }

    /// <summary>Nothing where another one of this name is known.</summary>
    public void Gone(ObjectName name, string uid)
    {
        lock (gate)
            if (sinks.TryGetValue(name, out var known) && known.Uid == uid)
                sinks.Remove(name);
    }

    /// <summary>Keeps the newer of what is known and what is told.</summary>
    private static bool Update(TrackedSink sink, SinkText told)
    {
        var known = sink.Text;
        if (VersionOf(told) < VersionOf(known))
            return false;
        sink.Text = told;
        return SinkReconcile.AsksForLook(known.Sink, told.Sink);
    }

    // Resource versions are integers that grow (KEP-5504, "comparable resource version"); 0 = this server does otherwise: then the last one told wins.
    private static ulong VersionOf(SinkText text) =>
        ulong.TryParse(text.Sink.Metadata.ResourceVersion, NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version : 0;
}
