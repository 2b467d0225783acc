namespace Kollect.Core.Kubernetes;

/// <summary>An object of a kind that is watched: read, parsed and validated once, when it arrives.</summary>
public interface IWatchedObject<TSelf>
    where TSelf : class, IWatchedObject<TSelf>
{
    /// <summary>One object as the API server gives it: well-formed, and with its kind. Null = it is of another kind.</summary>
    static abstract TSelf? Read(ReadOnlySpan<byte> json);

    /// <summary>With the metadata as it was read.</summary>
    ObjectIdentity Identity { get; }

    /// <summary>Whether it differs from <paramref name="before"/> in something that a user decides; a status is nothing of the kind.</summary>
    bool NeedsReconcile(TSelf before);
}
