using Kollect.Core.Collection;
using Kollect.Core.Snapshots;
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

    /// <summary>Is it made of what a target collects, which is of its scope?</summary>
    /// <param name="name">Of the target.</param>
    /// <param name="labels">Of the target.</param>
    public bool Chooses(string name, Map<OrdStringOrdinal, string, string> labels) => this is not Cluster it || it.Targets.Contains(name, labels);

    /// <summary>All that the gate has to know of, also targets that the spec names and that are not there.</summary>
    /// <param name="chosen">Those that are.</param>
    public Seq<InventoryTarget> Complete(Seq<InventoryTarget> chosen) => this is Cluster { Targets: TargetChoice.Named named }
        ? Join(
            chosen,
            named.Names.Filter(name => !chosen.Exists(it => it.Name == name)).Map(name => new InventoryTarget(name, new TargetListing.Missing()))).Strict()
        : chosen;

    /// <summary>Of which namespaces; objects without one always belong. None = of all.</summary>
    public Option<NamespaceChoice> NamespaceFilter => this is Cluster { Namespaces: { IsAll: false } choice } ? choice : Option<NamespaceChoice>.None;

    /// <summary>What becomes of an object that several targets collect.</summary>
    public Dedupe DedupeRule => this is Cluster it ? it.Dedupe : Dedupe.KeepAll;

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
    /// <summary>It demands nothing.</summary>
    public bool IsAll => Names.IsEmpty && Labels == LabelSelector.Everything;

    /// <summary>Does it contain the namespace?</summary>
    public bool Contains(string name, Map<OrdStringOrdinal, string, string> labels) => (Names.IsEmpty || Names.Contains(name)) && Labels.Matches(labels);
}
