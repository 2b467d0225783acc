using System.Diagnostics;
using Kollect.Core.Failures;
using Kollect.Core.Kubernetes;
using Kollect.Core.Sinks;
using Kollect.Models;
using Kollect.Models.V1Alpha1;

namespace Kollect.Core.Manifests;

/// <summary>A sink as the API server or a manifest holds it, parsed and validated once.</summary>
/// <param name="Identity">With the metadata as it was read.</param>
/// <param name="Status">As it was last written; null = never.</param>
/// <param name="Spec">Left = every problem of its validation.</param>
/// <param name="Warnings">Of its validation; an invalid sink has them, too.</param>
internal sealed record SinkObject(ObjectIdentity Identity, KollectDatabaseSinkStatus? Status, Either<Seq<Problem>, Sink> Spec, Seq<Problem> Warnings)
    : IWatchedObject<SinkObject>
{
    /// <summary>The metadata as it was read.</summary>
    public ObjectMeta Metadata => Identity.Metadata;

    /// <summary>See <see cref="SinkAnnotations.TestConnection"/>.</summary>
    public bool IsTestRequested => Requests(SinkAnnotations.TestConnection);

    /// <summary>See <see cref="SinkAnnotations.Preview"/>.</summary>
    public bool IsPreviewRequested => Requests(SinkAnnotations.Preview);

    /// <summary>All problems and warnings.</summary>
    public ValidationResult Validation => new(Spec.Match(Right: _ => Empty, Left: problems => problems), Warnings);

    /// <summary>One sink, which is well-formed.</summary>
    public static SinkObject Read(ReadOnlySpan<byte> json)
    {
        var model = KollectDatabaseSink.ReadJson(json, out var structural) ?? throw new UnreachableException("well-formed, and an object");
        var validation = SinkValidation.Validate(model, SpecParts.OfSpec(structural));
        return new SinkObject(
            new ObjectIdentity(model.ApiVersion, model.Kind, model.Metadata), model.Status, SinkParser.Parse(model, validation), validation.Warnings);
    }

    /// <inheritdoc/>
    public bool NeedsReconcile(SinkObject before) =>
        Metadata.Uid != before.Metadata.Uid
        || Metadata.Generation != before.Metadata.Generation
        || Metadata.DeletionTimestamp != before.Metadata.DeletionTimestamp
        || Metadata.Finalizers != before.Metadata.Finalizers
        || IsTestRequested != before.IsTestRequested
        || IsPreviewRequested != before.IsPreviewRequested;

    private bool Requests(string annotation) => Metadata.Annotations.Find(annotation).Exists(value => value.Trim() == "true");
}
