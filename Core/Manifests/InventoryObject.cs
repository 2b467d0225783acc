using System.Diagnostics;
using Kollect.Core.Failures;
using Kollect.Core.Inventories;
using Kollect.Core.Models;
using Kollect.Core.Models.V1Alpha1;
using Kollect.Core.Sinks;
using Kollect.Core.Snapshots;

namespace Kollect.Core.Manifests;

/// <summary>An inventory of either kind as the API server holds it.</summary>
/// <param name="ApiVersion">E.g. <c>kollect.dev/v1alpha1</c>.</param>
/// <param name="Kind"><c>KollectInventory</c> or <c>KollectClusterInventory</c>.</param>
/// <param name="Metadata">As it was read.</param>
/// <param name="Status">As it was last written; null = never.</param>
/// <param name="Spec">Left = every problem of its validation.</param>
public sealed record InventoryObject(
    string ApiVersion, string Kind, ObjectMeta Metadata, KollectInventoryStatus? Status, Either<Seq<Problem>, Inventory> Spec)
{
    private const string NamespacedKind = "KollectInventory";
    private const string ClusterKind = "KollectClusterInventory";

    /// <summary>As its rows name it.</summary>
    public InventoryName Name => new(Kind == ClusterKind ? Scope.ClusterInventories : Metadata.Namespace ?? "", Metadata.Name ?? "");

    /// <summary>The sinks that its spec names, each once; none where it is invalid.</summary>
    public Seq<SinkName> Sinks => Spec.Match(Right: it => it.Settings.Sinks.Map(sink => new SinkName(sink.Namespace, sink.Name)), Left: _ => Empty);

    /// <summary>One object as the API server gives it: well-formed, and with its kind. None = it is no inventory.</summary>
    public static Option<InventoryObject> Read(ReadOnlySpan<byte> json)
    {
        var model = KollectInventory.ReadJson(json, out var structural) ?? throw new UnreachableException("well-formed, and an object");
        return model.Kind switch
        {
            NamespacedKind => new InventoryObject(
                model.ApiVersion, model.Kind, model.Metadata, model.Status, InventoryParser.Parse(model, SpecParts.OfSpec(structural))),
            ClusterKind => OfCluster(json),
            _ => Option<InventoryObject>.None,
        };
    }

    /// <summary>Whether <paramref name="after"/> asks for a look that this one did not: spec, annotations, finalizers and deletion do, a status does not.</summary>
    public bool AsksForLook(InventoryObject after) =>
        Metadata.Uid != after.Metadata.Uid
        || Metadata.Generation != after.Metadata.Generation
        || Metadata.DeletionTimestamp != after.Metadata.DeletionTimestamp
        || Metadata.Annotations != after.Metadata.Annotations
        || Metadata.Finalizers != after.Metadata.Finalizers;

    private static InventoryObject OfCluster(ReadOnlySpan<byte> json)
    {
        var model = KollectClusterInventory.ReadJson(json, out var structural) ?? throw new UnreachableException("well-formed, and an object");
        return new InventoryObject(
            model.ApiVersion, model.Kind, model.Metadata, model.Status, InventoryParser.Parse(model, SpecParts.OfSpec(structural)));
    }
}
