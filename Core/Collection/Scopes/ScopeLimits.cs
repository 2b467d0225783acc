namespace Kollect.Core.Collection.Scopes;

/// <summary>A valid <c>KollectScope</c> or <c>KollectClusterScope</c>. It grants nothing; an empty list limits nothing.</summary>
/// <param name="Kinds">The kinds that may be collected.</param>
/// <param name="Namespaces">The namespaces that may be collected from.</param>
/// <param name="DeniedNamespaces">The namespaces that may not, whatever <paramref name="Namespaces"/> has.</param>
/// <param name="Sinks">The names of the sinks that may be exported to.</param>
/// <param name="RefNamespaces">The namespaces of profiles and sinks that cluster-scoped objects refer to.</param>
/// <param name="MinExportInterval">The shortest interval of exports; 0 = no limit.</param>
internal sealed record ScopeLimits(
    string Kind,
    string Name,
    Seq<ResourceKind> Kinds,
    Seq<string> Namespaces,
    Seq<string> DeniedNamespaces,
    Seq<string> Sinks,
    Seq<string> RefNamespaces,
    TimeSpan MinExportInterval)
{
    /// <summary>True = objects of the kind may be collected.</summary>
    public bool AllowsKind(ResourceKind kind) => Kinds.IsEmpty || Kinds.Exists(it => Same(it.Group, kind.Group) && Same(it.Version, kind.Version)
        && Same(it.Kind, kind.Kind));

    /// <summary>True = objects of the namespace may be collected.</summary>
    public bool AllowsNamespace(string name) => !DeniedNamespaces.Contains(name) && (Namespaces.IsEmpty || Namespaces.Contains(name));

    /// <summary>True = the rows may go to a sink of this name.</summary>
    public bool AllowsSink(string name) => Sinks.IsEmpty || Sinks.Contains(name);

    /// <summary>True = a cluster-scoped object may refer to a profile or a sink of the namespace.</summary>
    public bool AllowsRefTo(string name) => RefNamespaces.IsEmpty || RefNamespaces.Contains(name);

    /// <summary><c>KollectScope limits</c>.</summary>
    public override string ToString() => $"{Kind} {Name}";

    private static bool Same(string one, string other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase);
}
