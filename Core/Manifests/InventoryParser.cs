using System.Diagnostics;
using Kollect.Core.Collection;
using Kollect.Core.Failures;
using Kollect.Core.Formatting;
using Kollect.Core.Inventories;
using Kollect.Core.Inventories.Scheduling;
using Kollect.Models;
using Kollect.Models.V1Alpha1;
using static Kollect.Core.Manifests.SpecParts;

namespace Kollect.Core.Manifests;

/// <summary>The wire shape of both kinds -> <see cref="Inventory"/>.</summary>
internal static class InventoryParser
{
    /// <summary>The inventory, or every problem of its validation.</summary>
    public static Either<Seq<Problem>, Inventory> Parse(KollectInventory model, ModelList<StructuralProblem> structural) =>
        Valid(ManifestValidation.Validate(model, structural), () => new Inventory.Namespaced(
            SpecParts.Namespace(model.Metadata), Settings(model.Metadata, InventoryParts.Of(model), model.Spec.Suspend)));

    /// <summary>The inventory, or every problem of its validation.</summary>
    public static Either<Seq<Problem>, Inventory> Parse(KollectClusterInventory model, ModelList<StructuralProblem> structural) =>
        Valid(ManifestValidation.Validate(model, structural), () =>
        {
            var parts = InventoryParts.Of(model);
            return new Inventory.Cluster(
                parts.TargetRefs.IsEmpty ? new TargetChoice.Labelled(LabelSelector.Of(model.Spec.TargetSelector)) : new TargetChoice.Named(parts.TargetRefs),
                new NamespaceChoice(parts.Namespaces, LabelSelector.Of(model.Spec.NamespaceSelector)),
                DedupeOf(model.Spec.Dedupe),
                Settings(model.Metadata, parts, model.Spec.Suspend));
        });

    private static Either<Seq<Problem>, Inventory> Valid(ValidationResult result, Func<Inventory> inventory) =>
        result.IsValid ? Right<Seq<Problem>, Inventory>(inventory()) : Left<Seq<Problem>, Inventory>(result.Problems);

    private static InventorySettings Settings(ObjectMeta metadata, InventoryParts parts, bool suspended) => new(
        Trimmed(metadata.Name),
        parts.Sinks.Map(it => new SinkRef(it.Namespace.IfNone(parts.SinkNamespace), it.Name, it.ExportMinInterval.Bind(GoDuration.Parse))).Strict(),
        NonBlank(parts.ExportMinInterval).Bind(GoDuration.Parse).IfNone(ExportInterval.Default),
        suspended);

    private static Dedupe DedupeOf(KollectClusterInventorySpecDedupe dedupe) => dedupe switch
    {
        KollectClusterInventorySpecDedupe.KeepAll => Dedupe.KeepAll,
        KollectClusterInventorySpecDedupe.ByResourceUID => Dedupe.ByResourceUid,
        _ => throw new UnreachableException(),
    };
}
