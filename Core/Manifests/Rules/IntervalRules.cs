using Kollect.Core.Formatting;
using Kollect.Core.Inventories.Scheduling;
using static Kollect.Core.Manifests.SpecParts;

namespace Kollect.Core.Manifests.Rules;

/// <summary><c>exportMinInterval</c> of sinks, inventories and refs.</summary>
internal static class IntervalRules
{
    /// <param name="text">Blank is valid: another field sets it.</param>
    public static IEnumerable<Finding> IsADuration(string path, string? text) =>
        NonBlank(text).Exists(it => GoDuration.Parse(it).IsNone)
            ? [new Finding(path, $"{Shown.Quoted(Trimmed(text))} is no duration; write numbers with units h, m, s or ms, e.g. 1h30m, 500ms, 0s")]
            : [];

    /// <param name="text">Another rule checks that it is a duration.</param>
    public static IEnumerable<Finding> IsInRange(string path, string? text) =>
        NonBlank(text).Bind(GoDuration.Parse).Exists(interval => interval < TimeSpan.Zero || interval > ExportInterval.Longest)
            ? [new Finding(path, $"{Trimmed(text)} is out of range: 0s to 24h are possible")]
            : [];
}
