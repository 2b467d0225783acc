using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Kollect.Core.Models;

namespace Kollect.Shell.Kubernetes;

/// <summary>An object as the API server told it.</summary>
internal interface IToldObject<TSelf>
    where TSelf : class, IToldObject<TSelf>
{
    /// <summary>Null = the text is no such object.</summary>
    static abstract TSelf? Read(byte[] json);

    ObjectMeta Metadata { get; }

    /// <summary>Whether <paramref name="after"/> differs in something that a user decides.</summary>
    bool AsksForLook(TSelf after);
}

/// <summary>One object, and all that this term knows of it: it goes when the object goes.</summary>
/// <param name="name">Which object.</param>
/// <param name="told">As the API server told it first.</param>
internal abstract class TrackedObject<TTold>(ObjectName name, TTold told)
    where TTold : class, IToldObject<TTold>
{
    private volatile TTold told = told;

    public ObjectName Name { get; } = name;

    public string Uid { get; } = told.Metadata.Uid ?? "";

    /// <summary>As the API server last told it, by whichever way.</summary>
    public TTold Told
    {
        get => told;
        set => told = value;
    }
}

/// <summary>The objects of a kind that are there.</summary>
/// <param name="track">Begins to know of an object.</param>
internal sealed class TrackedObjects<TTold, TTracked>(Func<ObjectName, TTold, TTracked> track)
    where TTold : class, IToldObject<TTold>
    where TTracked : TrackedObject<TTold>
{
    private readonly Lock gate = new();
    private readonly Dictionary<ObjectName, TTracked> objects = [];

    /// <summary>All of one moment.</summary>
    public IReadOnlyList<TTracked> All
    {
        get
        {
            lock (gate)
                return [.. objects.Values];
        }
    }

    /// <summary>Null = there is none.</summary>
    public TTracked? Find(ObjectName name)
    {
        lock (gate)
            return objects.GetValueOrDefault(name);
    }

    /// <summary>A watch or a list tells of an object.</summary>
    /// <param name="json">One object as the API server gives it.</param>
    /// <param name="tracked">The object; null = the text is none.</param>
    /// <returns>Whether it differs from what was known in something that a user decides.</returns>
    public bool Seen(byte[] json, [NotNullWhen(true)] out TTracked? tracked)
    {
        tracked = null;
        if (TTold.Read(json) is not { Metadata.Name: { } name } told)
            return false;
        lock (gate)
        {
            var key = new ObjectName(told.Metadata.Namespace ?? "", name);
            tracked = objects.GetValueOrDefault(key);
            if (tracked?.Uid == told.Metadata.Uid)
                return Update(tracked!, told);
            objects[key] = tracked = track(key, told);
            return true;
        }
    }

    /// <summary>The API server's answer to a write of our own; nothing where the object has gone meanwhile.</summary>
    /// <returns>As <see cref="Seen"/>: a user may have changed something between our look and our write.</returns>
    public bool Answered(TTracked tracked, byte[] json)
    {
        if (TTold.Read(json) is not { } told)
            return false;
        lock (gate)
            return objects.GetValueOrDefault(tracked.Name) == tracked && Update(tracked, told);
    }

    /// <summary>Null where another one of this name is known.</summary>
    public TTracked? Gone(ObjectName name, string uid)
    {
        lock (gate)
            return objects.TryGetValue(name, out var known) && known.Uid == uid && objects.Remove(name) ? known : null;
    }

    /// <summary>Keeps the newer of what is known and what is told.</summary>
    private static bool Update(TTracked tracked, TTold told)
    {
        var known = tracked.Told;
        if (VersionOf(told) < VersionOf(known))
            return false;
        tracked.Told = told;
        return known.AsksForLook(told);
    }

    // Resource versions are integers that grow (KEP-5504, "comparable resource version"); 0 = this server does otherwise: then the last one told wins.
    private static ulong VersionOf(TTold told) =>
        ulong.TryParse(told.Metadata.ResourceVersion, NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version : 0;
}
