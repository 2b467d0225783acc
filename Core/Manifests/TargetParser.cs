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
            new ProfileRef(ns, ProfileRefParts.Read(spec.ProfileRef).Name),
            Selection(
                Namespaces(spec.NamespaceSelector, spec.IncludedNamespaces, spec.ExcludedNamespaces, spec.NamespaceExcludeSelector),
                spec.LabelSelector, spec.Names, TargetParts.Of(model).Rules, spec.WatchMode),
            spec.Suspend)));
    }

    /// <summary>The target, or every problem of its validation.</summary>
    public static Either<Seq<Problem>, Target> Parse(KollectClusterTarget model, ModelList<StructuralProblem> structural)
    {
        var spec = model.Spec;
        var profile = ProfileRefParts.Read(spec.ProfileRef);
        return Valid(ManifestValidation.Validate(model, structural), () => new Target.Cluster(model.Metadata.Labels.ToMap(), new TargetSettings(
            Trimmed(model.Metadata.Name),
            new ProfileRef(profile.Namespace.IfNone(Trimmed(spec.ProfileNamespace)), profile.Name),
            Selection(
                Namespaces(spec.NamespaceSelector, spec.IncludedNamespaces, spec.ExcludedNamespaces, spec.NamespaceExcludeSelector),
                spec.LabelSelector, spec.Names, TargetParts.Of(model).Rules, spec.WatchMode),
            spec.Suspend)));
    }

    private static Either<Seq<Problem>, Target> Valid(ValidationResult result, Func<Target> target) =>
        result.IsValid ? Right<Seq<Problem>, Target>(target()) : Left<Seq<Problem>, Target>(result.Problems);

    private static NamespaceSelection Namespaces(
        KollectSelector? labels, ModelList<string> included, ModelList<string> excluded, KollectSelector? excludedLabels) => new(
        LabelSelector.Of(labels),
        included.Select(Trimmed).ToArray().ToSeq(),
        excluded.Select(Trimmed).ToArray().ToSeq(),
        Optional(excludedLabels).Map(LabelSelector.Of));

    private static ObjectSelection Selection(
        NamespaceSelection namespaces, KollectSelector? labels, ModelList<string> names, Seq<RuleParts> rules, KollectTargetSpecWatchMode mode) => new(
        namespaces,
        rules.IsEmpty ? LabelSelector.Of(labels) : LabelSelector.Everything,
        rules.IsEmpty ? names.Select(Trimmed).ToArray().ToSeq() : [],
        rules.Map(it => new ResourceRule(it.Kind, LabelSelector.Of(it.Namespaces), LabelSelector.Of(it.Labels), it.Policy)).Strict(),
        mode == KollectTargetSpecWatchMode.OptIn ? WatchMode.OptIn : WatchMode.All);
}
