using static Kollect.Shell.Tests.Program.Kollect;

namespace Kollect.Shell.Tests.Program;

/// <summary>Commands that need no server, and their output.</summary>
public sealed class ProgramTests
{
    private const string WrongSinks = "tests/Shell.Tests/Program/wrong-sinks";

    [Fact]
    public async Task Validate_lists_every_problem_of_a_folder_with_file_and_line()
    {
        var result = await RunAsync(["validate", "-f", WrongSinks]);
        Assert.Equal(1, result.ExitCode);
        Assert.All(Directory.GetFiles(Repository.At(WrongSinks)), file => Assert.Contains(Path.GetFileName(file), result.Output, StringComparison.Ordinal));
        Assert.DoesNotContain("hunter2", result.Output, StringComparison.Ordinal);
        Golden.Verify(result.Output.Replace(WrongSinks + "/", "", StringComparison.Ordinal), "cli/validate-wrong-sinks.txt");
    }

    [Fact]
    public async Task The_samples_are_valid_and_plan_offline()
    {
        Assert.Equal(0, (await RunAsync(["validate", "-f", "crds/samples"])).ExitCode);
        var plan = await RunAsync(["plan", "-f", "crds/samples", "--offline"]);
        Assert.Equal(0, plan.ExitCode);
        Golden.Verify(plan.Output, "cli/plan-offline-samples.txt");
    }

    [Fact]
    public async Task Views_of_the_samples_are_printed_for_each_backend()
    {
        var views = await RunAsync(["views", "-f", "crds/samples"]);
        Assert.Equal(0, views.ExitCode);
        Golden.Verify(views.Output, "cli/views-samples.txt");
    }

