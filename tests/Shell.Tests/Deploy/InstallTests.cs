namespace Kollect.Shell.Tests.Deploy;

/// <summary><c>kollect install</c>: the kustomize base, changed by options.</summary>
public sealed class InstallTests
{
    public static TheoryData<string> Names => Installation.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public async Task The_printed_objects_are_those_of_the_golden(string name) =>
        Golden.Verify((await Installation.Of(name).PrintAsync()).Text, $"deploy/install-{name}.yaml");

    [Fact]
    public async Task The_default_is_the_kustomize_base_and_its_namespace()
    {
        var expected = (await Rendered.ReadAsync()).Objects;
        expected.Add("Namespace /kollect-system", Rendered.Namespace);
        SameObjects.Verify(expected, (await Installation.Of("default").PrintAsync()).Objects);
    }

    [Fact]
    public async Task Monitoring_adds_what_its_folder_holds()
    {
        var printed = await Program.Kollect.RunAsync(["install", "--monitoring"]);
        var expected = (await Installation.Of("default").PrintAsync()).Objects;
        foreach (var (name, added) in (await Rendered.ReadAsync("Shell/Host/deploy/monitoring")).Objects)
            expected.Add(name, added);
        SameObjects.Verify(expected, new Rendered(printed.Output).Objects);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task The_operator_accepts_its_arguments_and_finds_its_folders(string name)
    {
        var rendered = await Installation.Of(name).PrintAsync();
        var arguments = rendered.Container.Texts("args");
        var help = (await Program.Kollect.RunAsync(["operator", "--help"])).Output;
        Assert.All(
            arguments.Where(argument => argument.StartsWith("--", StringComparison.Ordinal)),
            flag => Assert.Contains($"  {flag} ", help, StringComparison.Ordinal));
        Assert.Equal(
            rendered.Container.At("volumeMounts").AsArray().Select(mount => mount!.Text("name")).Order(StringComparer.Ordinal),
            rendered.Pod.At("volumes").AsArray().Select(volume => volume!.Text("name")).Order(StringComparer.Ordinal));
        // Every text that a namespace is part of.
        if (Installation.Of(name).Namespace != "kollect-system")
            Assert.DoesNotContain("kollect-system", rendered.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_page_names_every_option()
    {
        var help = (await Program.Kollect.RunAsync(["install", "--help"])).Output.Split("Options:\n")[1];
        var options = System.Text.RegularExpressions.Regex.Matches(help, "(?m)^  (-n, )?(--[a-z]+)").Select(match => match.Groups[2].Value).ToArray();
        Assert.Equal(6, options.Length);
        var page = await File.ReadAllTextAsync(Repository.At("docs/get-started/install-options.md"), TestContext.Current.CancellationToken);
        Assert.All(options, option => Assert.Contains($"| `{option}", page, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("--replicas", "0", "--replicas must lie between 1 and 1000")]
    [InlineData("--shards", "65", "--shards must lie between 1 and 64")]
    [InlineData("--namespace", "Team_A", "--namespace: ")]
    [InlineData("--webhook", "maybe", "maybe")]
    public async Task A_wrong_option_prints_nothing_that_could_be_applied(string option, string value, string why)
    {
        var result = await Program.Kollect.RunAsync(["install", option, value]);
        Assert.Equal((2, ""), (result.ExitCode, result.Output));
        Assert.Contains(why, result.Errors, StringComparison.Ordinal);
    }
}
