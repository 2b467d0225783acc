namespace Kollect.Core.Manifests.Rules;

/// <summary><c>KollectInventory</c> and <c>KollectClusterInventory</c>.</summary>
internal static class InventoryRules
{
    private const string IntervalField = "exportMinInterval";

    public static IEnumerable<Finding> RefIsANameOrAnObject(InventoryParts inventory) => inventory.Sinks.Bind(it => it.Faults);

    public static IEnumerable<Finding> RefName(InventoryParts inventory) =>
        from it in inventory.Sinks.AsEnumerable()
        where it.Faults.IsEmpty
        from why in KubernetesNames.Name(it.Name, "the name of a sink").AsEnumerable()
        select new Finding(it.Path, it.Name.Length == 0 ? "is empty; name the sink" : why);

    /// <summary>Otherwise a user of one namespace would write through the sinks and Secrets of another.</summary>
    public static IEnumerable<Finding> RefStaysInItsNamespace(InventoryParts inventory) =>
        from own in inventory.Namespace.AsEnumerable()
        from it in inventory.Sinks.AsEnumerable()
        where it.Namespace.IsSome
        select new Finding(
            $"{it.Path}.namespace",
            $"is given, and a KollectInventory uses only sinks of its own namespace, {own}: remove it, or make a KollectClusterInventory of this");

    public static IEnumerable<Finding> RefNamespace(InventoryParts inventory) =>
        from it in inventory.Namespace.IsSome ? [] : inventory.Sinks.AsEnumerable()
        from name in it.Namespace.AsEnumerable()
        from why in KubernetesNames.Namespace(name).AsEnumerable()
        select new Finding($"{it.Path}.namespace", why);

    /// <summary>Two exports of the same rows would delete each other's rows.</summary>
    public static IEnumerable<Finding> RefIsUnique(InventoryParts inventory) =>
        inventory.Sinks.AsEnumerable().Where(it => it.Name.Length > 0)
            .GroupBy(it => (Namespace: it.Namespace.IfNone(inventory.SinkNamespace), it.Name))
            .SelectMany(group => group.Skip(1).Select(it => new Finding(
                it.Path, $"names sink {group.Key.Namespace}/{group.Key.Name} again, as {group.First().Path} does: remove one")));

    public static IEnumerable<Finding> IntervalIsADuration(InventoryParts inventory) =>
        Intervals(inventory).SelectMany(it => IntervalRules.IsADuration(it.Path, it.Text));

    public static IEnumerable<Finding> IntervalIsInRange(InventoryParts inventory) =>
        Intervals(inventory).SelectMany(it => IntervalRules.IsInRange(it.Path, it.Text));

    public static IEnumerable<Finding> SinkNamespace(InventoryParts inventory) =>
        KubernetesNames.Namespace(inventory.SinkNamespace).Map(why => new Finding("spec.sinkNamespace", why))
            .Filter(_ => inventory.Namespace.IsNone).AsEnumerable();

    public static IEnumerable<Finding> TargetRefs(InventoryParts inventory) =>
        inventory.TargetRefs.AsEnumerable().SelectMany((name, index) => KubernetesNames.Name(name, "the name of a target").AsEnumerable()
            .Select(why => new Finding(FormattableString.Invariant($"spec.targetRefs[{index}]"), why)));

    public static IEnumerable<Finding> Namespaces(InventoryParts inventory) =>
        inventory.Namespaces.AsEnumerable().SelectMany((name, index) => KubernetesNames.Namespace(name).AsEnumerable()
            .Select(why => new Finding(FormattableString.Invariant($"spec.namespaces[{index}]"), why)));

    public static IEnumerable<Finding> Selectors(InventoryParts inventory) => SelectorRules.IsPossible(inventory.Selectors);

    /// <summary>Warning.</summary>
    public static Func<InventoryParts, IEnumerable<Finding>> IsUnserved(string field, string instead) => inventory =>
        inventory.Unserved.Contains(field) ? [new Finding($"spec.{field}", $"has no effect: this operator serves database sinks only; {instead}")] : [];

    /// <summary>Warning.</summary>
    public static IEnumerable<Finding> RefMaxExportBytes(InventoryParts inventory) =>
        inventory.Sinks.AsEnumerable().Where(it => it.HasMaxExportBytes)
            .Select(it => new Finding($"{it.Path}.maxExportBytes", "has no effect: an export has no largest size"));

    /// <summary>Warning.</summary>
    public static IEnumerable<Finding> ProfileRefWithoutEffect(InventoryParts inventory) =>
        inventory.Unserved.Contains("profileRef") ? [new Finding("spec.profileRef", "has no effect: each target names its profile")] : [];

    /// <summary>Warning.</summary>
    public static IEnumerable<Finding> NoSink(InventoryParts inventory) =>
        inventory.Sinks.IsEmpty ? [new Finding("spec.databaseSinkRefs", "is empty: nothing is exported")] : [];

    /// <summary>Warning.</summary>
    public static IEnumerable<Finding> TargetSelectorWithoutEffect(InventoryParts inventory) =>
        !inventory.TargetRefs.IsEmpty && inventory.Selectors.Exists(it => it.Path == InventoryParts.TargetSelectorPath)
            ? [new Finding(InventoryParts.TargetSelectorPath, "has no effect beside targetRefs, which names the targets; remove one of them")]
            : [];

    private static IEnumerable<(string Path, string Text)> Intervals(InventoryParts inventory) =>
        inventory.Sinks.AsEnumerable().Select(it => ($"{it.Path}.{IntervalField}", it.ExportMinInterval.IfNone("")))
            .Append(($"spec.{IntervalField}", inventory.ExportMinInterval));
}
