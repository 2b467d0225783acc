using Kollect.Core.Collection.Cel;
using Kollect.Core.Formatting;

namespace Kollect.Core.Manifests.Rules;

/// <summary><c>KollectTarget</c> and <c>KollectClusterTarget</c>.</summary>
internal static class TargetRules
{
    public static IEnumerable<Finding> RefIsANameOrAnObject(TargetParts target) => target.Profile.Faults;

    public static IEnumerable<Finding> ProfileRef(TargetParts target) => target.Profile.Faults.IsEmpty
        ? KubernetesNames.Name(target.Profile.Name, "the name of a profile").Map(why => new Finding(target.Profile.Path, why)).AsEnumerable()
        : [];

    public static IEnumerable<Finding> ProfileNamespace(TargetParts target) =>
        target.Profile.Namespace.Bind(KubernetesNames.Namespace).Map(why => new Finding("spec.profileRef.namespace", why)).AsEnumerable()
            .Concat(target.ProfileNamespace.Bind(KubernetesNames.Namespace).Map(why => new Finding("spec.profileNamespace", why)).AsEnumerable());

    /// <summary>Otherwise a user of one namespace would read the profiles of another.</summary>
    public static IEnumerable<Finding> ProfileStaysInItsNamespace(TargetParts target) =>
        from own in target.Namespace.AsEnumerable()
        from given in target.Profile.Namespace.AsEnumerable()
        where given != own
        select new Finding(
            "spec.profileRef.namespace",
            $"is {Shown.Quoted(given)}, and a KollectTarget uses only profiles of its own namespace, {own}: remove it, or make a KollectClusterTarget of this");

    public static IEnumerable<Finding> Selectors(TargetParts target) => SelectorRules.IsPossible(target.Selectors);

    public static IEnumerable<Finding> Names(TargetParts target) =>
        target.Names.AsEnumerable().SelectMany((name, index) => KubernetesNames.PathSegment(name).AsEnumerable()
            .Select(why => new Finding(FormattableString.Invariant($"spec.names[{index}]"), why)));

    public static IEnumerable<Finding> Namespaces(TargetParts target) =>
        target.Namespaces.AsEnumerable().SelectMany(it => KubernetesNames.Namespace(it.Name).AsEnumerable().Select(why => new Finding(it.Path, why)));

    public static IEnumerable<Finding> RuleKind(TargetParts target) =>
        target.Rules.AsEnumerable().SelectMany(rule => KindRules.IsPossible($"{rule.Path}.gvk", rule.Kind));

    public static IEnumerable<Finding> RulesHaveOneKind(TargetParts target) =>
        from first in target.Rules.HeadOrNone().AsEnumerable()
        from rule in target.Rules.AsEnumerable().Skip(1)
        where rule.Kind != first.Kind
        select new Finding(
            $"{rule.Path}.gvk", $"is {rule.Kind}, and {first.Path} is of {first.Kind}: a target collects one kind; make a second target of the rule");

    public static IEnumerable<Finding> MatchPolicy(TargetParts target) =>
        from rule in target.Rules.AsEnumerable()
        from text in rule.MatchPolicy.AsEnumerable()
        from finding in CelExpression.Compile(text).Match(_ => [], error => (IEnumerable<Finding>)[new Finding($"{rule.Path}.matchPolicy", error.ToString())])
        select finding;

    /// <summary>Warning.</summary>
    public static IEnumerable<Finding> SelectorWithoutEffect(TargetParts target) =>
        from it in target.Rules.IsEmpty ? [] : Seq(
            (Path: TargetParts.LabelSelectorPath, IsGiven: target.Selectors.Exists(it => it.Path == TargetParts.LabelSelectorPath)),
            (Path: "spec.names", IsGiven: !target.Names.IsEmpty)).AsEnumerable()
        where it.IsGiven
        select new Finding(it.Path, "has no effect beside resourceRules, of which one must match");
}
