namespace Kollect.Core.Kubernetes;

/// <summary>An object of a watched kind. It is read, parsed and validated once, when a list or watch delivers it.</summary>
internal interface IWatchedObject<TSelf>
    where TSelf : class, IWatchedObject<TSelf>
{
    /// <summary>Reads one object from well-formed JSON with its kind. Null = the object is of another kind.</summary>
    static abstract TSelf? Read(ReadOnlySpan<byte> json);

    /// <summary>The identity of the object, with the metadata that was read.</summary>
    ObjectIdentity Identity { get; }

    /// <summary>True = the object differs from <paramref name="before"/> in a field that a user controls; the status is not one.</summary>
    bool NeedsReconcile(TSelf before);
}
