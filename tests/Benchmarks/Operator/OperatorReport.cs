using System.Globalization;
using System.Text;

namespace Kollect.Benchmarks.Operator;

/// <summary>All samples at one size.</summary>
/// <param name="MeanBytes">Mean size of an object.</param>
/// <param name="Samples">By the name of the contestant.</param>
internal sealed record SizeResult(int Objects, double MeanBytes, IReadOnlyDictionary<string, Samples> Samples);

/// <summary>One measure at one size, of all contestants.</summary>
/// <param name="Objects">Null = of all sizes.</param>
/// <param name="Goal">At most; null = none.</param>
/// <param name="Values">By the name of the contestant; null = not measured.</param>
/// <param name="Reached">Of this build; null = there is no goal, or it was not measured.</param>
internal sealed record Figure(int? Objects, string Measure, string Unit, double? Goal, IReadOnlyDictionary<string, double?> Values, bool? Reached);

/// <summary>The figures of the operator, each beside its goal.</summary>
internal sealed class OperatorReport(OperatorOptions options, IReadOnlyList<string> contestants, IReadOnlyList<SizeResult> sizes)
{
    /// <summary>The contestant that has goals.</summary>
    public const string Ours = "this build";

    public IReadOnlyList<Figure> Figures { get; } = [.. sizes.SelectMany(size => At(size, options, contestants)), .. Growth(sizes, contestants)];

    /// <summary>One table for each size, and one of the cost against size.</summary>
    public string ToMarkdown()
    {
        var text = new StringBuilder();
        foreach (var size in sizes)
        {
            text.Append(CultureInfo.InvariantCulture, $"\nThe operator, {size.Objects:N0} objects of six kinds, {size.MeanBytes:N0} bytes on average\n\n");
            Table(text, Figures.Where(it => it.Objects == size.Objects));
        }

        if (sizes.Count > 1)
        {
            text.Append(CultureInfo.InvariantCulture, $"\nCost against size: {sizes[^1].Objects:N0} objects against {sizes[0].Objects:N0}\n\n");
            Table(text, Figures.Where(it => it.Objects is null));
        }

        return text.ToString();
    }

    private void Table(StringBuilder text, IEnumerable<Figure> figures)
    {
        text.Append(CultureInfo.InvariantCulture, $"| measure | goal | {string.Join(" | ", contestants)} | |\n");
        text.Append(CultureInfo.InvariantCulture, $"|---|---:|{string.Concat(contestants.Select(_ => "---:|"))}---|\n");
        foreach (var it in figures)
        {
            var goal = it.Goal is { } most ? $"<= {Text(most)} {it.Unit}" : "";
            var values = contestants.Select(name => it.Values[name] is { } value ? $"{Text(value)} {it.Unit}".TrimEnd() : "–");
            var verdict = it.Reached switch { true => "reached", false => "missed", null => "" };
            text.Append(CultureInfo.InvariantCulture, $"| {it.Measure} | {goal.TrimEnd()} | {string.Join(" | ", values)} | {verdict} |\n");
        }
    }

    private static string Text(double value) =>
        value.ToString(Math.Abs(value) switch { < 10 => "0.##", < 100 => "0.#", _ => "#,0" }, CultureInfo.InvariantCulture);

    private static IEnumerable<Figure> At(SizeResult size, OperatorOptions options, IReadOnlyList<string> contestants)
    {
        double? memory = size.Objects switch { 10_000 => 150, 100_000 => 300, _ => null };
        var (churn, rest) = ($"{OperatorOptions.Rate} creations and {OperatorOptions.Rate} deletions a second", options.Rest.TotalSeconds);
        (string Measure, string Unit, double? Goal, Func<Samples, double?> Value)[] measures =
        [
            ("a change to its row, at rest, p50", "ms", 10, it => Samples.Percentile(it.ChangeMs, 50)),
            ("a change to its row, at rest, p99", "ms", 50, it => Samples.Percentile(it.ChangeMs, 99)),
            ("processor of the operator for it", "ms", null, it => Of(it.ChangeCost, cost => cost.OperatorMs)),
            ("processor of PostgreSQL for it", "ms", null, it => Of(it.ChangeCost, cost => cost.PostgresMs)),
            ("both together", "ms", 2, it => Of(it.ChangeCost, cost => cost.OperatorMs + cost.PostgresMs)),
            ("WAL for it", "kB", null, it => Of(it.ChangeCost, cost => cost.WalKb)),
            ($"{churn}, p50", "ms", null, it => Samples.Percentile(it.ChurnMs, 50)),
            ($"{churn}, p99", "ms", 150, it => Samples.Percentile(it.ChurnMs, 99)),
            ("deleted before its row was seen", "", null, it => it.ChurnMs.Count > 0 ? it.ChurnUnseen : null),
            ("processor of both for each of them", "ms", null, it => Of(it.ChurnCost, cost => cost.OperatorMs + cost.PostgresMs)),
            ("WAL for each of them", "kB", null, it => Of(it.ChurnCost, cost => cost.WalKb)),
            ($"{options.Bulk:N0} changed at once, all rows after the last answer", "ms", 50, it => Samples.Percentile(it.BulkMs, 50)),
            ($"processor of the operator at rest, {rest:N0} s", "s", 0.1, it => it.RestCost?.OperatorSeconds),
            ($"processor of PostgreSQL at rest, {rest:N0} s", "s", null, it => it.RestCost?.PostgresSeconds),
            ("memory at rest", "MiB", memory, it => it.RestMiB),
            ("peak memory", "MiB", memory, it => it.PeakMiB),
            ("restart without changes, rows written", "", 0, it => it.RestartRows),
            ("restart without changes, WAL", "MB", 1, it => it.RestartWalBytes / 1e6),
            ("all rows after the start", "s", null, it => Samples.Percentile(it.ArrivedSeconds, 50)),
            ("resolution: time between two looks", "ms", null, it => Samples.Percentile(it.GapMs, 50)),
            ("included in each latency: the request that changes", "ms", null, it => Samples.Percentile(it.RequestMs, 50)),
        ];
        return measures
            .Select(it => Judged(size.Objects, it.Measure, it.Unit, it.Goal, contestants.ToDictionary(name => name, name => it.Value(size.Samples[name]))))
            .Where(it => it.Values.Values.Any(value => value is not null));
    }

    /// <summary>The largest size against the smallest one.</summary>
    private static IEnumerable<Figure> Growth(IReadOnlyList<SizeResult> sizes, IReadOnlyList<string> contestants)
    {
        if (sizes.Count < 2)
            return [];
        return
        [
            Ratio("processor of operator and PostgreSQL for a change", 1.5, it => Of(it.ChangeCost, cost => cost.OperatorMs + cost.PostgresMs)),
            Ratio("a change to its row, p50", 1.5, it => Samples.Percentile(it.ChangeMs, 50)),
            Ratio("WAL for a change", null, it => Of(it.ChangeCost, cost => cost.WalKb)),
        ];

        Figure Ratio(string measure, double? goal, Func<Samples, double?> value) => Judged(
            null, measure, "x", goal, contestants.ToDictionary(name => name, name => value(sizes[^1].Samples[name]) / value(sizes[0].Samples[name])));
    }

    private static Figure Judged(int? objects, string measure, string unit, double? goal, IReadOnlyDictionary<string, double?> values) =>
        new(objects, measure, unit, goal, values, goal is { } most && values.GetValueOrDefault(Ours) is { } ours ? ours <= most : null);

    private static double? Of(Cost cost, Func<Cost, double> value) => cost.Changes == 0 ? null : value(cost);
}
