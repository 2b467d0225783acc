using System.Diagnostics;
using Kollect.Core.Failures;
using Kollect.Core.Inventories;
using Kollect.Core.Kubernetes;
using Kollect.Core.Sinks;
using Kollect.Core.Snapshots;
using Kollect.Models;
using Kollect.Models.V1Alpha1;

namespace Kollect.Core.Manifests;

/// <summary>An inventory of either kind as the API server holds it.</summary>
/// <param name="Identity">With the metadata as it was read; its kind is <c>KollectInventory</c> or <c>KollectClusterInventory</c>.</param>
/// <param name="Status">As it was last written; null = never.</param>
/// <param name="Spec">Left = every problem of its validation.</param>
internal sealed record InventoryObject(ObjectIdentity Identity, KollectInventoryStatus? Status, Either<Seq<Problem>, Inventory> Spec)
    : IWatchedObject<InventoryObject>
{
    private const string NamespacedKind = "KollectInventory";
    private const string ClusterKind = "KollectClusterInventory";

    /// <summary>The metadata as it was read.</summary>
    public ObjectMeta Metadata => Identity.Metadata;

    /// <summary>The name in its rows.</summary>
    public InventoryName Name => new(Identity.Kind == ClusterKind ? Scope.ClusterInventories : Metadata.Namespace ?? "", Metadata.Name ?? "");

    /// <summary>See <see cref="InventoryAnnotations.ExportNow"/>.</summary>
    public bool IsExportRequested => Metadata.Annotations.Find(InventoryAnnotations.ExportNow).Exists(value => value.Trim() == "true");

    /// <summary>The sinks that its spec names, each once; none where it is invalid.</summary>
    public Seq<SinkName> Sinks => Spec.Match(Right: it => it.Settings.Sinks.Map(sink => new SinkName(sink.Namespace, sink.Name)), Left: _ => Empty);

    /// <inheritdoc/>
    public static InventoryObject? Read(ReadOnlySpan<byte> json)
    {
        var model = KollectInventory.ReadJson(json, out var structural) ?? throw new UnreachableException("well-formed, and an object");
        return model.Kind switch
        {
            NamespacedKind => new InventoryObject(
                new ObjectIdentity(model.ApiVersion, model.Kind, model.Metadata), model.Status, InventoryParser.Parse(model, SpecParts.OfSpec(structural))),
            ClusterKind => OfCluster(json),
            _ => null,
        };
    }

    /// <inheritdoc/>
    public bool NeedsReconcile(InventoryObject before) =>
        Metadata.Uid != before.Metadata.Uid
        || Metadata.Generation != before.Metadata.Generation
        || Metadata.DeletionTimestamp != before.Metadata.DeletionTimestamp
        || !Metadata.Annotations.Equals(before.Metadata.Annotations)
        || Metadata.Finalizers != before.Metadata.Finalizers;

    private static InventoryObject OfCluster(ReadOnlySpan<byte> json)
    {
        var model = KollectClusterInventory.ReadJson(json, out var structural) ?? throw new UnreachableException("well-formed, and an object");
        return new InventoryObject(
            new ObjectIdentity(model.ApiVersion, model.Kind, model.Metadata), model.Status, InventoryParser.Parse(model, SpecParts.OfSpec(structural)));
    }
}
