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
        model.Spec.Attributes.ToSeq().Map(it => new ProfileAttribute(it.Name.Trim(), Compiled(it.Path), Type(it.Type), it.Optional ?? false)).Strict(),
        model.Spec.Export.Mode == KollectProfileSpecExportMode.Resource
            ? new ResourceExport(As(model), model.Spec.Export.Prune.ToSeq().Map(Compiled).Strict())
            : None);

    private static AttributeType Type(KollectProfileSpecAttributeType? type) => type switch
    {
        null => AttributeType.Any,
        KollectProfileSpecAttributeType.String => AttributeType.Text,
        KollectProfileSpecAttributeType.Int => AttributeType.Int,
        KollectProfileSpecAttributeType.Number => AttributeType.Number,
        KollectProfileSpecAttributeType.Bool => AttributeType.Bool,
        KollectProfileSpecAttributeType.List => AttributeType.List,
        KollectProfileSpecAttributeType.Object => AttributeType.Object,
        _ => throw new UnreachableException(),
    };

    /// <summary>Validation requires it: <c>KDB202</c>, <c>KDB203</c>.</summary>
    private static JsonPath Compiled(string path) => JsonPath.Compile(path).IfLeft(_ => throw new UnreachableException());
}
