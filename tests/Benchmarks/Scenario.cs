namespace Kollect.Benchmarks;

/// <summary>One measured change, and the contestants that perform it.</summary>
/// <param name="Name">Name in the report.</param>
/// <param name="Start">Table with the rows before the export; null = an empty table.</param>
/// <param name="End">Table with the expected rows after the export.</param>
/// <param name="Contestants">Kollect comes first.</param>
/// <param name="Targets">Limits that Kollect must meet.</param>
internal sealed record Scenario(
    string Name, string? Start, string End, Snapshot Snapshot, IReadOnlyList<IContestant> Contestants, IReadOnlyList<Target> Targets)
{
    /// <summary>
    /// The contestants alternate, and each round starts with another one. A warm-up round before is not counted: new code is still being
    /// compiled, and the caches hold the previous scenario.
    /// </summary>
    public async Task<IReadOnlyList<Result>> RunAsync(Arena arena, int rounds, CancellationToken cancel)
    {
        foreach (var contestant in Contestants)
            await arena.RunAsync(contestant, Start, End, Snapshot, cancel);

        var runs = Contestants.ToDictionary(contestant => contestant.Name, _ => new List<Measured>());
        for (var round = 0; round < rounds; round++)
            for (var offset = 0; offset < Contestants.Count; offset++)
            {
                var contestant = Contestants[(round + offset) % Contestants.Count];
                var measured = await arena.RunAsync(contestant, Start, End, Snapshot, cancel);
                runs[contestant.Name].Add(measured);
                await Console.Error.WriteLineAsync(
                    FormattableString.Invariant($"{Name}, round {round + 1}/{rounds}: {contestant.Name} ")
                    + FormattableString.Invariant($"{measured.Milliseconds:F0} ms, {measured.WalBytes / 1e6:F1} MB WAL"));
            }

        return [.. Contestants.Select(contestant => Result.Of(Name, contestant.Name, runs[contestant.Name]))];
    }
}

/// <summary>Medians of one contestant in one scenario.</summary>
internal sealed record Result(string Scenario, string Contestant, double MedianMs, double MinMs, double MaxMs, long MedianWalBytes, int Rounds)
{
    public static Result Of(string scenario, string contestant, IReadOnlyList<Measured> runs) => new(
        scenario,
        contestant,
        Median(runs.Select(run => run.Milliseconds)),
        runs.Min(run => run.Milliseconds),
        runs.Max(run => run.Milliseconds),
        (long)Median(runs.Select(run => (double)run.WalBytes)),
        runs.Count);

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        var middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}

/// <summary>An upper limit for Kollect, as a share of a yardstick.</summary>
/// <param name="Yardstick">Name of the contestant to compare with.</param>
/// <param name="Of"><c>time</c> or <c>WAL</c>.</param>
/// <param name="AtMost">E.g. 1.25.</param>
internal sealed record Target(string Yardstick, string Of, double AtMost)
{
    public TargetResult Judge(string scenario, IReadOnlyList<Result> results)
    {
        var (ours, yardstick) = (Cost("ours", results), Cost(Yardstick, results));
        return new TargetResult($"{scenario}: {Of} against {Yardstick}", ours / yardstick, AtMost, ours <= AtMost * yardstick);
    }

    private double Cost(string contestant, IReadOnlyList<Result> results)
    {
        var result = results.Single(it => it.Contestant == contestant);
        return Of == "WAL" ? result.MedianWalBytes : result.MedianMs;
    }
}

/// <summary>The result of one target.</summary>
internal sealed record TargetResult(string Name, double Actual, double AtMost, bool Reached);

/// <summary>A lower limit for the speed of Kollect, as a multiple of a yardstick's.</summary>
internal sealed record AtLeast(string Name, double Actual, double Times)
{
    public bool Reached => Actual >= Times;
}

/// <summary>Results of one backend's benchmark.</summary>
/// <param name="Results">Medians.</param>
/// <param name="Targets">Upper limits for Kollect.</param>
/// <param name="Faster">Lower limits for the speed of Kollect.</param>
internal sealed record BackendReport(IReadOnlyList<Result> Results, IReadOnlyList<TargetResult> Targets, IReadOnlyList<AtLeast> Faster);
