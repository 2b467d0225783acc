using Kollect.Core.Collection;
using Kollect.Core.Snapshots;
using LanguageExt.ClassInstances;

namespace Kollect.Core.Inventories;

/// <summary>A <c>KollectInventory</c> or <c>KollectClusterInventory</c> that is valid by construction.</summary>
internal abstract record Inventory
{
    private Inventory(InventorySettings settings) => Settings = settings;

    /// <summary>The settings that both kinds share.</summary>
    public InventorySettings Settings { get; }

    /// <summary><c>inventory_namespace</c> of its rows.</summary>
    public string RowNamespace => this is Namespaced it ? it.Namespace : Scope.ClusterInventories;

    /// <summary>True = the inventory contains the objects of a target of its scope.</summary>
    public bool Chooses(string name, Map<OrdStringOrdinal, string, string> labels) => this is not Cluster it || it.Targets.Contains(name, labels);

    /// <summary>All targets for the gate, including named targets that do not exist.</summary>
    /// <param name="chosen">The chosen targets that exist.</param>
    public Seq<InventoryTarget> Complete(Seq<InventoryTarget> chosen) => this is Cluster { Targets: TargetChoice.Named named }
        ? Join(
            chosen,
            named.Names.Filter(name => !chosen.Exists(it => it.Name == name)).Map(name => new InventoryTarget(name, new TargetListing.Missing()))).Strict()
        : chosen;

    /// <summary>The namespaces of its objects; an object without a namespace always belongs. None = all.</summary>
    public Option<NamespaceChoice> NamespaceFilter => this is Cluster { Namespaces: { IsAll: false } choice } ? choice : Option<NamespaceChoice>.None;

    /// <summary>The handling of an object that several targets collect.</summary>
    public Dedupe DedupeRule => this is Cluster it ? it.Dedupe : Dedupe.KeepAll;

    /// <summary>The objects of all <c>KollectTarget</c>s of its namespace.</summary>
    /// <param name="Settings">The settings that both kinds share.</param>
    public sealed record Namespaced(string Namespace, InventorySettings Settings) : Inventory(Settings);

    /// <summary>The objects of <c>KollectClusterTarget</c>s.</summary>
    /// <param name="Dedupe">The handling of an object that several targets collect.</param>
    /// <param name="Settings">The settings that both kinds share.</param>
    public sealed record Cluster(TargetChoice Targets, NamespaceChoice Namespaces, Dedupe Dedupe, InventorySettings Settings) : Inventory(Settings);
}

/// <summary>The part of an inventory that does not depend on its scope.</summary>
/// <param name="Name">Of the inventory: <c>inventory_name</c> of its rows.</param>
/// <param name="Sinks">Each once, in the order of the manifest.</param>
/// <param name="ExportMinInterval">For refs that set none and whose sink sets none; 0 = changes only.</param>
/// <param name="IsSuspended">Nothing is exported.</param>
internal sealed record InventorySettings(string Name, Seq<SinkRef> Sinks, TimeSpan ExportMinInterval, bool IsSuspended);

/// <summary>A sink by name; the namespace is resolved.</summary>
/// <param name="ExportMinInterval">None = not set here; 0 = changes only.</param>
internal sealed record SinkRef(string Namespace, string Name, Option<TimeSpan> ExportMinInterval);

/// <summary>The choice of <c>KollectClusterTarget</c>s of an inventory. Closed.</summary>
internal abstract record TargetChoice
{
    private TargetChoice() { }

    /// <summary>The targets with these names, whether they exist or not.</summary>
    public sealed record Named(Seq<string> Names) : TargetChoice;

    /// <summary>All targets with these labels.</summary>
    public sealed record Labelled(LabelSelector Labels) : TargetChoice;

    /// <summary>True = the choice contains the target.</summary>
    public bool Contains(string name, Map<OrdStringOrdinal, string, string> labels) => this switch
    {
        Named it => it.Names.Contains(name),
        Labelled it => it.Labels.Matches(labels),
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}

/// <summary>The namespaces of a cluster inventory: objects of namespaces that meet both conditions, and objects without a namespace.</summary>
/// <param name="Names">Empty = any.</param>
internal sealed record NamespaceChoice(Seq<string> Names, LabelSelector Labels)
{
    /// <summary>True = there is no condition.</summary>
    public bool IsAll => Names.IsEmpty && Labels == LabelSelector.Everything;

    /// <summary>True = the namespace meets the conditions.</summary>
    public bool Contains(string name, Map<OrdStringOrdinal, string, string> labels) => (Names.IsEmpty || Names.Contains(name)) && Labels.Matches(labels);
}
