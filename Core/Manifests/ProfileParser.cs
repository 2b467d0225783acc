using System.Diagnostics;
using Kollect.Core.Collection;
using Kollect.Core.Collection.JsonPaths;
using Kollect.Core.Failures;
using Kollect.Models;
using Kollect.Models.V1Alpha1;
using static Kollect.Core.Manifests.SpecParts;

namespace Kollect.Core.Manifests;

/// <summary>The wire shape -> <see cref="Profile"/>.</summary>
internal static class ProfileParser
{
    private const string DefaultAs = "resource";

    /// <summary>What changes without a change of the object, or repeats it.</summary>
    private static readonly Seq<JsonPath> Noise = Seq(
        "/metadata/resourceVersion",
        "/metadata/generation",
        "/metadata/annotations/kubectl.kubernetes.io~1last-applied-configuration",
        "/metadata/annotations/argocd.argoproj.io~1tracking-id").Map(it => Compiled(JsonPath.OfPointer(it))).Strict();

    private static readonly Seq<JsonPath> Identity =
        Seq("/metadata/name", "/metadata/namespace", "/metadata/uid").Map(it => Compiled(JsonPath.OfPointer(it))).Strict();

    /// <summary>The profile, or every problem of its validation.</summary>
    public static Either<Seq<Problem>, Profile> Parse(KollectProfile model, ModelList<StructuralProblem> structural)
    {
        var problems = ManifestValidation.Validate(model, structural).Problems;
        return problems.IsEmpty ? Right<Seq<Problem>, Profile>(Parse(model)) : Left<Seq<Problem>, Profile>(problems);
    }

    /// <summary>The kind, trimmed; not checked.</summary>
    internal static ResourceKind Kind(KollectProfile model) =>
        new(Trimmed(model.Spec.TargetGVK.Group), Trimmed(model.Spec.TargetGVK.Version), Trimmed(model.Spec.TargetGVK.Kind));

    /// <summary>Name of the attribute that holds the object.</summary>
    internal static string As(KollectProfile model) => NonBlank(model.Spec.Export.As).IfNone(DefaultAs);

    private static Profile Parse(KollectProfile model) => new(
        SpecParts.Namespace(model.Metadata),
        Trimmed(model.Metadata.Name),
        Kind(model),
        model.Spec.Attributes.ToSeq()
            .Map(it => new ProfileAttribute(it.Name.Trim(), Path(it.Path), Type(it.Type), it.Optional ?? false)).Strict(),
        model.Spec.Export.Mode == KollectProfileSpecExportMode.Resource ? Resource(model) : None);

    private static ResourceExport Resource(KollectProfile model)
    {
        var (export, prune) = (model.Spec.Export, PruneParts.Read(model.Spec.Export.Prune));
        return new ResourceExport(
            As(model),
            Include(export.Include),
            Join(
                prune.Paths.Map(it => Compiled(it.AsPath)),
                prune.Pointers.Map(it => Compiled(it.AsPointer)),
                prune.HasDefaults ? Noise : [],
                export.DedupeIdentity == true ? Identity : []).Strict(),
            prune.ScrubKeys.Map(SensitiveFields.Of));
    }

    private static Seq<string> Include(KollectProfileSpecExportInclude? include) => include switch
    {
        null or KollectProfileSpecExportInclude.All => [],
        KollectProfileSpecExportInclude.MetadataOnly => Seq("apiVersion", "kind", "metadata"),
        KollectProfileSpecExportInclude.SpecOnly => Seq("apiVersion", "kind", "spec"),
        KollectProfileSpecExportInclude.StatusOnly => Seq("apiVersion", "kind", "status"),
        KollectProfileSpecExportInclude.SpecAndStatus => Seq("apiVersion", "kind", "spec", "status"),
        _ => throw new UnreachableException(),
    };

    private static AttributeType Type(KollectProfileSpecAttributeType? type) => type switch
    {
        null => AttributeType.Any,
        KollectProfileSpecAttributeType.String => AttributeType.Text,
        KollectProfileSpecAttributeType.Int => AttributeType.Int,
        KollectProfileSpecAttributeType.Number => AttributeType.Number,
        KollectProfileSpecAttributeType.Bool => AttributeType.Bool,
        KollectProfileSpecAttributeType.List => AttributeType.List,
        KollectProfileSpecAttributeType.Object or KollectProfileSpecAttributeType.Map => AttributeType.Object,
        _ => throw new UnreachableException(),
    };

    /// <summary>Validation requires it: <c>KDB202</c>, <c>KDB211</c>.</summary>
    private static AttributePath Path(string text) => AttributePath.Compile(text).IfLeft(_ => throw new UnreachableException());

    /// <summary>Validation requires it: <c>KDB203</c>, <c>KDB210</c>.</summary>
    private static JsonPath Compiled(Either<JsonPathError, JsonPath> path) => path.IfLeft(_ => throw new UnreachableException());
}
