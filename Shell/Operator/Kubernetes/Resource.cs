namespace Kollect.Operator.Kubernetes;

/// <summary>A kind of object as API paths name it.</summary>
/// <param name="Group">Empty = the core group.</param>
/// <param name="Version">E.g. <c>v1</c>.</param>
/// <param name="Plural">E.g. <c>secrets</c>.</param>
/// <param name="Namespaced">False = its objects are cluster-scoped.</param>
internal sealed record Resource(string Group, string Version, string Plural, bool Namespaced)
{
    /// <summary><c>v1</c> or <c>apps/v1</c>.</summary>
    public string ApiVersion => Group.Length == 0 ? Version : $"{Group}/{Version}";

    /// <summary><c>secrets</c> or <c>deployments.apps</c>, as in RBAC rules and kubectl.</summary>
    public override string ToString() => Group.Length == 0 ? Plural : $"{Plural}.{Group}";
}

/// <summary>Namespace and name of an object.</summary>
/// <param name="Namespace">Empty = cluster-scoped.</param>
/// <param name="Name">Never empty.</param>
internal sealed record ObjectName(string Namespace, string Name)
{
    /// <summary><c>shop/web</c>, or <c>web</c> where cluster-scoped.</summary>
    public override string ToString() => Namespace.Length == 0 ? Name : $"{Namespace}/{Name}";
}

/// <summary>Selects objects of a kind; an empty member selects all.</summary>
/// <param name="Namespace">One namespace; empty = all.</param>
/// <param name="LabelSelector">In the API server's syntax, e.g. <c>app=web,tier!=cache</c>.</param>
/// <param name="FieldSelector">In the API server's syntax, e.g. <c>metadata.name=web</c>.</param>
internal sealed record Selection(string Namespace = "", string LabelSelector = "", string FieldSelector = "")
{
    /// <summary>Every object of the kind.</summary>
    public static Selection All { get; } = new();
}
