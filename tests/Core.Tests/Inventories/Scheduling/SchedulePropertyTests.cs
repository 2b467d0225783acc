using Kollect.Core.Exports;
using Kollect.Core.Failures;
using Kollect.Core.Inventories.Scheduling;

namespace Kollect.Core.Tests.Inventories.Scheduling;

/// <summary>Properties of the schedule in random worlds: sinks, inventories and events of up to an hour.</summary>
[Properties(Arbitrary = [typeof(Seeds)])]
public sealed class SchedulePropertyTests
{
    private const double Hour = 3_600;

    private static readonly TimeSpan Tick = TimeSpan.FromTicks(1);

    [Property]
    public void No_ref_is_exported_sooner_than_allowed(int seed)
    {
        var (world, refs) = RandomWorld(seed);
        world.Run(Hour);
        foreach (var shop in refs)
        {
            var runs = world.Runs.Where(run => run.Ref == shop).ToList();
            var failures = 0;
            foreach (var (run, next) in runs.Zip(runs.Skip(1)))
            {
                failures = run.Result is ExportResult.Exported ? 0 : failures + 1;
                Assert.True(next.Start >= Earliest(run, next, failures), $"{shop.Inventory}: {run} then {next}");
            }
        }
    }

    [Property]
    public void Every_ref_is_exported_after_all_sinks_recover(int seed)
    {
        var (world, refs) = RandomWorld(seed, down: 0.9);
        world.At(Hour, "all sinks recover", () => refs.ForEach(it =>
        {
            it.Suspended = false;
            (it.Sink.Exists, it.Sink.Ready, it.Sink.Answer, it.Sink.SecretVersion) = (true, true, SinkModel.Works, 2);
        }));
        world.Run(Hour + Waits.Changes.Longest.TotalSeconds + 10);
        foreach (var shop in refs)
        {
            var last = world.Runs.Last(run => run.Ref == shop);
            Assert.IsType<ExportResult.Exported>(last.Result);
            Assert.Equal(shop.Facts.Basis.Match(Right: basis => basis, Left: why => throw new InvalidOperationException(why)), last.Basis);
        }
    }

    [Property]
    public void A_change_is_exported_at_once_or_a_fifth_of_a_second_after_the_export_before(int seed)
    {
        var random = new System.Random(seed);
        var world = new World(random.NextDouble);
        var shop = world.Ref("all", world.Sink("warehouse"), intervalSeconds: random.Next(0, 2) * 30);
        shop.Sink.Takes = TimeSpan.FromSeconds(random.NextDouble() * 3);
        var seconds = Enumerable.Range(0, 40).Select(_ => random.NextDouble() * Hour).Order().ToList();
        foreach (var second in seconds)
            world.At(second, "an object changes", () => shop.Content++);
        world.Run(Hour + 10);
        foreach (var (second, content) in seconds.Select((second, index) => (second, index + 2)))
        {
            var seen = World.Start.AddSeconds(second);
            var free = world.Runs.Where(run => run.Start <= seen && seen < run.End).Select(run => run.End).DefaultIfEmpty(seen).Max();
            var writing = world.Runs.First(run => run.Start >= seen && int.Parse(run.Basis.Checksum["content ".Length..], null) >= content);
            Assert.InRange(writing.Start, seen, Later(free.AddSeconds(0.2), world.Runs[0].Start) + Tick);
        }
    }

    [Property]
    public void A_failing_sink_does_not_delay_others(int seed)
    {
        List<ExportRun> RunsOfHealthy(Func<ExportRun, ExportResult> answerOfOther)
        {
            var random = new System.Random(seed);
            var world = new World(() => 0.5);
            var (healthy, other) = (world.Sink("healthy"), world.Sink("other"));
            (other.Answer, other.Takes) = (answerOfOther, TimeSpan.FromSeconds(random.Next(1, 200)));
            var refs = new[] { world.Ref("a", other), world.Ref("a", healthy), world.Ref("b", other), world.Ref("b", healthy) };
            for (var i = 0; i < 100; i++)
            {
                var content = i;
                world.At(random.NextDouble() * 600, "an object changes", () => refs.ToList().ForEach(it => it.Content = content));
            }

            return [.. world.Run(600).Runs.Where(run => run.Ref.Sink == healthy)];
        }

        var expected = RunsOfHealthy(SinkModel.Works).Select(run => (run.Ref.Inventory, run.Start, run.Basis)).ToList();
        Assert.Equal(expected, RunsOfHealthy(SinkModel.IsDown).Select(run => (run.Ref.Inventory, run.Start, run.Basis)));
        Assert.Equal(expected, RunsOfHealthy(SinkModel.Refuses).Select(run => (run.Ref.Inventory, run.Start, run.Basis)));
    }

    [Property]
    public void An_open_circuit_lets_one_trial_through_at_a_time(int seed)
    {
        var (world, _) = RandomWorld(seed, down: 0.9);
        world.Run(Hour);
        foreach (var runs in world.Runs.GroupBy(run => run.Basis.Sink))
        {
            foreach (var trial in runs.Where(run => run.IsTrial))
            {
                Assert.DoesNotContain(
                    runs, other => other != trial && trial.Start <= other.Start && other.Start < trial.End && !IsClosedDuring(trial, runs, other.Start));
            }
        }
    }

