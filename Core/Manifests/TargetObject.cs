using System.Diagnostics;
using Kollect.Core.Collection;
using Kollect.Core.Failures;
using Kollect.Core.Models;
using Kollect.Core.Models.V1Alpha1;
using Kollect.Core.Snapshots;

namespace Kollect.Core.Manifests;

/// <summary>A target of either kind as the API server holds it.</summary>
/// <param name="ApiVersion">E.g. <c>kollect.dev/v1alpha1</c>.</param>
/// <param name="Kind"><c>KollectTarget</c> or <c>KollectClusterTarget</c>.</param>
/// <param name="Metadata">As it was read.</param>
/// <param name="Status">As it was last written; null = never.</param>
/// <param name="Spec">Left = every problem of its validation.</param>
public sealed record TargetObject(string ApiVersion, string Kind, ObjectMeta Metadata, KollectTargetStatus? Status, Either<Seq<Problem>, Target> Spec)
{
    private const string NamespacedKind = "KollectTarget";
    private const string ClusterKind = "KollectClusterTarget";

    /// <summary><see cref="Inventories.Inventory.RowNamespace"/> of the inventories that it collects for.</summary>
    public string RowNamespace => Kind == ClusterKind ? Scope.ClusterInventories : Metadata.Namespace ?? "";

    /// <summary>One object as the API server gives it: well-formed, and with its kind. None = it is no target.</summary>
    public static Option<TargetObject> Read(ReadOnlySpan<byte> json)
    {
        var model = KollectTarget.ReadJson(json, out var structural) ?? throw new UnreachableException("well-formed, and an object");
        return model.Kind switch
        {
            NamespacedKind => new TargetObject(
                model.ApiVersion, model.Kind, model.Metadata, model.Status, TargetParser.Parse(model, SpecParts.OfSpec(structural))),
            ClusterKind => OfCluster(json),
            _ => Option<TargetObject>.None,
        };
    }

    private static TargetObject OfCluster(ReadOnlySpan<byte> json)
    {
        var model = KollectClusterTarget.ReadJson(json, out var structural) ?? throw new UnreachableException("well-formed, and an object");
        return new TargetObject(model.ApiVersion, model.Kind, model.Metadata, model.Status, TargetParser.Parse(model, SpecParts.OfSpec(structural)));
    }
}

/// <summary>A profile as the API server holds it.</summary>
/// <param name="Metadata">As it was read.</param>
/// <param name="Spec">Left = every problem of its validation.</param>
public sealed record ProfileObject(ObjectMeta Metadata, Either<Seq<Problem>, Profile> Spec)
{
    /// <summary>One object as the API server gives it, which is well-formed.</summary>
    public static ProfileObject Read(ReadOnlySpan<byte> json)
    {
        var model = KollectProfile.ReadJson(json, out var structural) ?? throw new UnreachableException("well-formed, and an object");
        return new ProfileObject(model.Metadata, ProfileParser.Parse(model, structural));
    }
}
