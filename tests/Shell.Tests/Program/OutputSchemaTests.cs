using System.Text.Json.Nodes;
using static Kollect.Shell.Tests.Program.Kollect;

namespace Kollect.Shell.Tests.Program;

/// <summary>Whatever becomes of a command, <c>-o json</c> prints one document of the published schema.</summary>
public sealed class OutputSchemaTests
{
    private const string Unprovided = "crds/samples/bigquery.yaml";

    /// <summary>A run of each command that has <c>-o</c>, and what it prints: nothing here needs a server.</summary>
    private static readonly Dictionary<string, (string Kind, string[] Arguments)> Runs = new(StringComparer.Ordinal)
    {
        ["collect"] = ("Error", ["-f", "crds/samples/postgres.yaml"]),
        ["explain"] = ("Explanation", []),
        ["export"] = ("Export", ["-f", Unprovided, "--inventory", "a/b", "--items", Unprovided]),
        ["plan"] = ("Plan", ["-f", "crds/samples", "--offline"]),
        ["probe"] = ("Probe", ["-f", Unprovided]),
        ["status"] = ("Error", ["--kubeconfig", "no-such-file"]),
        ["uninstall"] = ("Error", ["--kubeconfig", "no-such-file"]),
        ["validate"] = ("Validation", ["-f", "crds/samples"]),
        ["version"] = ("Version", []),
        ["views"] = ("Views", ["-f", "crds/samples"]),
    };

    [Fact]
    public async Task Every_command_prints_a_document_or_says_what_it_prints_instead()
    {
        foreach (var command in CommandTree.Commands)
        {
            var hasOutput = command.Options.Any(it => it.Name == "--output");
            Assert.True(hasOutput == Runs.ContainsKey(command.Name), $"{command.Name}: a run in the table, exactly where there is -o");
            if (hasOutput)
            {
                var (kind, arguments) = Runs[command.Name];
                OutputSchema.AssertValid((await RunAsync([command.Name, .. arguments, "-o", "json"])).Output, kind);
                OutputSchema.AssertValid((await RunAsync([command.Name, .. arguments, "--no-such-option", "--output=json"])).Output, "Error");
                continue;
            }

            var refused = await RunAsync([command.Name, "-o", "json"]);
            Assert.Equal(2, refused.ExitCode);
            OutputSchema.AssertValid(refused.Output, "Error");
            Assert.StartsWith($"kollect: -o is no option of kollect {command.Name}: it prints ", refused.Errors, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("-o", "json")]
    [InlineData("-ojson")]
    [InlineData("-o=json")]
    [InlineData("-o:json")]
    [InlineData("--output", "json")]
    [InlineData("--output=json")]
    [InlineData("--output:json")]
    public async Task However_the_option_is_written_a_wrong_command_line_prints_a_document(params string[] option)
    {
        OutputSchema.AssertValid((await RunAsync(["version", .. option])).Output, "Version");
        OutputSchema.AssertValid((await RunAsync(["plan", .. option])).Output, "Error");
    }

    [Theory]
    [InlineData("Version", 0, "version")]
    [InlineData("Validation", 0, "validate", "-f", "crds/samples")]
    [InlineData("Validation", 1, "validate", "-f", "tests/Shell.Tests/Program/wrong-sinks")]
    [InlineData("Plan", 0, "plan", "-f", "crds/samples", "--offline")]
    [InlineData("Plan", 1, "plan", "-f", "crds/samples/bigquery.yaml")]
    [InlineData("Probe", 1, "probe", "-f", "crds/samples/bigquery.yaml")]
    [InlineData("Export", 1, "export", "-f", "crds/samples/bigquery.yaml", "--inventory", "a/b", "--items", "crds/samples/bigquery.yaml")]
    [InlineData("Error", 1, "export", "-f", "crds/samples", "--inventory", "a/b")]
    [InlineData("Error", 1, "plan", "-f", "no-such-file.yaml")]
    [InlineData("Error", 1, "status", "--kubeconfig", "no-such-file")]
    [InlineData("Error", 2, "plan")]
    [InlineData("Error", 2, "exprot")]
    [InlineData("Error", 2, "status", "-A", "-n", "shop")]
    [InlineData("Error", 2, "export", "-f", "x", "--inventory", "no-slash")]
    public async Task A_command_prints_one_document(string kind, int exitCode, params string[] arguments)
    {
        var result = await RunAsync([.. arguments, "-o", "json"]);
        Assert.Equal(exitCode, result.ExitCode);
        OutputSchema.AssertValid(result.Output, kind);
        if (kind == "Error")
            Assert.Equal(exitCode, (int)JsonNode.Parse(result.Output)!["exitCode"]!);
    }

    [Fact]
    public async Task Commands_with_a_server_print_one_document()
    {
        using var folder = new SinkFolder(await PostgresServer.CreateDatabaseAsync());
        var items = folder.Write(
            "items.ndjson",
            "{\"targetName\":\"pods\",\"uid\":\"u1\",\"name\":\"p\",\"kind\":\"Pod\",\"version\":\"v1\",\"attributes\":{}}\n{\"targetName\":\"pods\"}\n");
        await AssertAsync("Plan", 0, ["plan", .. folder.Manifests]);
        await AssertAsync("Probe", 0, ["probe", .. folder.Manifests]);
        await AssertAsync("Export", 0, folder.Export("--items", items));
        await AssertAsync("Export", 1, folder.Export("--items", items, "--strict"));
        await AssertAsync("Export", 0, folder.Export("--items", items, "--exported-at", "2020-01-01T00:00:00Z"));
        await AssertAsync("Export", 1, folder.Export("--items", "no-such-items.ndjson"));
        using var existing = new SinkFolder(await PostgresServer.CreateDatabaseAsync(), mode: "existing");
        await AssertAsync("Plan", 1, ["plan", .. existing.Manifests]);
        await AssertAsync("Export", 1, existing.Export("--items", items));
    }

    private static async Task AssertAsync(string kind, int exitCode, string[] arguments)
    {
        var result = await RunAsync(arguments.Contains("-o") ? arguments : [.. arguments, "-o", "json"]);
        Assert.Equal(exitCode, result.ExitCode);
        OutputSchema.AssertValid(result.Output, kind);
    }
}
