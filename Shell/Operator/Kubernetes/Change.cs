namespace Kollect.Operator.Kubernetes;

/// <summary>One change in the objects of a kind, as <see cref="ListWatch"/> reports it. Closed.</summary>
internal abstract record Change
{
    private Change() { }

    /// <summary>The current state of an object; the same state may be reported more than once.</summary>
    /// <param name="Name">Namespace and name of the object.</param>
    /// <param name="Uid">Distinguishes this object from earlier and later ones of the same name.</param>
    /// <param name="Object">The whole object as UTF-8 JSON.</param>
    public sealed record Seen(ObjectName Name, string Uid, byte[] Object) : Change;

    /// <summary>An object was deleted, or is no longer selected.</summary>
    /// <param name="Name">Namespace and name of the object.</param>
    /// <param name="Uid">Uid of that object; a new object of the same name may exist.</param>
    public sealed record Gone(ObjectName Name, string Uid) : Change;

    /// <summary>
    /// Every object of one moment has been reported: <see cref="Seen"/> for each that exists, <see cref="Gone"/> for each that no longer does.
    /// </summary>
    /// <param name="ResourceVersion">Version of the list.</param>
    public sealed record Listed(string ResourceVersion) : Change;

    /// <summary>The reported objects are no longer kept current until the next change; that is <see cref="Listed"/> where nothing was missed.</summary>
    public sealed record Interrupted(ApiException Why) : Change;
}
