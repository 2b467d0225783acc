namespace Kollect.Core.Collection;

/// <summary>A <c>KollectTarget</c> or <c>KollectClusterTarget</c> that is valid by construction.</summary>
public abstract record Target
{
    private Target(TargetSettings settings) => Settings = settings;

    /// <summary>What both kinds have in common.</summary>
    public TargetSettings Settings { get; }

    /// <summary><c>inventory_namespace</c> of the rows of the inventories that it collects for.</summary>
    public string RowNamespace => this is Namespaced it ? it.Namespace : Snapshots.Scope.ClusterInventories;

    /// <summary>Its namespace in the items that it collects; empty for a <see cref="Cluster"/> one.</summary>
    public string ItemNamespace => this is Namespaced it ? it.Namespace : "";

    /// <summary>Collects for the inventories of its namespace, from any namespace.</summary>
    /// <param name="Namespace">Of the target.</param>
    /// <param name="Settings">What both kinds have in common.</param>
    public sealed record Namespaced(string Namespace, TargetSettings Settings) : Target(Settings);

    /// <summary>Collects for the inventories of the cluster.</summary>
    /// <param name="Labels">For <c>targetSelector</c> of these inventories.</param>
    /// <param name="Settings">What both kinds have in common.</param>
    public sealed record Cluster(Map<LanguageExt.ClassInstances.OrdStringOrdinal, string, string> Labels, TargetSettings Settings) : Target(Settings);
}

/// <summary>The part of a target that does not depend on its scope.</summary>
/// <param name="Name">Of the target: <c>targetName</c> of its items, and part of the identity of their rows.</param>
/// <param name="Profile">Which kind, and what is kept.</param>
/// <param name="Objects">Which objects.</param>
/// <param name="IsSuspended">Nobody looks at its objects.</param>
public sealed record TargetSettings(string Name, ProfileRef Profile, ObjectSelection Objects, bool IsSuspended);

/// <summary>A profile by name; the namespace is resolved.</summary>
public sealed record ProfileRef(string Namespace, string Name);
