using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Kollect.Generators.Tests;

public sealed class CachingTests
{
    private static readonly string Yaml = Generation.Crd("a: { type: string }");

    public static TheoryData<string> Steps => new(CrdModelGenerator.Steps);

    [Theory]
    [MemberData(nameof(Steps))]
    public void An_unrelated_edit_leaves_every_step_cached(string step)
    {
        var driver = Generation.Driver(("widget.yaml", Yaml)).RunGenerators(Generation.Empty, TestContext.Current.CancellationToken);
        var edited = Generation.Empty.AddSyntaxTrees(CSharpSyntaxTree.ParseText(
            "class Another;", Generation.Settings.OfKollect.Language, cancellationToken: TestContext.Current.CancellationToken));
        var reasons = Reasons(driver.RunGenerators(edited, TestContext.Current.CancellationToken), step);
        Assert.All(reasons, reason => Assert.True(reason is IncrementalStepRunReason.Cached or IncrementalStepRunReason.Unchanged, $"{step} was {reason}"));
    }

    [Theory]
    [InlineData("Schema", IncrementalStepRunReason.Modified)]
    [InlineData("Model", IncrementalStepRunReason.Modified)]
    [InlineData("Text", IncrementalStepRunReason.Modified)]
    public void An_edit_of_the_schema_reaches_the_text(string step, IncrementalStepRunReason expected) =>
        Assert.Equal([expected], AfterReplacing(Generation.Crd("b: { type: string }"), step));

    [Theory]
    [InlineData("Schema", IncrementalStepRunReason.Unchanged)]
    [InlineData("Model", IncrementalStepRunReason.Cached)]
    [InlineData("Text", IncrementalStepRunReason.Cached)]
    public void A_comment_in_the_yaml_stops_at_the_schema(string step, IncrementalStepRunReason expected) =>
        Assert.Equal([expected], AfterReplacing(Yaml + "\n# a comment", step));

    [Fact]
    public void An_edit_of_one_kind_leaves_the_text_of_another_cached()
    {
        var before = new Generation.InMemory("widget.yaml", Yaml);
        var driver = Generation.Driver(("gadget.yaml", Generation.Crd("a: { type: string }", "Gadget"))).AddAdditionalTexts([before])
            .RunGenerators(Generation.Empty, TestContext.Current.CancellationToken)
            .ReplaceAdditionalText(before, new Generation.InMemory("widget.yaml", Generation.Crd("b: { type: string }")));
        var reasons = Reasons(driver.RunGenerators(Generation.Empty, TestContext.Current.CancellationToken), "Text");
        Assert.Equal([IncrementalStepRunReason.Modified, IncrementalStepRunReason.Cached], reasons.Order());
    }

    private static IncrementalStepRunReason[] AfterReplacing(string yaml, string step)
    {
        var before = new Generation.InMemory("widget.yaml", Yaml);
        var driver = Generation.Driver().AddAdditionalTexts([before]).RunGenerators(Generation.Empty, TestContext.Current.CancellationToken)
            .ReplaceAdditionalText(before, new Generation.InMemory("widget.yaml", yaml));
        return Reasons(driver.RunGenerators(Generation.Empty, TestContext.Current.CancellationToken), step);
    }

    private static IncrementalStepRunReason[] Reasons(GeneratorDriver driver, string step)
    {
        var reasons = driver.GetRunResult().Results.Single().TrackedSteps[step].SelectMany(run => run.Outputs).Select(output => output.Reason).ToArray();
        Assert.NotEmpty(reasons);
        return reasons;
    }
}
