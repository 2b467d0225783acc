using Kollect.Core.Collection.Scopes;
using Kollect.Core.Kubernetes;

namespace Kollect.Core.Operator.Status;

/// <summary>The reasons of the conditions of inventories and of their refs to sinks.</summary>
internal static class InventoryReasons
{
    /// <summary><see cref="RefSituation.Suspended"/></summary>
    public static Reason Suspended { get; } = new(
        "Suspended", "spec.suspend is true: nothing is exported or removed, and the rows stay as they are.", "Set spec.suspend to false to go on.");

    /// <summary><see cref="RefSituation.SinkMissing"/></summary>
    public static Reason SinkNotFound { get; } = new(
        "SinkNotFound", "The inventory refers to a sink that does not exist.", "Create the sink, or remove the ref from spec.databaseSinkRefs.");

    /// <summary><see cref="RefSituation.SinkInvalid"/></summary>
    public static Reason SinkInvalid { get; } = new(
        "SinkInvalid", "The inventory refers to a sink whose spec breaks rules.", "Correct the sink: the message names its problems.");

    /// <summary><see cref="RefSituation.Collecting"/></summary>
    public static Reason Collecting { get; } = new("Collecting", "The objects of the targets are being listed, and nothing was exported yet.");

    /// <summary><see cref="RefSituation.CollectingAgain"/></summary>
    public static Reason CollectingAgain { get; } = new(
        "CollectingAgain", "The operator was started, and lists the objects of the targets again; the rows are those of the last export.");

    /// <summary><see cref="RefSituation.CollectionDelayed"/></summary>
    public static Reason CollectionDelayed { get; } = new(
        "CollectionDelayed",
        "The objects could not be listed completely for so long that the rows may be out of date.",
        "Look at the target in the message: its conditions say what cannot be listed.");

    /// <summary><see cref="RefSituation.ExportDelayed"/></summary>
    public static Reason ExportDelayed { get; } = new(
        "ExportDelayed",
        "An export takes or waits longer than its interval; the rows are those of the last one.",
        "Look for a slow server, for a lock of another session, or for too few concurrent exports of the operator.");

    /// <summary><see cref="RefSituation.ExportPending"/></summary>
    public static Reason ExportPending { get; } = new("ExportPending", "The first export is about to run, or the first one after an edit.");

    /// <summary><see cref="RefSituation.Synced"/></summary>
    public static Reason Synced { get; } = new("Synced", "The destination holds exactly the snapshot.");

    /// <summary><see cref="RefSituation.RowsContested"/></summary>
    public static Reason RowsContested { get; } = new(
        "RowsContested",
        "The destination holds the snapshot, and rows of it were taken over from another cluster label that has itself exported within a day.",
        "Clusters that were restored from one backup have objects of equal UIDs: give each a table of its own, e.g. by {cluster} in the naming template. "
        + "After a change of spec.cluster it passes with the next look at the rows.");

    /// <summary><see cref="RefSituation.ItemsRejected"/></summary>
    public static Reason ItemsRejected { get; } = new(
        "ItemsRejected",
        "The destination holds the snapshot without some items that it cannot store; their old rows were kept.",
        "Make the items in the message smaller, e.g. by prune or by fewer attributes in the profile.");

    /// <summary><see cref="RefSituation.SnapshotIncomplete"/></summary>
    public static Reason SnapshotIncomplete { get; } = new(
        "SnapshotIncomplete",
        "A target cannot be listed, so rows are written and none is deleted.",
        "Look at the target in the message: its conditions say what to do.");

    /// <summary><see cref="RefSituation.TargetsSuspended"/></summary>
    public static Reason TargetsSuspended { get; } = new(
        "TargetsSuspended",
        "A target is suspended, so rows are written and none is deleted.",
        "Set spec.suspend of the target to false, or delete the target to remove its rows.");

    /// <summary><see cref="RefSituation.TargetsDeleted"/></summary>
    public static Reason TargetsDeleted { get; } = new(
        "TargetsDeleted", "A target was deleted; its rows go once the API server has confirmed that KollectTarget itself stays.");

