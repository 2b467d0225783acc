using Kollect.Core.Collection;
using Kollect.Core.Inventories.Cleanup;
using Kollect.Core.Manifests;
using Kollect.Core.Operator;
using Kollect.Core.Secrets;

namespace Kollect.Core.Explanations;

/// <summary>An annotation, label or finalizer that the operator reads or writes.</summary>
/// <param name="Kind"><c>annotation</c>, <c>label</c> or <c>finalizer</c>.</param>
/// <param name="On">The objects that carry it.</param>
/// <param name="Values">The values that have an effect.</param>
/// <param name="Meaning">What it does, and who sets and removes it.</param>
internal sealed record Mark(string Kind, string Name, string On, string Values, string Meaning);

/// <summary>Every annotation, label and finalizer.</summary>
internal static class Marks
{
    private const string Namespaces = "namespaces between commas, or *";

    public static Seq<Mark> All { get; } = Seq(
        new Mark(
            "annotation", InventoryAnnotations.ExportNow, "KollectInventory, KollectClusterInventory", "true",
            "Exports in full through every sink at once. You set it; the operator removes it after success."),
        new Mark(
            "annotation", Reclaiming.Annotation, "KollectInventory, KollectClusterInventory", "retain, delete",
            "What becomes of rows at a location to which the inventory no longer exports, and of all its rows when it is deleted: retain keeps them, delete "
                + "(the default) removes them. Any other value keeps them."),
        new Mark(
            "annotation", SinkAnnotations.TestConnection, "KollectDatabaseSink", "true",
            "Probes the sink once, also where spec.connectionTest is false; in that case the operator removes it after success. You set it."),
        new Mark(
            "annotation", SinkAnnotations.Preview, "KollectDatabaseSink", "true",
            "Writes the statements of the next export into status.preview, for as long as the annotation is there."),
        new Mark(
            "annotation", SecretAccess.Annotation, "Secret", Namespaces,
            "The namespaces whose sinks may use the Secret; those of its own namespace always may. The owner of the Secret sets it."),
        new Mark(
            "annotation", NamespaceGrants.Annotation, "Namespace", Namespaces,
            "The namespaces whose targets may collect objects of this one; those of its own always may. The owner of the namespace sets it."),
        new Mark(
            "annotation", "kollect.dev/requested-by", "Lease of a shard", "the name of a replica",
            "A replica asks the holder of a shard for it. Only replicas set and remove it."),
        new Mark(
            "label", WatchLabel.Key, "any object, and its Namespace", "false or disabled, true or enabled",
            "False: no target collects the object, or the objects of the namespace. True: a target with watchMode OptIn collects it. False wins."),
        new Mark(
            "annotation", WatchLabel.OfNamespace, "Namespace", "false or disabled, true or enabled",
            "Counts as the label kollect.dev/watch of the namespace, for those who may not set its labels. False wins."),
        new Mark(
            "label", "kollect.dev/aggregate-to-collector", "ClusterRole", "true",
            "The rules of the ClusterRole become a part of kollect-collector: kinds that the operator may list and watch."),
        new Mark(
            "finalizer", InventoryReconcile.Finalizer, "KollectInventory, KollectClusterInventory", "",
            "Keeps a deleted inventory until its rows are removed, or given up after 5 minutes for each location."),
        new Mark(
            "finalizer", SinkProtection.Finalizer, "KollectDatabaseSink", "",
            "Keeps a deleted sink until no inventory has rows there."));
}
