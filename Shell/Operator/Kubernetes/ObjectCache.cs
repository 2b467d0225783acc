using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Kollect.Core.Kubernetes;

namespace Kollect.Operator.Kubernetes;

/// <summary>One object and its state in this term of leadership; dropped when the object is deleted.</summary>
/// <param name="latest">The object as first delivered by the API server.</param>
internal abstract class CachedObject<TObject>(ObjectName name, TObject latest)
    where TObject : class, IWatchedObject<TObject>
{
    private volatile TObject latest = latest;

    public ObjectName Name { get; } = name;

    public string Uid { get; } = latest.Identity.Metadata.Uid ?? "";

    /// <summary>The object as last delivered by the API server, in a list, a watch or the answer to a write.</summary>
    public TObject Latest
    {
        get => latest;
        set => latest = value;
    }
}

/// <summary>The existing objects of a kind.</summary>
/// <param name="create">Creates the entry of a new object.</param>
internal sealed class ObjectCache<TObject, TCached>(Func<ObjectName, TObject, TCached> create)
    where TObject : class, IWatchedObject<TObject>
    where TCached : CachedObject<TObject>
{
    private readonly Lock gate = new();
    private readonly Dictionary<ObjectName, TCached> objects = [];

    /// <summary>A copy of all entries at one moment.</summary>
    public IReadOnlyList<TCached> All
    {
        get
        {
            lock (gate)
                return [.. objects.Values];
        }
    }

    /// <summary>Null = no such object is cached.</summary>
    public TCached? Find(ObjectName name)
    {
        lock (gate)
            return objects.GetValueOrDefault(name);
    }

    /// <summary>Takes an object from a watch or a list.</summary>
    /// <param name="json">One object as UTF-8 JSON.</param>
    /// <param name="cached">The entry; null = the text is not an object of this kind.</param>
    /// <returns>True where the object is new, or differs from the cached one in a field that a user sets.</returns>
    public bool Seen(byte[] json, [NotNullWhen(true)] out TCached? cached)
    {
        cached = null;
        if (TObject.Read(json) is not { Identity.Name: { Length: > 0 } name } latest)
            return false;
        lock (gate)
        {
            var key = new ObjectName(latest.Identity.Namespace, name);
            cached = objects.GetValueOrDefault(key);
            if (cached?.Uid == latest.Identity.Metadata.Uid)
                return Update(cached!, latest);
            objects[key] = cached = create(key, latest);
            return true;
        }
    }

    /// <summary>Takes the API server's answer to a write of the operator; ignored where the object was deleted meanwhile.</summary>
    /// <returns>As <see cref="Seen"/>: a user may have changed the object between the read and the write.</returns>
    public bool Answered(TCached cached, byte[] json)
    {
        if (TObject.Read(json) is not { } latest)
            return false;
        lock (gate)
            return objects.GetValueOrDefault(cached.Name) == cached && Update(cached, latest);
    }

    /// <summary>Removes the entry and returns it; null = the cached object of this name has another uid, or there is none.</summary>
    public TCached? Gone(ObjectName name, string uid)
    {
        lock (gate)
            return objects.TryGetValue(name, out var known) && known.Uid == uid && objects.Remove(name) ? known : null;
    }

    /// <summary>Keeps the newer version of the two. The same version again is no change: a write that changed nothing is answered with it.</summary>
    private static bool Update(TCached cached, TObject latest)
    {
        var known = cached.Latest;
        var (before, after) = (VersionOf(known), VersionOf(latest));
        if (after < before || (after == before && after != 0))
            return false;
        cached.Latest = latest;
        return latest.NeedsReconcile(known);
    }

    // Resource versions are integers that grow (KEP-5504, "comparable resource version"); 0 = this server has others: then the last one delivered wins.
    private static ulong VersionOf(TObject latest) =>
        ulong.TryParse(latest.Identity.Metadata.ResourceVersion, NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version : 0;
}
