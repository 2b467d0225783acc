namespace Kollect.Shell.Kubernetes;

/// <summary>A kind of object as the API server's paths name it.</summary>
/// <param name="Group">Empty = the core group.</param>
/// <param name="Version">E.g. <c>v1</c>.</param>
/// <param name="Plural">E.g. <c>secrets</c>.</param>
/// <param name="Namespaced">False = its objects stand outside of any namespace.</param>
public sealed record Resource(string Group, string Version, string Plural, bool Namespaced)
{
    /// <summary><c>v1</c> or <c>apps/v1</c>.</summary>
    public string ApiVersion => Group.Length == 0 ? Version : $"{Group}/{Version}";

    /// <summary><c>secrets</c> or <c>deployments.apps</c>, as RBAC and kubectl write it.</summary>
    public override string ToString() => Group.Length == 0 ? Plural : $"{Plural}.{Group}";
}

/// <summary>An object of one kind.</summary>
/// <param name="Namespace">Empty = cluster-scoped.</param>
/// <param name="Name">Never empty.</param>
public sealed record ObjectName(string Namespace, string Name)
{
    /// <summary><c>shop/web</c>, or <c>web</c> outside of namespaces.</summary>
    public override string ToString() => Namespace.Length == 0 ? Name : $"{Namespace}/{Name}";
}

/// <summary>Which objects of a kind; empty = all.</summary>
/// <param name="Namespace">One namespace.</param>
/// <param name="LabelSelector">As the API server takes it.</param>
/// <param name="FieldSelector">As the API server takes it.</param>
public sealed record Selection(string Namespace = "", string LabelSelector = "", string FieldSelector = "")
{
    /// <summary>Every object of the kind.</summary>
    public static Selection All { get; } = new();
}
