namespace Kollect.Core.Collection;

/// <summary>A valid <c>KollectTarget</c> or <c>KollectClusterTarget</c>.</summary>
internal abstract record Target
{
    private Target(TargetSettings settings) => Settings = settings;

    /// <summary>The settings that both kinds have.</summary>
    public TargetSettings Settings { get; }

    /// <summary>The value of <c>inventory_namespace</c> in rows of the inventories that use the target.</summary>
    public string RowNamespace => this is Namespaced it ? it.Namespace : Snapshots.Scope.ClusterInventories;

    /// <summary>The value of <c>targetNamespace</c> in the target's items; empty for <see cref="Cluster"/>.</summary>
    public string ItemNamespace => this is Namespaced it ? it.Namespace : "";

    /// <summary>A target of a namespace. It collects objects of any namespace for the inventories of its own one.</summary>
    public sealed record Namespaced(string Namespace, TargetSettings Settings) : Target(Settings);

    /// <summary>A cluster-scoped target. It collects objects for cluster-scoped inventories.</summary>
    /// <param name="Labels">The labels that <c>targetSelector</c> of an inventory selects by.</param>
    public sealed record Cluster(Map<LanguageExt.ClassInstances.OrdStringOrdinal, string, string> Labels, TargetSettings Settings) : Target(Settings);
}

/// <summary>The part of a target that does not depend on its scope.</summary>
/// <param name="Name">The target's name, which is <c>targetName</c> of its items and part of the identity of their rows.</param>
/// <param name="Profile">The profile with the kind and the attributes.</param>
/// <param name="Objects">Selects the objects to collect.</param>
/// <param name="IsSuspended">True = the target's objects are not read.</param>
internal sealed record TargetSettings(string Name, ProfileRef Profile, ObjectSelection Objects, bool IsSuspended);

/// <summary>The name of a profile. The namespace is never empty: without one in the manifest it is the default.</summary>
internal sealed record ProfileRef(string Namespace, string Name);
