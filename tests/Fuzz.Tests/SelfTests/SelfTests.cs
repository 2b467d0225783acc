using Kollect.Fuzz.Tests.Engine;
using Kollect.Fuzz.Tests.Mutations;
using Kollect.Fuzz.Tests.Targets;

namespace Kollect.Fuzz.Tests.SelfTests;

/// <summary>The fuzzing itself works: it finds typical faults in its short form, and finds nothing where nothing is wrong.</summary>
public sealed class SelfTests(ITestOutputHelper output)
{
    private const string Seed = "host=db-0.example.org;port=5432;user='a;b';password='hunter2Zq';sslmode=require";

    public static TheoryData<Fault> Faults { get; } = new(Enum.GetValues<Fault>().Except([Fault.None]));

    [Theory, MemberData(nameof(Faults))]
    public void A_broken_parser_is_found_within_the_time_of_the_short_form(Fault fault)
    {
        var parser = new BrokenParser(fault);
        var mutator = Mutator.Of(parser, Seed);
        var report = Fuzzer.Run(parser, mutator, seed: 1, TimeSpan.FromSeconds(20), enough: 1);
        parser.Stop();
        output.WriteLine($"{report}");
        var finding = Assert.Single(report.Findings);
        output.WriteLine($"{finding}");
        Assert.Equal(finding.Input, mutator.Input(finding.Seed, finding.Iteration));
        Assert.True(finding.Reduced.Length <= finding.Input.Length);
    }

    [Fact]
    public void A_correct_parser_has_no_findings()
    {
        var parser = new BrokenParser(Fault.None);
        var report = Fuzzer.Run(parser, Mutator.Of(parser, Seed), seed: 1, TimeSpan.FromSeconds(1), enough: 1);
        Assert.Empty(report.Findings);
        Assert.True(report.Inputs > 100);
    }

    [Fact]
    public void An_input_depends_on_its_seed_and_iteration_alone()
    {
        foreach (var target in AllTargets.List)
        {
            var (one, other) = (Mutator.Of(target), Mutator.Of(target));
            var inputs = Enumerable.Range(0, 40).Select(iteration => one.Input(7, iteration)).ToArray();
            Assert.Equal(inputs[31], other.Input(7, 31));
            Assert.All(inputs, input => Assert.InRange(input.Length, 0, FuzzSettings.MaxInput));
            Assert.True(inputs.Select(Convert.ToHexString).Distinct().Count() > 20, $"the inputs of {target.Name} repeat themselves");
            Assert.NotEqual(inputs[31], other.Input(8, 31));
        }
    }

    /// <summary>Byte errors alone would be refused by the first line of a parser.</summary>
    [Fact]
    public void Most_mutated_trees_are_JSON_still()
    {
        var mutator = Mutator.Of(AllTargets.Named("postgres-secrets"));
        var json = Enumerable.Range(0, 400).Count(iteration => JsonTree.Parse(mutator.Input(3, iteration)) is not null);
        Assert.InRange(json, 300, 400);
    }

    /// <summary>A run that ended with its process is reported by the next one, once.</summary>
    [Fact]
    public void The_input_that_ended_the_process_is_known_to_the_next_run()
    {
        var parser = new BrokenParser(Fault.None);
        Assert.Null(RunningInput.TakeLast(parser));
        using (var running = new RunningInput(parser, seed: 5))
        {
            running.Set(12);
            Assert.Equal((5UL, 12L), RunningInput.TakeLast(parser));
        }

        Assert.Null(RunningInput.TakeLast(parser));
    }

}
