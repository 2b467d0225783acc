namespace Kollect.Core.Collection;

/// <summary>What the API server says of a kind. Closed.</summary>
public abstract record KindAvailability
{
    private KindAvailability() { }

    /// <summary>It has not answered yet.</summary>
    public sealed record Asking : KindAvailability;

    /// <summary>It does not know it.</summary>
    public sealed record NotServed : KindAvailability;

    /// <summary>It knows it, without the verbs list and watch.</summary>
    public sealed record NotListable : KindAvailability;

    /// <summary>It can be listed and watched, permission provided.</summary>
    public sealed record Served : KindAvailability;
}

/// <summary>Whether the labels of all namespaces are known.</summary>
public enum NamespacesAvailability
{
    /// <summary>They have not been listed yet.</summary>
    Asking,

    /// <summary>The operator may not list them.</summary>
    Forbidden,

    /// <summary>They are known.</summary>
    Known,
}
