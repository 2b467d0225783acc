using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Kollect.Benchmarks;

/// <summary>All results of one run of the benchmarks.</summary>
internal sealed record Report(
    DateTime At,
    Machine Machine,
    int Rows,
    int Rounds,
    IReadOnlyList<Result> Results,
    IReadOnlyList<TargetResult> Targets,
    IReadOnlyList<AtLeast> Faster,
    IReadOnlyList<MemoryResult> Memory,
    IReadOnlyList<OperatorResult> Operator)
{
    private static readonly JsonSerializerOptions Layout = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public string ToJson() => JsonSerializer.Serialize(this, Layout) + "\n";

    /// <summary>The report as Markdown, in the form of the README.</summary>
    public string ToMarkdown()
    {
        var text = new StringBuilder();
        Line($"{Machine.Describe()}; {Rows:N0} rows, medians of {Rounds} rounds.");
        Line($"");
        Line($"| scenario | contestant | median | min .. max | WAL |");
        Line($"|---|---|---:|---:|---:|");
        foreach (var it in Results)
            Line($"| {it.Scenario} | {it.Contestant} | {it.MedianMs / 1000:F2} s | {it.MinMs / 1000:F2} .. {it.MaxMs / 1000:F2} s | {Wal(it)} |");
        Line($"");
        Line($"| target | actual | at most | |");
        Line($"|---|---:|---:|---|");
        foreach (var it in Targets)
            Line($"| {it.Name} | {it.Actual:F3} x | {it.AtMost} x | {(it.Reached ? "reached" : "missed")} |");
        if (Faster.Count > 0)
        {
            Line($"");
            Line($"| target | actual | at least | |");
            Line($"|---|---:|---:|---|");
            foreach (var it in Faster)
                Line($"| {it.Name} | {it.Actual:F2} x | {it.Times} x | {(it.Reached ? "reached" : "missed")} |");
        }

        Line($"");
        Line($"| backend | rows | peak memory, first export | identical, skip_unchanged | at most | |");
        Line($"|---|---:|---:|---:|---:|---|");
        foreach (var it in Memory)
        {
            var verdict = it.Note is not "" ? "not measured: " + it.Note : it.Reached ? "reached" : "missed";
            Line($"| {it.Backend} | {it.Rows:N0} | {it.FirstMiB:F0} MiB | {it.AgainMiB:F0} MiB | {MemoryResult.LimitMiB} MiB | {verdict} |");
        }

        if (Operator.Count > 0)
        {
            Line($"");
            string[] heads =
            [
                "operator over", "all rows there after", "peak memory", "processor at rest", "1,000 changed rows", "of that the export",
                "processor for them", "yardstick: kubectl get and export",
            ];
            Line($"| {string.Join(" | ", heads)} |");
            Line($"|---|---:|---:|---:|---:|---:|---:|---:|");
            foreach (var it in Operator)
            {
                FormattableString[] cells =
                [
                    $"{it.Objects:N0} objects", $"{it.ArrivedSeconds:F1} s", $"{it.PeakMiB:F0} MiB", $"{it.RestCpuPercent:F1} %", $"{it.ChangeSeconds:F1} s",
                    $"{it.ExportSeconds:F2} s", $"{it.ChangeCpuSeconds:F1} s", $"{it.YardstickSeconds:F1} s",
                ];
                Line($"| {string.Join(" | ", cells.Select(cell => cell.ToString(CultureInfo.InvariantCulture)))} |");
            }
        }

        return text.ToString();

        static string Wal(Result it) => it.MedianWalBytes == 0 ? "–" : string.Create(CultureInfo.InvariantCulture, $"{it.MedianWalBytes / 1e6:F1} MB");

        void Line(FormattableString line) => text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
    }
}

/// <summary>The machine of the run.</summary>
internal sealed record Machine(string Processor, int Cores, long MemoryMiB, string System, string Runtime, string PostgreSql, string Settings)
{
    public static Machine Here(string postgres, string settings) => new(
        FirstValue("/proc/cpuinfo", "model name"),
        Environment.ProcessorCount,
        GC.GetGCMemoryInfo().TotalAvailableMemoryBytes >> 20,
        global::System.Runtime.InteropServices.RuntimeInformation.OSDescription,
        global::System.Runtime.InteropServices.RuntimeInformation.FrameworkDescription,
        postgres,
        settings);

    public string Describe() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Processor}, {Cores} cores, {MemoryMiB / 1024.0:F0} GiB, {Runtime}, PostgreSQL {PostgreSql} ({Settings}) on the same machine");

    private static string FirstValue(string file, string key) => File.Exists(file)
        ? File.ReadLines(file).FirstOrDefault(line => line.StartsWith(key, StringComparison.Ordinal))?.Split(':')[1].Trim() ?? "unknown processor"
        : "unknown processor";
}
