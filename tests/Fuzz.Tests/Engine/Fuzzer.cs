using System.Diagnostics;
using Kollect.Fuzz.Tests.Mutations;

namespace Kollect.Fuzz.Tests.Engine;

/// <summary>Runs a target with made inputs, one after the other, until the time is over or enough is found.</summary>
internal static class Fuzzer
{
    /// <summary>Findings of different kinds, after which the run ends.</summary>
    private const int Enough = 5;

    /// <summary>Every so many inputs run twice.</summary>
    private const int Twice = 8;

    /// <summary>The stack of .NET's own threads on Linux with musl; the least of all supported systems.</summary>
    private const int Stack = 3 << 19;

    /// <summary>An input that has not ended after this time, as <see cref="Clock"/> counts it, never ends.</summary>
    private static readonly TimeSpan Endless = 3 * Execution.MaxTime;

    /// <summary>As above, of an input that waits and takes no processor time.</summary>
    private static readonly TimeSpan Blocked = TimeSpan.FromMinutes(1);

    public static FuzzReport Run(FuzzTarget target, ulong seed, TimeSpan budget) => Run(target, Mutator.Of(target), seed, budget, Enough);

    public static FuzzReport Run(FuzzTarget target, Mutator mutator, ulong seed, TimeSpan budget, int enough)
    {
        var loop = new Loop(target, mutator, seed, budget, enough);
        var thread = new Thread(loop.Run, Stack) { IsBackground = true };
        thread.Start();
        while (!thread.Join(50))
            if (loop.Running is { } running && IsEndless(running.Since))
                return loop.Report(Finding(target, mutator, seed, running.Iteration, "time", "the input has not ended, and was abandoned"));
        return loop.Report(null);
    }

    private static bool IsEndless((long Elapsed, TimeSpan Processor) since) =>
        Clock.Since(since) > Endless || Stopwatch.GetElapsedTime(since.Elapsed) > Blocked;

    private static Finding Finding(FuzzTarget target, Mutator mutator, ulong seed, long iteration, string kind, string why) =>
        new(target, seed, iteration, mutator.Input(seed, iteration), why, kind);

    private sealed class Loop(FuzzTarget target, Mutator mutator, ulong seed, TimeSpan budget, int enough)
    {
        private readonly List<Finding> findings = [];
        private readonly long started = Stopwatch.GetTimestamp();
        private readonly Lock current = new();
        private (long Iteration, (long Elapsed, TimeSpan Processor) Since)? running;
        private long inputs;
        private TimeSpan slowest;

        /// <summary>Null = no input runs.</summary>
        public (long Iteration, (long Elapsed, TimeSpan Processor) Since)? Running
        {
            get
            {
                lock (current)
                    return running;
            }

            private set
            {
                lock (current)
                    running = value;
            }
        }

        public void Run()
        {
            using var file = new RunningInput(target, seed);
            for (var iteration = 0L; Stopwatch.GetElapsedTime(started) < budget && findings.Count < enough; iteration++)
            {
                var input = mutator.Input(seed, iteration);
                file.Set(iteration);
                var since = Clock.Now;
                Running = (iteration, since);
                var broken = Execution.Run(target, input, twice: iteration % Twice == 0);
                slowest = Clock.Since(since) is var time && time > slowest ? time : slowest;
                inputs = iteration + 1;
                if (broken is { } it && findings.All(other => other.Kind != it.Kind))
                {
                    Running = (iteration, Clock.Now);
                    findings.Add(new Finding(target, seed, iteration, input, it.Why, it.Kind) { Reduced = Reducer.Reduce(target, input, it.Kind) });
                }

                Running = null;
            }
        }

        public FuzzReport Report(Finding? abandoned) =>
            new(target, seed, inputs, Stopwatch.GetElapsedTime(started), slowest, abandoned is null ? [.. findings] : [.. findings, abandoned]);
    }
}
