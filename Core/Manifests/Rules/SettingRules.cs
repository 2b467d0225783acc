using System.Text;
using Kollect.Core.Formatting;
using Kollect.Core.Models.V1Alpha1;

namespace Kollect.Core.Manifests.Rules;

/// <summary>The fields that all backends share.</summary>
internal static class SettingRules
{
    public static IEnumerable<Finding> IntervalIsADuration(KollectDatabaseSink sink) => IntervalRules.IsADuration(IntervalPath, sink.Spec.ExportMinInterval);

    public static IEnumerable<Finding> IntervalIsInRange(KollectDatabaseSink sink) => IntervalRules.IsInRange(IntervalPath, sink.Spec.ExportMinInterval);

    public static IEnumerable<Finding> ClusterIsText(KollectDatabaseSink sink) =>
        sink.Spec.Cluster is { } cluster && cluster.Trim().EnumerateRunes().Any(rune => Rune.IsControl(rune) || rune == Rune.ReplacementChar)
            ? [new Finding(
                "spec.cluster",
                $"{Shown.Quoted(cluster)} contains a control character or half a surrogate pair, which not every database can hold; "
                + "every delete is scoped by this label")]
            : [];

    private const string IntervalPath = "spec.exportMinInterval";
}
