using System.Globalization;
using System.Text;
using System.Text.Json;
using Kollect.Benchmarks.Operator;

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
    IReadOnlyList<Figure> Operator)
{
    private static readonly JsonSerializerOptions Layout = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public string ToJson() => JsonSerializer.Serialize(this, Layout) + "\n";

    /// <summary>The report as Markdown, in the form of docs/benchmarks.md.</summary>
    public string ToMarkdown()
    {
        var text = new StringBuilder();
        var scope = Results.Count == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"; {Rows:N0} rows, medians of {Rounds} rounds");
        Line($"{Machine.Describe()}{scope}.");
        Table(
            Results,
            "| scenario | contestant | median | min .. max | WAL |\n|---|---|---:|---:|---:|",
            it => $"| {it.Scenario} | {it.Contestant} | {it.MedianMs / 1000:F2} s | {it.MinMs / 1000:F2} .. {it.MaxMs / 1000:F2} s | {Wal(it)} |");
        Table(
            Targets,
            "| target | actual | at most | |\n|---|---:|---:|---|",
            it => $"| {it.Name} | {it.Actual:F3} x | {it.AtMost} x | {(it.Reached ? "reached" : "missed")} |");
        Table(
            Faster,
            "| target | actual | at least | |\n|---|---:|---:|---|",
            it => $"| {it.Name} | {it.Actual:F2} x | {it.Times} x | {(it.Reached ? "reached" : "missed")} |");
        Table(
            Memory,
            "| backend | rows | peak memory, first export | identical, skip_unchanged | at most | |\n|---|---:|---:|---:|---:|---|",
            it => $"| {it.Backend} | {it.Rows:N0} | {it.FirstMiB:F0} MiB | {it.AgainMiB:F0} MiB | {MemoryResult.LimitMiB} MiB | {it.Verdict} |");
        return text.ToString();

        static string Wal(Result it) => it.MedianWalBytes == 0 ? "–" : string.Create(CultureInfo.InvariantCulture, $"{it.MedianWalBytes / 1e6:F1} MB");

        void Line(FormattableString line) => text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');

        void Table<T>(IReadOnlyList<T> values, string head, Func<T, FormattableString> line)
        {
            if (values.Count > 0)
                Line($"\n{head}");
            foreach (var value in values)
                Line(line(value));
        }
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
