using Kollect.Models;
using Kollect.Models.V1Alpha1;
using static Kollect.Core.Manifests.SpecParts;

namespace Kollect.Core.Manifests;

/// <summary>The fields of an inventory of either kind that rules read.</summary>
/// <param name="Namespace">None = a cluster inventory.</param>
/// <param name="SinkNamespace">The namespace of a sink whose ref names none; trimmed.</param>
/// <param name="Sinks">In the order of the manifest.</param>
/// <param name="ExportMinInterval">As it is written.</param>
/// <param name="TargetRefs">Trimmed.</param>
/// <param name="Namespaces">Trimmed.</param>
/// <param name="Selectors">Those that are given, by path.</param>
/// <param name="Unserved">Fields that are given and that only other operators of the family act on.</param>
internal sealed record InventoryParts(
    Option<string> Namespace,
    string SinkNamespace,
    Seq<SinkRefParts> Sinks,
    string ExportMinInterval,
    Seq<string> TargetRefs,
    Seq<string> Namespaces,
    Seq<SelectorParts> Selectors,
    Seq<string> Unserved)
{
    public const string TargetSelectorPath = "spec.targetSelector";

    public static InventoryParts Of(KollectInventory inventory)
    {
        var spec = inventory.Spec;
        return new InventoryParts(
            SpecParts.Namespace(inventory.Metadata),
            SpecParts.Namespace(inventory.Metadata),
            Refs(spec.DatabaseSinkRefs),
            spec.ExportMinInterval,
            [],
            [],
            [],
            Given(
                ("snapshotSinkRefs", !spec.SnapshotSinkRefs.IsEmpty),
                ("eventSinkRefs", !spec.EventSinkRefs.IsEmpty),
                ("httpEndpoint", spec.HttpEndpoint is not null),
                ("maxExportBytes", spec.MaxExportBytes is not null)));
    }

    public static InventoryParts Of(KollectClusterInventory inventory)
    {
        var spec = inventory.Spec;
        return new InventoryParts(
            None,
            Trimmed(spec.SinkNamespace),
            Refs(spec.DatabaseSinkRefs),
            spec.ExportMinInterval,
            spec.TargetRefs.Select(Trimmed).ToArray().ToSeq(),
            spec.Namespaces.Select(Trimmed).ToArray().ToSeq(),
            Join(SelectorParts.At(TargetSelectorPath, spec.TargetSelector), SelectorParts.At("spec.namespaceSelector", spec.NamespaceSelector)),
            Given(
                ("snapshotSinkRefs", !spec.SnapshotSinkRefs.IsEmpty),
                ("eventSinkRefs", !spec.EventSinkRefs.IsEmpty),
                ("profileRef", spec.ProfileRef is not null)));
    }

    private static Seq<SinkRefParts> Refs(ModelList<string> json) =>
        json.Select((it, index) => SinkRefParts.Read(FormattableString.Invariant($"spec.databaseSinkRefs[{index}]"), it)).ToArray().ToSeq();

    private static Seq<string> Given(params (string Field, bool IsGiven)[] fields) =>
        fields.Where(field => field.IsGiven).Select(field => field.Field).ToArray().ToSeq();
}

/// <summary>A label selector, with its path in the manifest.</summary>
internal sealed record SelectorParts(string Path, KollectSelector Selector)
{
    /// <summary>Empty = it is not given.</summary>
    public static Seq<SelectorParts> At(string path, KollectSelector? selector) =>
        selector is null ? [] : Seq1(new SelectorParts(path, selector));
}
