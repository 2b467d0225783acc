using Kollect.Core.Inventories;
using Kollect.Core.Inventories.Scheduling;
using Kollect.Core.Kubernetes;
using Kollect.Core.Manifests;
using Kollect.Core.Sinks;
using Kollect.Core.Snapshots;

namespace Kollect.Core.Operator.Status;

/// <summary>The objects of an overview, all of the namespaces that it is about.</summary>
internal sealed record StatusObjects(Seq<InventoryObject> Inventories, Seq<TargetObject> Targets, Seq<SinkObject> Sinks);

/// <summary>Inventories with their targets and sinks, and what no inventory uses.</summary>
internal sealed record StatusTree(Seq<InventoryNode> Inventories, Seq<TargetNode> UnusedTargets, Seq<SinkNode> UnusedSinks)
{
    /// <summary>True = every object of the tree is ready.</summary>
    public bool IsReady => Inventories.ForAll(it => it.IsReady) && UnusedTargets.ForAll(it => it.State.IsReady) && UnusedSinks.ForAll(it => it.State.IsReady);

    /// <summary>The tree of the objects, each group in the order of namespaces and names; a cluster's inventories come last.</summary>
    /// <param name="name">Only inventories of this name, and nothing unused; None = all.</param>
    public static StatusTree Of(StatusObjects objects, Option<string> name)
    {
        var inventories = objects.Inventories.Filter(it => name.ForAll(wanted => it.Metadata.Name == wanted));
        var used = inventories.Bind(it => it.Sinks).ToHashSet();
        return new StatusTree(
            Sorted(inventories.Map(it => InventoryNode.Of(it, objects)), it => it.Name),
            name.IsSome
                ? Empty
                : Sorted(objects.Targets.Filter(it => !inventories.Exists(inventory => Chooses(inventory, it))).Map(TargetNode.Of), it => it.Name),
            name.IsSome ? Empty : Sorted(objects.Sinks.Map(SinkNode.Of).Filter(it => !used.Contains(it.Name)), it => it.Name));
    }

    /// <summary>An invalid inventory of a namespace still stands for the targets beside it.</summary>
    internal static bool Chooses(InventoryObject inventory, TargetObject target) =>
        inventory.Name.Namespace == target.RowNamespace
        && inventory.Spec.Match(
            Right: it => it.Chooses(target.Metadata.Name ?? "", target.Labels),
            Left: _ => inventory.Name.Namespace != Scope.ClusterInventories);

    internal static Seq<T> Sorted<T, TName>(Seq<T> nodes, Func<T, TName> name)
        where TName : notnull =>
        nodes.OrderBy(it => IsOfCluster($"{name(it)}")).ThenBy(it => $"{name(it)}", StringComparer.Ordinal).ToArray().ToSeq();

    private static bool IsOfCluster(string name) => name.StartsWith(Scope.ClusterInventories + "/", StringComparison.Ordinal);
}

/// <summary>An inventory.</summary>
/// <param name="Name">Its namespace is <c>_cluster</c> where it is one of the cluster.</param>
/// <param name="IsSuspended"><c>spec.suspend</c>.</param>
/// <param name="Items">Of the last snapshot; None = there was none.</param>
/// <param name="LastExport">The newest of all sinks; None = none was exported.</param>
/// <param name="LastSuccess">See <see cref="InventoryStatus.LastSuccessTime"/>.</param>
/// <param name="NextExport">See <see cref="InventoryStatus.NextExportTime"/>.</param>
internal sealed record InventoryNode(
    string Kind,
    InventoryName Name,
    ObjectState State,
    bool IsSuspended,
    Option<long> Items,
    Option<DateTimeOffset> LastExport,
    Option<DateTimeOffset> LastSuccess,
    Option<DateTimeOffset> NextExport,
    Seq<TargetNode> Targets,
    Seq<RefNode> Sinks)
{
    /// <summary>True = the inventory, its targets and its sinks are ready.</summary>
    public bool IsReady => State.IsReady && Targets.ForAll(it => it.State.IsReady) && Sinks.ForAll(it => it.State.IsReady);

    internal static InventoryNode Of(InventoryObject inventory, StatusObjects objects)
    {
        var status = InventoryStatusModel.Read(inventory.Status);
        var state = ObjectState.Of(status.Conditions, Optional(inventory.Status?.ObservedGeneration), Optional(inventory.Metadata.Generation));
        return new InventoryNode(
            inventory.Identity.Kind,
            inventory.Name,
            state,
            inventory.Spec.Exists(it => it.Settings.IsSuspended),
            status.ItemCount,
            status.LastExportTime,
            status.LastSuccessTime,
            status.NextExportTime,
            TargetsOf(inventory, objects.Targets),
            inventory.Spec.Match(
                Right: it => it.Settings.Sinks.Map(sink => RefNode.Of(sink, it, status, state, objects.Sinks)).Strict(),
                Left: _ => Empty));
    }

    private static Seq<TargetNode> TargetsOf(InventoryObject inventory, Seq<TargetObject> all)
    {
        var chosen = all.Filter(it => StatusTree.Chooses(inventory, it)).Map(TargetNode.Of).Strict();
        var missing = inventory.Spec.Match(
            Right: it => it is Inventory.Cluster { Targets: TargetChoice.Named named }
                ? named.Names.Filter(name => !chosen.Exists(target => target.Name.Name == name))
                : Empty,
            Left: _ => Empty);
        return StatusTree.Sorted(Join(chosen, missing.Map(TargetNode.Missing)), it => it.Name);
    }
}

