namespace Kollect.Core.Manifests.Rules;

/// <summary><c>KollectTarget</c> and <c>KollectClusterTarget</c>.</summary>
internal static class TargetRules
{
    public static IEnumerable<Finding> ProfileRef(TargetParts target) =>
        KubernetesNames.Name(target.Profile, "the name of a profile").Map(why => new Finding("spec.profileRef", why)).AsEnumerable();

    public static IEnumerable<Finding> ProfileNamespace(TargetParts target) =>
        target.ProfileNamespace.Bind(KubernetesNames.Namespace).Map(why => new Finding("spec.profileNamespace", why)).AsEnumerable();

    public static IEnumerable<Finding> Selectors(TargetParts target) => SelectorRules.IsPossible(target.Selectors);

    public static IEnumerable<Finding> Names(TargetParts target) =>
        target.Names.AsEnumerable().SelectMany((name, index) => KubernetesNames.PathSegment(name).AsEnumerable()
            .Select(why => new Finding(FormattableString.Invariant($"spec.names[{index}]"), why)));
}
