using Kollect.Core.Collection;
using Kollect.Core.Failures;
using Kollect.Models;
using Kollect.Models.V1Alpha1;
using static Kollect.Core.Manifests.SpecParts;

namespace Kollect.Core.Manifests;

/// <summary>The wire shape of both kinds -> <see cref="Target"/>.</summary>
internal static class TargetParser
{
    /// <summary>The target, or every problem of its validation.</summary>
    public static Either<Seq<Problem>, Target> Parse(KollectTarget model, ModelList<StructuralProblem> structural)
    {
        var spec = model.Spec;
        var ns = SpecParts.Namespace(model.Metadata);
        return Valid(ManifestValidation.Validate(model, structural), () => new Target.Namespaced(ns, new TargetSettings(
            Trimmed(model.Metadata.Name),
            new ProfileRef(ns, Trimmed(spec.ProfileRef)),
            Selection(spec.NamespaceSelector, spec.LabelSelector, spec.Names, spec.WatchMode),
            spec.Suspend)));
    }

    /// <summary>The target, or every problem of its validation.</summary>
    public static Either<Seq<Problem>, Target> Parse(KollectClusterTarget model, ModelList<StructuralProblem> structural)
    {
        var spec = model.Spec;
        var profile = new ProfileRef(Trimmed(spec.ProfileNamespace), Trimmed(spec.ProfileRef));
        return Valid(ManifestValidation.Validate(model, structural), () => new Target.Cluster(model.Metadata.Labels.ToMap(), new TargetSettings(
            Trimmed(model.Metadata.Name), profile, Selection(spec.NamespaceSelector, spec.LabelSelector, spec.Names, spec.WatchMode), spec.Suspend)));
    }

    private static Either<Seq<Problem>, Target> Valid(ValidationResult result, Func<Target> target) =>
        result.IsValid ? Right<Seq<Problem>, Target>(target()) : Left<Seq<Problem>, Target>(result.Problems);

    private static ObjectSelection Selection(
        KollectSelector? namespaces, KollectSelector? labels, ModelList<string> names, KollectTargetSpecWatchMode mode) => new(
        LabelSelector.Of(namespaces),
        LabelSelector.Of(labels),
        names.Select(Trimmed).ToArray().ToSeq(),
        mode == KollectTargetSpecWatchMode.OptIn ? WatchMode.OptIn : WatchMode.All);
}
