using Kollect.Core.Collection;
using Kollect.Core.Collection.Cel;
using Kollect.Models;
using Kollect.Models.V1Alpha1;
using static Kollect.Core.Manifests.SpecParts;

namespace Kollect.Core.Manifests;

/// <summary>The fields of a target of either kind that rules read.</summary>
/// <param name="Namespace">Of the target; None = a cluster target.</param>
/// <param name="Profile">As the manifest refers to it.</param>
/// <param name="ProfileNamespace">For a profile whose ref names none; None = a <c>KollectTarget</c>, whose profile is in the same namespace.</param>
/// <param name="Selectors">Those that are given, by path.</param>
/// <param name="Names">Trimmed.</param>
/// <param name="Namespaces">Names of namespaces by path, trimmed.</param>
/// <param name="Rules">In the order of the manifest.</param>
internal sealed record TargetParts(
    Option<string> Namespace,
    ProfileRefParts Profile,
    Option<string> ProfileNamespace,
    Seq<SelectorParts> Selectors,
    Seq<string> Names,
    Seq<(string Path, string Name)> Namespaces,
    Seq<RuleParts> Rules)
{
    public const string LabelSelectorPath = "spec.labelSelector";

    public static TargetParts Of(KollectTarget target)
    {
        var spec = target.Spec;
        return Of(
            SpecParts.Namespace(target.Metadata), ProfileRefParts.Read(spec.ProfileRef), None, spec.NamespaceSelector, spec.NamespaceExcludeSelector,
            spec.LabelSelector, spec.Names, spec.IncludedNamespaces, spec.ExcludedNamespaces, spec.ResourceRules);
    }

    public static TargetParts Of(KollectClusterTarget target)
    {
        var spec = target.Spec;
        return Of(
            None, ProfileRefParts.Read(spec.ProfileRef), Trimmed(spec.ProfileNamespace), spec.NamespaceSelector, spec.NamespaceExcludeSelector,
            spec.LabelSelector, spec.Names, spec.IncludedNamespaces, spec.ExcludedNamespaces, spec.ResourceRules);
    }

    private static TargetParts Of(
        Option<string> @namespace,
        ProfileRefParts profile,
        Option<string> profileNamespace,
        KollectSelector? namespaces,
        KollectSelector? excluding,
        KollectSelector? labels,
        ModelList<string> names,
        ModelList<string> included,
        ModelList<string> excluded,
        ModelList<KollectTargetSpecResourceRule> rules)
    {
        var parts = rules.Select((rule, index) => RuleParts.Of(FormattableString.Invariant($"spec.resourceRules[{index}]"), rule)).ToArray().ToSeq();
        return new TargetParts(
            @namespace,
            profile,
            profileNamespace,
            Join(
                SelectorParts.At("spec.namespaceSelector", namespaces),
                SelectorParts.At("spec.namespaceExcludeSelector", excluding),
                SelectorParts.At(LabelSelectorPath, labels),
                parts.Bind(it => it.Selectors)),
            names.Select(Trimmed).ToArray().ToSeq(),
            Join(Named("spec.includedNamespaces", included), Named("spec.excludedNamespaces", excluded)),
            parts);
    }

    private static Seq<(string Path, string Name)> Named(string path, ModelList<string> names) =>
        names.Select((name, index) => (FormattableString.Invariant($"{path}[{index}]"), Trimmed(name))).ToArray().ToSeq();
}

/// <summary>One of <c>spec.resourceRules</c>.</summary>
/// <param name="Path"><c>spec.resourceRules[0]</c>.</param>
/// <param name="Kind">Trimmed; not checked.</param>
/// <param name="Namespaces">Null = absent.</param>
/// <param name="Labels">The labels and the demands on labels of the rule itself.</param>
/// <param name="MatchPolicy">None = absent or blank.</param>
internal sealed record RuleParts(string Path, ResourceKind Kind, KollectSelector? Namespaces, KollectSelector Labels, Option<string> MatchPolicy)
{
    public static RuleParts Of(string path, KollectTargetSpecResourceRule rule) => new(
        path,
        new ResourceKind(Trimmed(rule.Gvk.Group), Trimmed(rule.Gvk.Version), Trimmed(rule.Gvk.Kind)),
        rule.NamespaceSelector,
        new KollectSelector { MatchLabels = rule.MatchLabels, MatchExpressions = rule.MatchExpressions },
        NonBlank(rule.MatchPolicy));

    /// <summary>The compiled policy. None = there is none, or it is refused: <c>KDB310</c>.</summary>
    public Option<CelExpression> Policy => MatchPolicy.Bind(it => CelExpression.Compile(it).ToOption());

    /// <summary>Those of the rule, by path.</summary>
    public Seq<SelectorParts> Selectors => Join(SelectorParts.At($"{Path}.namespaceSelector", Namespaces), SelectorParts.At(Path, Labels));
}
