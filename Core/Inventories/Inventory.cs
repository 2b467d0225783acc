using Kollect.Core.Collection;
using Kollect.Core.Rows;
using LanguageExt.ClassInstances;

namespace Kollect.Core.Inventories;

/// <summary>A <c>KollectInventory</c> or <c>KollectClusterInventory</c> that is valid by construction.</summary>
public abstract record Inventory
{
    private Inventory(InventorySettings settings) => Settings = settings;

    /// <summary>What both kinds have in common.</summary>
    public InventorySettings Settings { get; }

    /// <summary><c>inventory_namespace</c> of its rows.</summary>
    public string RowNamespace => this is Namespaced it ? it.Namespace : Scope.ClusterInventories;

    /// <summary>What all <c>KollectTarget</c>s of its namespace collect.</summary>
    /// <param name="Namespace">Of the inventory.</param>
    /// <param name="Settings">What both kinds have in common.</param>
    public sealed record Namespaced(string Namespace, InventorySettings Settings) : Inventory(Settings);

    /// <summary>What <c>KollectClusterTarget</c>s collect.</summary>
    /// <param name="Targets">Which of them.</param>
    /// <param name="Namespaces">Of which objects.</param>
    /// <param name="Dedupe">What becomes of an object that several of them collect.</param>
    /// <param name="Settings">What both kinds have in common.</param>
    public sealed record Cluster(TargetChoice Targets, NamespaceChoice Namespaces, Dedupe Dedupe, InventorySettings Settings) : Inventory(Settings);
}

/// <summary>The part of an inventory that does not depend on its scope.</summary>
/// <param name="Name">Of the inventory: <c>inventory_name</c> of its rows.</param>
/// <param name="Sinks">Each once, in the order of the manifest.</param>
/// <param name="ExportMinInterval">For refs that set none and whose sink sets none; 0 = changes only.</param>
/// <param name="IsSuspended">Nothing is exported.</param>
public sealed record InventorySettings(string Name, Seq<SinkRef> Sinks, TimeSpan ExportMinInterval, bool IsSuspended);

/// <summary>A sink by name; the namespace is resolved.</summary>
/// <param name="Namespace">Of the sink.</param>
/// <param name="Name">Of the sink.</param>
/// <param name="ExportMinInterval">None = not set here; 0 = changes only.</param>
public sealed record SinkRef(string Namespace, string Name, Option<TimeSpan> ExportMinInterval);

/// <summary>Which <c>KollectClusterTarget</c>s an inventory is made of. Closed.</summary>
public abstract record TargetChoice
{
    private TargetChoice() { }

    /// <summary>These, whether they exist or not.</summary>
    public sealed record Named(Seq<string> Names) : TargetChoice;

    /// <summary>All that have these labels.</summary>
    public sealed record Labelled(LabelSelector Labels) : TargetChoice;

    /// <summary>Does it contain the target?</summary>
    public bool Contains(string name, Map<OrdStringOrdinal, string, string> labels) => this switch
    {
        Named it => it.Names.Contains(name),
        Labelled it => it.Labels.Matches(labels),
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}

/// <summary>Whose objects an inventory of the cluster is made of: those of namespaces that meet both, and those without a namespace.</summary>
/// <param name="Names">Empty = any.</param>
/// <param name="Labels">Of the namespaces.</param>
public sealed record NamespaceChoice(Seq<string> Names, LabelSelector Labels)
{
    /// <summary>Does it contain the namespace?</summary>
    public bool Contains(string name, Map<OrdStringOrdinal, string, string> labels) => (Names.IsEmpty || Names.Contains(name)) && Labels.Matches(labels);
}

/// <summary>What becomes of an object that several targets collect.</summary>
public enum Dedupe
{
    /// <summary>A row for each target.</summary>
    KeepAll,

    /// <summary>One row.</summary>
    ByResourceUid,
}
