using System.Security.Cryptography;
using Kollect.Fuzz.Tests.Engine;
using Kollect.Fuzz.Tests.Mutations;
using Kollect.Fuzz.Tests.Targets;

namespace Kollect.Fuzz.Tests;

/// <summary>No input breaks a parser: see "Fuzzing" in the README of the tests.</summary>
public sealed class FuzzTests(ITestOutputHelper output)
{
    public static TheoryData<string, ulong> Targets { get; } =
        new(AllTargets.List.Select(it => (it.Name, FuzzSettings.Only?.Seed ?? FuzzSettings.Seed)));

    [Theory, MemberData(nameof(Targets))]
    public void Made_inputs_break_no_rule(string name, ulong seed)
    {
        var target = AllTargets.Named(name);
        if (FuzzSettings.Only is { } only)
        {
            Assert.SkipWhen(only.Target != name, $"{FuzzSettings.OneInput} names another target");
            Fails(Again(target, seed, only.Iteration));
            return;
        }

        output.WriteLine($"{name}: begins with seed {seed}");
        if (RunningInput.TakeLast(target) is { } last)
        {
            var input = Mutator.Of(target).Input(last.Seed, last.Iteration);
            Fails(new Finding(target, last.Seed, last.Iteration, input, "the last run ended here, with the process", "process"));
        }

        foreach (var input in Corpus.Seeds(target))
            Execution.Run(target, input, twice: false); // the time of the JIT compiler is not that of the inputs
        var report = Fuzzer.Run(target, seed, FuzzSettings.Budget);
        output.WriteLine($"{report}");
        Note($"{report}");
        Fails([.. report.Findings]);
        Assert.True(report.Inputs > 0, "no input ran");
    }

    [Theory, MemberData(nameof(Targets))]
    public void Seeds_and_inputs_that_were_found_break_no_rule(string name, ulong seed)
    {
        var target = AllTargets.Named(name);
        Assert.NotEmpty(Corpus.Seeds(target));
        var files = Corpus.Seeds(target).Concat(Corpus.Found(target).Select(File.ReadAllBytes));
        Fails([.. files.Select(input => (Input: input, Broken: Execution.Run(target, input, twice: true)))
            .Where(it => it.Broken is not null)
            .Select(it => new Finding(target, seed, -1, it.Input, it.Broken!.Value.Why, it.Broken.Value.Kind))]);
    }

    private Finding[] Again(FuzzTarget target, ulong seed, long iteration)
    {
        var input = Mutator.Of(target).Input(seed, iteration);
        output.WriteLine($"{target.Name}: {input.Length} bytes in {Saved(target, input)}");
        return Execution.Run(target, input, twice: true) is { } broken ? [new Finding(target, seed, iteration, input, broken.Why, broken.Kind)] : [];
    }

    private static void Fails(params Finding[] findings)
    {
        if (findings.Length > 0)
            Assert.Fail(string.Join('\n', findings.Select(it =>
                $"{it}\n  saved in {Saved(it.Target, it.Reduced)}; correct the parser, and move the file to tests/Fuzz.Tests/Found/{it.Target.Name}/")));
    }

    private static string Saved(FuzzTarget target, byte[] input)
    {
        var path = $"artifacts/fuzz/found/{target.Name}/{Convert.ToHexStringLower(SHA256.HashData(input))[..12]}";
        Directory.CreateDirectory(Path.GetDirectoryName(Repository.At(path))!);
        File.WriteAllBytes(Repository.At(path), input);
        return path;
    }

    /// <summary>The figures of all runs, for those who ask for them.</summary>
    private static void Note(string line)
    {
        Directory.CreateDirectory(Repository.At("artifacts/fuzz"));
        File.AppendAllText(Repository.At("artifacts/fuzz/figures.txt"), line + "\n");
    }
}
