using System.Collections.Concurrent;
using System.Globalization;
using Kollect.Core.Models;
using Kollect.Core.Models.V1Alpha1;
using Kollect.Core.Reconciling;
using Kollect.Shell.Kubernetes;

namespace Kollect.Shell.Operator;

/// <summary>The sinks as the API server last told them, by whichever way: watch, or the answer to a write of our own.</summary>
internal sealed class SinkCache
{
    private readonly ConcurrentDictionary<ObjectName, Entry> sinks = new();

    /// <summary>A sink with what the reader objected to.</summary>
    public sealed record Entry(ObjectName Name, KollectDatabaseSink Sink, Seq<StructuralProblem> Structural);

    /// <summary>Null = there is none.</summary>
    public Entry? Find(ObjectName name) => sinks.GetValueOrDefault(name);

    /// <summary>Keeps the newer of what is known and what is told.</summary>
    /// <param name="json">One object as the API server gives it.</param>
    /// <param name="asksForLook">Whether it differs from what was known in something that a user decides.</param>
    /// <returns>The newer one; null = the text is no sink.</returns>
    public Entry? Take(ReadOnlySpan<byte> json, out bool asksForLook)
    {
        asksForLook = false;
        if (KollectDatabaseSink.ReadJson(json, out var structural) is not { Metadata: { Name: { } name, Namespace: { } ns } } sink)
            return null;
        var told = new Entry(new ObjectName(ns, name), sink, structural);
        var known = Find(told.Name);
        if (known is not null && VersionOf(told) < VersionOf(known))
            return known;
        sinks[told.Name] = told;
        asksForLook = known is null || SinkReconcile.AsksForLook(known.Sink, sink);
        return told;
    }

    /// <summary>False = the one that went is not the one that is known.</summary>
    public bool Remove(ObjectName name, string uid) => Find(name) is { } known && known.Sink.Metadata.Uid == uid && sinks.TryRemove(name, out _);

    // Resource versions are integers that grow (KEP-5504, "comparable resource version"); 0 = this server does otherwise: then the last one told wins.
    private static ulong VersionOf(Entry entry) =>
        ulong.TryParse(entry.Sink.Metadata.ResourceVersion, NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version : 0;
}
