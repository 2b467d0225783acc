using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Kollect.Core.Models;

namespace Kollect.Shell.Kubernetes;

/// <summary>An object as the API server told it.</summary>
internal interface IWatchedObject<TSelf>
    where TSelf : class, IWatchedObject<TSelf>
{
    /// <summary>Null = the text is no such object.</summary>
    static abstract TSelf? Read(byte[] json);

    ObjectMeta Metadata { get; }

    /// <summary>Whether <paramref name="after"/> differs in something that a user decides.</summary>
    bool AsksForLook(TSelf after);
}

/// <summary>One object, and all that this term knows of it: it goes when the object goes.</summary>
/// <param name="name">Which object.</param>
/// <param name="latest">As the API server told it first.</param>
internal abstract class CachedObject<TObject>(ObjectName name, TObject latest)
    where TObject : class, IWatchedObject<TObject>
{
    private volatile TObject latest = latest;

    public ObjectName Name { get; } = name;

    public string Uid { get; } = latest.Metadata.Uid ?? "";

    /// <summary>As the API server last told it, by whichever way.</summary>
    public TObject Latest
    {
        get => latest;
        set => latest = value;
    }
}

/// <summary>The objects of a kind that are there.</summary>
/// <param name="track">Begins to know of an object.</param>
internal sealed class ObjectCache<TObject, TCached>(Func<ObjectName, TObject, TCached> track)
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

    /// <summary>A watch or a list tells of an object.</summary>
    /// <param name="json">One object as the API server gives it.</param>
    /// <param name="tracked">The object; null = the text is none.</param>
    /// <returns>Whether it differs from what was known in something that a user decides.</returns>
    public bool Seen(byte[] json, [NotNullWhen(true)] out TCached? tracked)
    {
        tracked = null;
        if (TObject.Read(json) is not { Metadata.Name: { } name } latest)
            return false;
        lock (gate)
        {
            var key = new ObjectName(latest.Metadata.Namespace ?? "", name);
            tracked = objects.GetValueOrDefault(key);
            if (tracked?.Uid == latest.Metadata.Uid)
                return Update(tracked!, latest);
            objects[key] = tracked = track(key, latest);
            return true;
        }
    }

    /// <summary>The API server's answer to a write of our own; nothing where the object has gone meanwhile.</summary>
    /// <returns>As <see cref="Seen"/>: a user may have changed something between our look and our write.</returns>
    public bool Answered(TCached tracked, byte[] json)
    {
        if (TObject.Read(json) is not { } latest)
            return false;
        lock (gate)
            return objects.GetValueOrDefault(tracked.Name) == tracked && Update(tracked, latest);
    }

    /// <summary>Null where another one of this name is known.</summary>
    public TCached? Gone(ObjectName name, string uid)
    {
        lock (gate)
            return objects.TryGetValue(name, out var known) && known.Uid == uid && objects.Remove(name) ? known : null;
    }

    /// <summary>Keeps the newer of what is known and what is latest.</summary>
    private static bool Update(TCached tracked, TObject latest)
    {
        var known = tracked.Latest;
        if (VersionOf(latest) < VersionOf(known))
            return false;
        tracked.Latest = latest;
        return known.AsksForLook(latest);
    }

    // Resource versions are integers that grow (KEP-5504, "comparable resource version"); 0 = this server does otherwise: then the last one latest wins.
    private static ulong VersionOf(TObject latest) =>
        ulong.TryParse(latest.Metadata.ResourceVersion, NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version : 0;
}
