namespace Kollect.Core.Manifests.Rules;

/// <summary><c>KollectScope</c> and <c>KollectClusterScope</c>.</summary>
internal static class ScopeRules
{
    private const string IntervalPath = "spec.minExportInterval";

    public static IEnumerable<Finding> Kinds(ScopeParts scope) => scope.Kinds.AsEnumerable().SelectMany(static (kind, index) =>
        KindRules.IsPossible(FormattableString.Invariant($"spec.allowedGVKs[{index}]"), kind));

    public static IEnumerable<Finding> Namespaces(ScopeParts scope) => scope.Namespaces.AsEnumerable().SelectMany(list =>
        list.Names.AsEnumerable().SelectMany((name, index) => KubernetesNames.Namespace(name).AsEnumerable()
            .Select(why => new Finding(FormattableString.Invariant($"spec.{list.Field}[{index}]"), why))));

    public static IEnumerable<Finding> Sinks(ScopeParts scope) => scope.Sinks.AsEnumerable().SelectMany(list =>
        list.Names.AsEnumerable().SelectMany((name, index) => KubernetesNames.Name(name, "the name of a sink").AsEnumerable()
            .Select(why => new Finding(FormattableString.Invariant($"spec.{list.Field}[{index}]"), why))));

    public static IEnumerable<Finding> IntervalIsADuration(ScopeParts scope) => IntervalRules.IsADuration(IntervalPath, scope.MinExportInterval);

    public static IEnumerable<Finding> IntervalIsInRange(ScopeParts scope) => IntervalRules.IsInRange(IntervalPath, scope.MinExportInterval);
}