    [Property]
    public void Every_change_is_exported_and_snapshot_times_increase_when_the_clock_is_set(int seed)
    {
        var random = new System.Random(seed);
        var world = new World(random.NextDouble);
        var shop = world.Ref("all", world.Sink("warehouse"), intervalSeconds: random.Next(0, 2) * 30);
        for (var i = 1; i <= 10; i++)
        {
            world.At(
                i * 60, "the clock is set", () => world.SetClock(TimeSpan.FromSeconds((random.NextDouble() - 0.7) * Math.Pow(10, random.Next(0, 7)))));
            world.At((i * 60) + (random.NextDouble() * 10), "an object changes", () => shop.Content++);
        }

        world.Run(700);
        var times = world.Runs.Select(run => run.SnapshotTime).ToList();
        Assert.Equal(times.Distinct().Order(), times);
        Assert.Equal($"content {shop.Content}", world.Runs[^1].Basis.Checksum);
    }

    [Property]
    public void Equal_facts_give_equal_decisions(int seed)
    {
        var (world, refs) = RandomWorld(seed);
        world.Run(new System.Random(seed).NextDouble() * Hour);
        foreach (var it in refs)
        {
            var (first, state) = ExportSchedule.Decide(it.State, it.Facts, it.Interval, it.Sink.Breaker, world.Now, 0.1);
            Assert.Equal((first, state), ExportSchedule.Decide(state, it.Facts, it.Interval, it.Sink.Breaker, world.Now, 0.9));
        }
    }

    /// <summary>The earliest time at which the rules allow the next export of the same ref; never before the end of this one.</summary>
    private static DateTimeOffset Earliest(ExportRun run, ExportRun next, int failures)
    {
        var change = next.Basis.Since(run.Basis);
        var interval = run.Ref.Interval;
        var afterWindow = Later(run.Start + (Waits.Changes.Longest / 2), run.End);
        return run.Result switch
        {
            ExportResult.Exported when change.IsSome => run.End + Waits.Spacing(run.End - run.Start),
            ExportResult.Failed { Failure: Failure.Refused } when change.Exists(it => !it.ContentOnly) => run.End,
            ExportResult.Exported when !interval.ChangesOnly => run.End + interval.Length,
            _ when change.Exists(it => !it.ContentOnly) || next.AfterRecovery => afterWindow,
            ExportResult.Failed { Failure: Failure.Refused } when change.IsSome => run.End + interval.BetweenRefusals,
            ExportResult.Failed { Failure: Failure.TryLater } or ExportResult.Superseded =>
                run.End + TimeSpan.FromSeconds(0.8 * Math.Min(5 * Math.Pow(2, failures - 1), 600)),
            _ => DateTimeOffset.MaxValue,
        };
    }

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;

    /// <summary>An export that started before the circuit opened may succeed while the trial runs; its success closes the circuit.</summary>
    private static bool IsClosedDuring(ExportRun trial, IEnumerable<ExportRun> runs, DateTimeOffset before) =>
        runs.Any(run => run != trial && trial.Start <= run.End && run.End <= before && run.Result is not ExportResult.Failed { Failure: Failure.TryLater });

    private static (World World, List<RefModel> Refs) RandomWorld(int seed, double down = 0.3)
    {
        var random = new System.Random(seed);
        var world = new World(random.NextDouble);
        var refs = new List<RefModel>();
        foreach (var sink in Enumerable.Range(0, random.Next(1, 4)).Select(index => world.Sink($"sink{index}")))
        {
            sink.Takes = TimeSpan.FromSeconds(random.NextDouble() * 5);
            refs.AddRange(Enumerable.Range(0, random.Next(1, 5)).Select(index => world.Ref($"inventory{index}", sink, random.Next(0, 3) * 30)));
            world.At(random.NextDouble() * Hour, "its answers change", () => sink.Answer = SinkModel.Works);
            world.At(random.NextDouble() * Hour, "its answers change", () => sink.Answer = SinkModel.Refuses);
            world.At(random.NextDouble() * Hour, "its answers change", () => sink.Answer = run =>
                new ExportResult.Superseded(run.SnapshotTime, run.SnapshotTime.AddSeconds(1)));
            world.At(random.NextDouble() * Hour, "its answers change", () => sink.Answer = run =>
                random.NextDouble() < down ? SinkModel.IsDown(run) : SinkModel.Works(run));
            for (var i = 0; i < 6; i++)
                world.At(random.NextDouble() * Hour, "it is edited", () => sink.Generation++);
            for (var i = 0; i < 6; i++)
                world.At(random.NextDouble() * Hour, "it comes and goes", () => (sink.Ready, sink.Exists) = (random.Next(2) == 0, random.Next(3) > 0));
        }

        foreach (var it in refs)
        {
            for (var i = random.Next(100); i > 0; i--)
                world.At(random.NextDouble() * Hour, "an object changes", () => it.Content = random.Next(5));
            for (var i = random.Next(5); i > 0; i--)
                world.At(random.NextDouble() * Hour, "the inventory is edited", () => it.Generation++);
            world.At(random.NextDouble() * Hour, "it is suspended or resumed", () => it.Suspended = !it.Suspended);
        }

        return (world, refs);
    }
}