    [Theory]
    [InlineData("")]
    [InlineData("validate")]
    [InlineData("plan")]
    [InlineData("probe")]
    [InlineData("export")]
    [InlineData("collect")]
    [InlineData("views")]
    [InlineData("demo")]
    [InlineData("crds")]
    [InlineData("explain")]
    [InlineData("install")]
    [InlineData("uninstall")]
    [InlineData("operator")]
    [InlineData("init")]
    [InlineData("status")]
    [InlineData("completion")]
    [InlineData("version")]
    [InlineData("help")]
    public async Task Help_has_examples_and_exit_codes(string command)
    {
        var result = await RunAsync([.. command.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--help"]);
        Assert.Equal(0, result.ExitCode);
        Assert.Contains("Example", result.Output, StringComparison.Ordinal);
        Golden.Verify(result.Output, $"cli/help{(command.Length == 0 ? "" : "-" + command)}.txt");
        Assert.Equal(result.Output, (await RunAsync(["help", .. command.Split(' ', StringSplitOptions.RemoveEmptyEntries)])).Output);
    }

    [Fact]
    public async Task The_list_of_commands_has_one_line_for_each()
    {
        var lines = (await RunAsync(["--help"])).Output.Split('\n');
        var commands = lines.SkipWhile(line => line != "Commands:").Skip(1).TakeWhile(line => line.Length > 0).ToArray();
        Assert.True(commands.Length >= 12);
        Assert.All(commands, line => Assert.Matches("^  [a-z]+ .*\\S  [A-Z].*[^ ]$|^  [a-z]+(?: <\\S+>)? +[A-Z].*[^ ]$", line));
    }

    [Theory]
    [InlineData("\"exprot\" is no command; did you mean export?\nSee: kollect --help", "exprot", "-f", "x")]
    [InlineData("\"sttaus\" is no command; did you mean status?", "help", "sttaus")]
    [InlineData("\"frobnicate\" is no command\n", "frobnicate")]
    [InlineData("\"--filname\" is no option of this command; did you mean --filename?\nSee: kollect plan --help", "plan", "--filname", "x")]
    [InlineData("\"--dryrun\" is no option of this command; did you mean --dry-run?", "export", "-f", "x", "--inventory", "a/b", "--dryrun")]
    [InlineData("\"--hlep\" is no option of this command; did you mean --help?", "--hlep")]
    [InlineData("\"more\" is not expected here", "crds", "more")]
    [InlineData("-k is not supported, because no kustomization is built here: kubectl kustomize DIR | kollect plan -f -", "plan", "-k", "overlay")]
    public async Task A_mistyped_command_or_option_is_named_with_the_closest_one(string said, params string[] arguments)
    {
        var result = await RunAsync(arguments);
        Assert.Equal((2, ""), (result.ExitCode, result.Output));
        Assert.StartsWith("kollect: " + said, result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_version_names_the_commit_and_the_runtime()
    {
        var line = (await RunAsync(["version"])).Output;
        Assert.Matches(@"^kollect \d+\.\d+\.\d+\S* \(commit ([0-9a-f]{12}|unknown), \.NET 10\.\S+, [a-z]+-[a-z0-9]+\)\n$", line);
        Assert.Equal(line, (await RunAsync(["--version"])).Output);
    }

    [Theory]
    [InlineData]
    [InlineData("exprot")]
    [InlineData("export")]
    [InlineData("collect")]
    [InlineData("export", "-f", "x", "--inventory", "no-slash")]
    [InlineData("export", "-f", "-", "--inventory", "a/b")]
    [InlineData("export", "-f", "x", "--inventory", "a/b", "--exported-at", "yesterday")]
    [InlineData("export", "-f", "x,-", "--inventory", "a/b")]
    [InlineData("export", "-f", "x", "--inventory", "a/b", "--cluster", "c1\r")]
    [InlineData("export", "-f", "x", "--inventory", "a/b", "--cluster", " c1 ")]
    [InlineData("export", "-f", "x", "--inventory", "a/b", "--cluster", "a\tb")]
    [InlineData("export", "-f", "x", "--inventory", "a/b", "--target", "")]
    [InlineData("export", "-f", "x", "--inventory", "a/b", "--target", "pods\n")]
    [InlineData("export", "-f", "x", "--inventory", "a/b", "--generation", "-1")]
    [InlineData("export", "-f", "x", "--inventory", "Team_A/all")]
    [InlineData("export", "-f", "x", "--inventory", "team.a/all")]
    [InlineData("export", "-f", "x", "--inventory", "a/all ")]
    [InlineData("probe", "-f", "x", "--sink", "a/B")]
    [InlineData("operator", "--namespace", "Team_A")]
    [InlineData("operator", "--leader-election-id", "my lease")]
    [InlineData("operator", "--shards", "0")]
    [InlineData("operator", "--shards", "65")]
    [InlineData("operator", "--shards", "2", "--leader-election", "false")]
    [InlineData("export", "-f", "x", "--inventory", "a/b", "--exported-at", "10000-01-01T00:00:00Z")]
    [InlineData("export", "-f", "x", "--inventory", "a/b", "--exported-at", "1969-12-31T00:00:00Z")]
    [InlineData("validate", "-f", "x", "-o", "yaml")]
    [InlineData("operator", "--secret-interval", "1s")]
    [InlineData("operator", "--secret-interval", "25h")]
    [InlineData("operator", "--secret-interval", "30")]
    [InlineData("operator", "--export-timeout", "0s")]
    [InlineData("init")]
    [InlineData("init", "oracle")]
    [InlineData("init", "postgres", "--name", "Team_A")]
    [InlineData("completion", "powershell")]
    [InlineData("status", "-A", "-n", "shop")]
    public async Task A_wrong_command_line_is_a_usage_error(params string[] arguments)
    {
        var result = await RunAsync(arguments);
        Assert.Equal((2, ""), (result.ExitCode, result.Output));
        Assert.Contains("--help", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_without_an_object_of_ours_and_a_sink_given_twice_are_told()
    {
        using var folder = new TemporaryFolder();
        folder.Write("a.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n");
        var none = await RunAsync(["validate", "-f", folder.Path]);
        Assert.Equal(0, none.ExitCode);
        Assert.Contains("no object of kollect.dev", none.Output, StringComparison.Ordinal);
        const string Sink = "apiVersion: kollect.dev/v1alpha1\nkind: KollectDatabaseSink\nmetadata: {name: s}\n"
            + "spec: {type: postgres, cluster: a, postgres: {databaseRef: {name: db}, table: items}}\n";
        folder.Write("b.yaml", Sink);
        folder.Write("c.yaml", "# again\n" + Sink);
        var twice = await RunAsync(["validate", "-f", folder.Path]);
        Assert.Equal(1, twice.ExitCode);
        Assert.Contains($"c.yaml:2: KollectDatabaseSink default/s is given twice, first in {folder.At("b.yaml")}:1", twice.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_file_is_refused_without_a_crash()
    {
        var missing = await RunAsync(["plan", "-f", "no-such-file.yaml"]);
        Assert.Equal((1, "kollect: no-such-file.yaml: does not exist\n"), (missing.ExitCode, missing.Errors));
        using var folder = new SinkFolder(await PostgresServer.CreateDatabaseAsync());
        var input = await RunAsync(folder.Export("--items", "no-such-items.ndjson"));
        Assert.Equal(1, input.ExitCode);
        Assert.Contains("no-such-items.ndjson", input.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_Secret_is_named_with_its_remedy()
    {
        using var folder = new SinkFolder(await PostgresServer.CreateDatabaseAsync());
        var result = await RunAsync(["probe", "-f", folder.At("sink.yaml")]);
        Assert.Equal(1, result.ExitCode);
        Assert.Equal(
            "default/test: secret: Secret default/dsn was not found; give its manifest with a further -f\n",
            result.Output);
    }

    [Fact]
    public async Task Crds_prints_the_files_of_the_repository()
    {
        var result = await RunAsync(["crds"]);
        var crds = Directory.EnumerateFiles(Repository.At("crds"), "*.yaml").Order(StringComparer.Ordinal).Select(File.ReadAllText);
        Assert.Equal(string.Concat(crds.Select(crd => "---\n" + crd)), result.Output);
    }
}
