using System.Diagnostics;
using Kollect.Core.Collection;
using Kollect.Core.Failures;
using Kollect.Core.Kubernetes;
using Kollect.Core.Snapshots;
using Kollect.Models;
using Kollect.Models.V1Alpha1;
using LanguageExt.ClassInstances;

namespace Kollect.Core.Manifests;

/// <summary>A target of either kind as the API server holds it.</summary>
/// <param name="Identity">With the metadata as it was read; its kind is <c>KollectTarget</c> or <c>KollectClusterTarget</c>.</param>
/// <param name="Status">As it was last written; null = never.</param>
/// <param name="Spec">Left = every problem of its validation.</param>
internal sealed record TargetObject(ObjectIdentity Identity, KollectTargetStatus? Status, Either<Seq<Problem>, Target> Spec) : IWatchedObject<TargetObject>
{
    private const string NamespacedKind = "KollectTarget";
    private const string ClusterKind = "KollectClusterTarget";

    /// <summary>The metadata as it was read.</summary>
    public ObjectMeta Metadata => Identity.Metadata;

    /// <summary>The labels in its metadata, by which inventories of the cluster select it.</summary>
    public Map<OrdStringOrdinal, string, string> Labels { get; } = Identity.Metadata.Labels.ToMap();

    /// <summary><see cref="Inventories.Inventory.RowNamespace"/> of the inventories that it collects for.</summary>
    public string RowNamespace => Identity.Kind == ClusterKind ? Scope.ClusterInventories : Metadata.Namespace ?? "";

    /// <inheritdoc/>
    public static TargetObject? Read(ReadOnlySpan<byte> json)
    {
        var model = KollectTarget.ReadJson(json, out var structural) ?? throw new UnreachableException("well-formed, and an object");
        return model.Kind switch
        {
            NamespacedKind => new TargetObject(
                new ObjectIdentity(model.ApiVersion, model.Kind, model.Metadata), model.Status, TargetParser.Parse(model, SpecParts.OfSpec(structural))),
            ClusterKind => OfCluster(json),
            _ => null,
        };
    }

    /// <inheritdoc/>
    /// <remarks>Inventories of the cluster select targets by labels.</remarks>
    public bool NeedsReconcile(TargetObject before) =>
        Metadata.Generation != before.Metadata.Generation || !Metadata.Labels.Equals(before.Metadata.Labels);

    private static TargetObject OfCluster(ReadOnlySpan<byte> json)
    {
        var model = KollectClusterTarget.ReadJson(json, out var structural) ?? throw new UnreachableException("well-formed, and an object");
        return new TargetObject(
            new ObjectIdentity(model.ApiVersion, model.Kind, model.Metadata), model.Status, TargetParser.Parse(model, SpecParts.OfSpec(structural)));
    }
}

/// <summary>A profile as the API server holds it.</summary>
/// <param name="Identity">With the metadata as it was read.</param>
/// <param name="Spec">Left = every problem of its validation.</param>
internal sealed record ProfileObject(ObjectIdentity Identity, Either<Seq<Problem>, Profile> Spec) : IWatchedObject<ProfileObject>
{
    /// <summary>One object as the API server gives it, which is well-formed.</summary>
    public static ProfileObject Read(ReadOnlySpan<byte> json)
    {
        var model = KollectProfile.ReadJson(json, out var structural) ?? throw new UnreachableException("well-formed, and an object");
        return new ProfileObject(new ObjectIdentity(model.ApiVersion, model.Kind, model.Metadata), ProfileParser.Parse(model, structural));
    }

    /// <inheritdoc/>
    public bool NeedsReconcile(ProfileObject before) => Identity.Metadata.Generation != before.Identity.Metadata.Generation;
}
