using System.Diagnostics;
using Kollect.Core.Collection.Scopes;
using Kollect.Core.Failures;
using Kollect.Core.Formatting;
using Kollect.Core.Kubernetes;
using Kollect.Models;
using Kollect.Models.V1Alpha1;

namespace Kollect.Core.Manifests;

/// <summary>A scope of either kind as the API server holds it.</summary>
/// <param name="Identity">With the metadata as it was read; its kind is <c>KollectScope</c> or <c>KollectClusterScope</c>.</param>
/// <param name="Spec">Left = every problem of its validation: then what it limits is not known.</param>
internal sealed record ScopeObject(ObjectIdentity Identity, Either<Seq<Problem>, ScopeLimits> Spec) : IWatchedObject<ScopeObject>
{
    private const string NamespacedKind = "KollectScope";
    private const string ClusterKind = "KollectClusterScope";

    /// <inheritdoc/>
    public static ScopeObject? Read(ReadOnlySpan<byte> json)
    {
        var model = KollectScope.ReadJson(json, out var structural) ?? throw new UnreachableException("well-formed, and an object");
        return model.Kind switch
        {
            NamespacedKind => Of(model.ApiVersion, model.Kind, model.Metadata, ScopeParts.Of(model), ManifestValidation.Validate(model, structural)),
            ClusterKind => OfCluster(json),
            _ => null,
        };
    }

    /// <inheritdoc/>
    public bool NeedsReconcile(ScopeObject before) => Identity.Metadata.Generation != before.Identity.Metadata.Generation;

    private static ScopeObject OfCluster(ReadOnlySpan<byte> json)
    {
        var model = KollectClusterScope.ReadJson(json, out var structural) ?? throw new UnreachableException("well-formed, and an object");
        return Of(model.ApiVersion, model.Kind, model.Metadata, ScopeParts.Of(model), ManifestValidation.Validate(model, structural));
    }

    private static ScopeObject Of(string apiVersion, string kind, ObjectMeta metadata, ScopeParts parts, ValidationResult result) => new(
        new ObjectIdentity(apiVersion, kind, metadata),
        !result.IsValid ? Left<Seq<Problem>, ScopeLimits>(result.Problems) : new ScopeLimits(
            kind,
            SpecParts.Trimmed(metadata.Name),
            parts.Kinds,
            parts.NamespacesOf(ScopeParts.Allowed),
            parts.NamespacesOf(ScopeParts.Denied),
            parts.Sinks.Bind(it => it.Names).Distinct().ToSeq().Strict(),
            parts.NamespacesOf(ScopeParts.Refs),
            GoDuration.Parse(parts.MinExportInterval).IfNone(TimeSpan.Zero)));
}
