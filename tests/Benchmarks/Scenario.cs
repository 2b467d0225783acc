namespace Kollect.Benchmarks;

/// <summary>One question, and who competes over it.</summary>
/// <param name="Name">As the report calls it.</param>
/// <param name="Start">Table that holds the rows before; null = an empty table.</param>
/// <param name="End">Table that holds the rows that must be there afterwards.</param>
/// <param name="Snapshot">What is exported.</param>
/// <param name="Contestants">Ours first.</param>
/// <param name="Targets">What ours has to reach.</param>
internal sealed record Scenario(
    string Name, string? Start, string End, Snapshot Snapshot, IReadOnlyList<IContestant> Contestants, IReadOnlyList<Target> Targets)
{
    /// <summary>
    /// All contestants take turns; who goes first changes with each round. One more round comes before and is not counted: code
    /// that this process runs for the first time is still being compiled, and the caches hold the scenario before.
    /// </summary>
    public async Task<IReadOnlyList<Result>> RunAsync(Arena arena, int rounds, CancellationToken cancel)
    {
        foreach (var contestant in Contestants)
            await arena.RunAsync(contestant, Start, End, Snapshot, cancel);

        var runs = Contestants.ToDictionary(contestant => contestant.Name, _ => new List<Measured>());
        for (var round = 0; round < rounds; round++)
            for (var turn = 0; turn < Contestants.Count; turn++)
            {
                var contestant = Contestants[(round + turn) % Contestants.Count];
                var measured = await arena.RunAsync(contestant, Start, End, Snapshot, cancel);
                runs[contestant.Name].Add(measured);
                await Console.Error.WriteLineAsync(
                    FormattableString.Invariant($"{Name}, round {round + 1}/{rounds}: {contestant.Name} {measured.Milliseconds:F0} ms, {measured.WalBytes / 1e6:F1} MB WAL"));
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

/// <summary>Ours, as a share of a yardstick.</summary>
/// <param name="Yardstick">Name of the contestant that is the measure.</param>
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

/// <summary>One line of the verdict.</summary>
internal sealed record TargetResult(string Name, double Actual, double AtMost, bool Reached);

/// <summary>How many times as fast as a yardstick ours has to be.</summary>
internal sealed record AtLeast(string Name, double Actual, double Times)
{
    public bool Reached => Actual >= Times;
}

/// <summary>What one backend's benchmark found out.</summary>
/// <param name="Results">Medians.</param>
/// <param name="Targets">What ours may cost at most.</param>
/// <param name="Faster">What ours has to beat.</param>
internal sealed record BackendReport(IReadOnlyList<Result> Results, IReadOnlyList<TargetResult> Targets, IReadOnlyList<AtLeast> Faster);