/// <summary>A target.</summary>
/// <param name="Name">Its namespace is <c>_cluster</c> where it is one of the cluster.</param>
/// <param name="Objects">Collected; None = not known.</param>
internal sealed record TargetNode(InventoryName Name, ObjectState State, Option<long> Objects)
{
    internal static TargetNode Of(TargetObject target) => new(
        new InventoryName(target.RowNamespace, target.Metadata.Name ?? ""),
        ObjectState.Of(
            StatusCondition.Read(target.Status?.Conditions ?? []), Optional(target.Status?.ObservedGeneration), Optional(target.Metadata.Generation)),
        Optional(target.Status?.ItemCount));

    internal static TargetNode Missing(string name) => new(
        new InventoryName(Scope.ClusterInventories, name),
        new ObjectState(StateWord.NotReady, "TargetNotFound", "spec.targetRefs names it, and it does not exist", None),
        None);
}

/// <summary>A sink as such.</summary>
/// <param name="At">Where its rows are; None = its spec is invalid.</param>
internal sealed record SinkNode(SinkName Name, ObjectState State, Option<TableLocation> At)
{
    internal static SinkNode Of(SinkObject sink) => new(
        new SinkName(sink.Metadata.Namespace ?? "", sink.Metadata.Name ?? ""),
        ObjectState.Of(
            StatusCondition.Read(sink.Status?.Conditions ?? []), Optional(sink.Status?.ObservedGeneration), Optional(sink.Metadata.Generation)),
        sink.Spec.ToOption().Map(Naming.Unrendered));
}

/// <summary>An inventory at one of its sinks.</summary>
/// <param name="State">Of the exports; where they are ready and the sink itself is not, that of the sink.</param>
/// <param name="At">Where the rows of the last export are, else where those of the next one go; None = not known.</param>
/// <param name="Export">As the status of the inventory has it; None = nothing was reported.</param>
/// <param name="Interval">Of the ref, the sink or the inventory.</param>
internal sealed record RefNode(SinkName Name, ObjectState State, Option<TableLocation> At, Option<SinkExport> Export, ExportInterval Interval)
{
    /// <summary>Rows of the last export; None = none was exported.</summary>
    public Option<long> Rows => Export.Bind(it => it.Success).Map(it => it.Outcome.Items - it.Outcome.Rejected);

    internal static RefNode Of(SinkRef reference, Inventory inventory, InventoryStatus status, ObjectState state, Seq<SinkObject> sinks)
    {
        var name = new SinkName(reference.Namespace, reference.Name);
        var export = status.SinkExports.Find(it => it.Sink == name);
        var sink = sinks.Find(it => it.Metadata.Namespace == name.Namespace && it.Metadata.Name == name.Name);
        var valid = sink.Bind(it => it.Spec.ToOption());
        var next = valid.Bind(it => Naming.LocationOf(it, new Scope(inventory.RowNamespace, inventory.Settings.Name, it.Settings.Cluster)).ToOption());
        return new RefNode(
            name,
            StateOf(export, sink.Map(SinkNode.Of), state),
            export.Bind(it => it.Success).Map(it => it.Of.Location.At) | next,
            export,
            ExportInterval.Of(
                reference.ExportMinInterval, valid.Bind(it => it.Settings.ExportMinInterval), inventory.Settings.ExportMinInterval));
    }

    private static ObjectState StateOf(Option<SinkExport> export, Option<SinkNode> sink, ObjectState inventory)
    {
        if (sink.Case is not SinkNode known)
            return new ObjectState(StateWord.NotReady, "SinkNotFound", "the sink does not exist; create it, or drop the ref", None);
        if (inventory.Reason == "ChangeNotObserved")
            return inventory;
        var ofExport = ObjectState.Of(export.Map(it => it.Conditions).IfNone(Empty), None, None);
        return ofExport.IsReady && !known.State.IsReady ? known.State with { Message = $"the sink: {known.State.Message}" } : ofExport;
    }
}
