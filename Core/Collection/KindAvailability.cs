namespace Kollect.Core.Collection;

/// <summary>The availability of a kind on the API server. Closed.</summary>
public abstract record KindAvailability
{
    private KindAvailability() { }

    /// <summary>The API server has not answered yet.</summary>
    public sealed record Asking : KindAvailability;

    /// <summary>The API server does not serve the kind.</summary>
    public sealed record NotServed : KindAvailability;

    /// <summary>The API server serves the kind without the verbs list and watch.</summary>
    public sealed record NotListable : KindAvailability;

    /// <summary>The kind can be listed and watched, given permission.</summary>
    public sealed record Served : KindAvailability;
}

/// <summary>Whether the labels of all namespaces are known.</summary>
public enum NamespacesAvailability
{
    /// <summary>Namespaces have not been listed yet.</summary>
    Asking,

    /// <summary>The operator may not list namespaces.</summary>
    Forbidden,

    /// <summary>The labels of all namespaces are known.</summary>
    Known,
}
