using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Kollect.Core.Kubernetes;

namespace Kollect.Shell.Kubernetes;

/// <summary>One object, and all that this term knows of it: it goes when the object goes.</summary>
/// <param name="name">Which object.</param>
/// <param name="latest">As it was first read.</param>
internal abstract class CachedObject<TObject>(ObjectName name, TObject latest)
    where TObject : class, IWatchedObject<TObject>
{
    private volatile TObject latest = latest;

    public ObjectName Name { get; } = name;

    public string Uid { get; } = latest.Identity.Metadata.Uid ?? "";

    /// <summary>As it was last read, from a list, a watch or the answer to a write.</summary>
    public TObject Latest
    {
        get => latest;
        set => latest = value;
    }
}

/// <summary>The objects of a kind that are there.</summary>
/// <param name="create">For an object that is new.</param>
internal sealed class ObjectCache<TObject, TCached>(Func<ObjectName, TObject, TCached> create)
    where TObject : class, IWatchedObject<TObject>
    where TCached : CachedObject<TObject>
{
    private readonly Lock gate = new();
    private readonly Dictionary<ObjectName, TCached> objects = [];

    /// <summary>All of one moment.</summary>
    public IReadOnlyList<TCached> All
    {
        get
        {
            lock (gate)
                return [.. objects.Values];
        }
    }

    /// <summary>Null = there is none.</summary>
    public TCached? Find(ObjectName name)
    {
        lock (gate)
            return objects.GetValueOrDefault(name);
    }

    /// <summary>Takes an object from a list or watch.</summary>
    /// <param name="json">One object as the API server gives it.</param>
    /// <param name="cached">The object; null = it is of another kind.</param>
    /// <returns>Whether it differs from what was known in something that a user decides.</returns>
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

    /// <summary>Takes the answer to a write; nothing where the object has gone meanwhile.</summary>
    /// <returns>As <see cref="Seen"/>: a user may have changed something between the observation and the write.</returns>
    public bool Answered(TCached cached, byte[] json)
    {
        if (TObject.Read(json) is not { } latest)
            return false;
        lock (gate)
            return objects.GetValueOrDefault(cached.Name) == cached && Update(cached, latest);
    }

    /// <summary>Null where another one of this name is known.</summary>
    public TCached? Gone(ObjectName name, string uid)
    {
        lock (gate)
            return objects.TryGetValue(name, out var known) && known.Uid == uid && objects.Remove(name) ? known : null;
    }

    /// <summary>Keeps the newer of the two.</summary>
    private static bool Update(TCached cached, TObject latest)
    {
        var known = cached.Latest;
        if (VersionOf(latest) < VersionOf(known))
            return false;
        cached.Latest = latest;
        return latest.NeedsReconcile(known);
    }

    // Resource versions are integers that grow (KEP-5504, "comparable resource version"); 0 = this server does otherwise: then the one that is read last wins.
    private static ulong VersionOf(TObject latest) =>
        ulong.TryParse(latest.Identity.Metadata.ResourceVersion, NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version : 0;
}
