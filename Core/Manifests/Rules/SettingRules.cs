using Kollect.Models.V1Alpha1;

namespace Kollect.Core.Manifests.Rules;

/// <summary>The fields that all backends share.</summary>
internal static class SettingRules
{
    public static IEnumerable<Finding> IntervalIsADuration(KollectDatabaseSink sink) => IntervalRules.IsADuration(IntervalPath, sink.Spec.ExportMinInterval);

    public static IEnumerable<Finding> IntervalIsInRange(KollectDatabaseSink sink) => IntervalRules.IsInRange(IntervalPath, sink.Spec.ExportMinInterval);

    public static IEnumerable<Finding> ClusterIsText(KollectDatabaseSink sink) =>
        FlagRules.ClusterLabel(sink.Spec.Cluster?.Trim() ?? "").Map(why => new Finding("spec.cluster", why)).AsEnumerable();

    private const string IntervalPath = "spec.exportMinInterval";
}
