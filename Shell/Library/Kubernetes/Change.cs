namespace Kollect.Shell.Kubernetes;

/// <summary>What following a kind of object tells. Closed.</summary>
public abstract record Change
{
    private Change() { }

    /// <summary>An object as it is now; may be told again without having changed.</summary>
    /// <param name="Name">Which.</param>
    /// <param name="Uid">Of this one among all that ever had this name.</param>
    /// <param name="Object">The whole object.</param>
    public sealed record Seen(ObjectName Name, string Uid, byte[] Object) : Change;

    /// <summary>An object is no longer there, or no longer selected.</summary>
    /// <param name="Name">Which.</param>
    /// <param name="Uid">Of the one that went; another of the same name may have come.</param>
    public sealed record Gone(ObjectName Name, string Uid) : Change;

    /// <summary>All objects of one moment have now been told, and who was known before and is no longer there has gone.</summary>
    /// <param name="ResourceVersion">That moment.</param>
    public sealed record Listed(string ResourceVersion) : Change;

    /// <summary>What was told is no longer kept current, until anything is told again; <see cref="Listed"/> where nothing else happened meanwhile.</summary>
    public sealed record Interrupted(KubernetesException Why) : Change;
}