    /// <summary><see cref="RefSituation.Failing"/></summary>
    public static Reason ExportFailed { get; } = new(
        "ExportFailed", "The last export failed, and is tried again after 5 s to 10 min.", "Check the server and the network to it, if it stays.");

    /// <summary><see cref="RefSituation.CircuitOpen"/></summary>
    public static Reason CircuitOpen { get; } = new(
        "CircuitOpen",
        "Exports of other inventories through the sink failed in a row; one at a time tries it, and the others follow when it succeeds.",
        "Check the server of the sink: the status of the sink has its words.");

    /// <summary><see cref="RefSituation.Refused"/></summary>
    public static Reason ExportRefused { get; } = new(
        "ExportRefused",
        "The server or a check before the export refused it; nothing was written, and only a change helps.",
        "Do what the message says; the export runs when inventory, sink or Secret changes, or with kollect.dev/export-now=true.");

    /// <summary><see cref="RefSituation.Superseded"/></summary>
    public static Reason ExportSuperseded { get; } = new(
        "ExportSuperseded",
        "The destination holds a newer snapshot of the same inventory and cluster label; nothing was written.",
        "Look for a second exporter with the same cluster label (spec.cluster), or for a clock that was ahead.");

    /// <summary><see cref="InventorySituation.InvalidSpec"/></summary>
    public static Reason InvalidSpec { get; } = new(
        "InvalidSpec",
        "The spec breaks rules, and no webhook has refused it; nothing is exported, and the rows stay.",
        "Correct each problem in the message: kollect explain describes its id.");

    /// <summary><see cref="InventorySituation.NoSinks"/></summary>
    public static Reason NoSinks { get; } = new("NoSinks", "spec.databaseSinkRefs is empty: nothing is exported.", "Name a sink there.");

    /// <summary><see cref="InventorySituation.RemovingRows"/></summary>
    public static Reason RemovingRows { get; } = new(
        "RemovingRows",
        "The inventory is being deleted, and its rows are removed first.",
        "Wait, at most 5 minutes for each location; kollect.dev/reclaim=retain keeps the rows instead.");

    /// <summary><see cref="ScopeDenials.Sink"/></summary>
    public static Reason ScopeSinkDenied { get; } = new(
        "ScopeSinkDenied", "A scope does not allow the sink; nothing is exported to it, and its rows stay.", ScopeDenials.Sink.Remedy);

    /// <summary><see cref="ScopeDenials.RefNamespace"/></summary>
    public static Reason ScopeNamespaceDenied { get; } = new(
        "ScopeNamespaceDenied",
        "A scope does not allow sinks of the namespace; nothing is exported to them, and their rows stay.",
        ScopeDenials.RefNamespace.Remedy);

    /// <summary><see cref="ScopeDenials.Unreadable"/></summary>
    public static Reason ScopeLookupFailed { get; } = new(
        "ScopeLookupFailed",
        "A scope cannot be read, so that its limits are not known; nothing is exported, and the rows stay.",
        ScopeDenials.Unreadable.Remedy);

    /// <summary>The reason of a ref to which a scope denies its sink.</summary>
    /// <param name="id">Of the problem.</param>
    public static Reason OfDenial(string id) => id == ScopeDenials.Sink.Id ? ScopeSinkDenied
        : id == ScopeDenials.Unreadable.Id ? ScopeLookupFailed
        : ScopeNamespaceDenied;

    /// <summary>All of them.</summary>
    public static Seq<Reason> All { get; } = Seq(
        Suspended, SinkNotFound, SinkInvalid, Collecting, CollectingAgain, CollectionDelayed, ExportDelayed, ExportPending, Synced, RowsContested,
        ItemsRejected, SnapshotIncomplete, TargetsSuspended, TargetsDeleted, ExportFailed, CircuitOpen, ExportRefused, ExportSuperseded, InvalidSpec, NoSinks,
        RemovingRows, ScopeSinkDenied, ScopeNamespaceDenied, ScopeLookupFailed);
}
