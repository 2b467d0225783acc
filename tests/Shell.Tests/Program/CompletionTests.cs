using System.Diagnostics;
using Kollect.Shell.Tests.Operator.Inventories;
using static Kollect.Shell.Tests.Operator.Manifests;

namespace Kollect.Shell.Tests.Program;

/// <summary><c>kollect completion</c>, in real shells.</summary>
public sealed class CompletionTests
{
    // What bash sets before it calls the function of a command ("Programmable Completion" in its manual).
    private const string Complete =
        """
        source <(kollect completion bash)
        COMP_LINE=$1 COMP_POINT=${#1}
        read -ra COMP_WORDS <<< "$1"
        [[ $1 == *' ' ]] && COMP_WORDS+=('')
        COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
        $(complete -p kollect | sed 's/.*-F \([^ ]*\) .*/\1/')
        printf '%s\n' "${COMPREPLY[@]}"
        """;

    [Fact]
    public async Task Bash_completes_commands_options_and_their_values()
    {
        Assert.Equal(["export"], await BashAsync("kollect expo"));
        Assert.Equal(["plan", "probe"], (await BashAsync("kollect p")).Order(StringComparer.Ordinal));
        Assert.Equal(["--dry-run"], await BashAsync("kollect export --dr"));
        Assert.Equal(["json"], await BashAsync("kollect validate -o j"));
        Assert.Equal(["postgres"], await BashAsync("kollect init p"));
        Assert.Equal(["status"], await BashAsync("kollect help st"));
        Assert.Equal(["bash", "fish", "zsh"], (await BashAsync("kollect completion ")).Where(it => !it.StartsWith('-')).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Bash_completes_names_of_the_files_that_are_given()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write(
            "a.yaml",
            PostgresSink("first", @namespace: "shop") + PostgresSink("second", @namespace: "shop")
            + PostgresSink("'$(touch injected)'", @namespace: "shop") + InventoryManifests.Inventory(name: "all", @namespace: "shop")
            + InventoryManifests.ClusterInventory());
        Assert.Equal(["shop/first", "shop/second"], await BashAsync($"kollect plan -f {file} --sink "));
        Assert.Equal(["shop/second"], await BashAsync($"kollect probe -f {file} --sink shop/s"));
        Assert.Equal(["_cluster/everything", "shop/all"], (await BashAsync($"kollect export -f {file} --inventory ")).Order(StringComparer.Ordinal));
        Assert.False(File.Exists(Repository.At("injected")));
    }

    [Fact]
    public async Task Bash_completes_inventories_and_namespaces_of_the_cluster()
    {
        await using var server = await KubernetesServer.StartAsync(new KubernetesOptions { Needs = "a kubeconfig file for all namespaces" });
        await server.ApplyAsync(InventoryManifests.Inventory() + InventoryManifests.Inventory(name: "apps") + InventoryManifests.ClusterInventory());
        // On a busy machine the program gives up before the API server has answered.
        await Eventually.HoldsAsync(async () => (await BashAsync($"kollect status --kubeconfig {server.Kubeconfig} a")).Order().SequenceEqual(["all", "apps"]));
        await Eventually.HoldsAsync(async () => (await BashAsync($"kollect status --kubeconfig {server.Kubeconfig} -n d")).SequenceEqual(["default"]));
    }

    [Theory]
    [InlineData("zsh")]
    [InlineData("fish")]
    public async Task The_script_of_another_shell_has_its_syntax(string shell)
    {
        StandIns.RequireProgram(shell);
        using var folder = new TemporaryFolder();
        var script = folder.Write("script", (await Kollect.RunAsync(["completion", shell])).Output);
        Assert.Equal((0, ""), await RunAsync(shell, shell == "zsh" ? ["-n", script] : ["--no-execute", script]));
    }

    private static async Task<string[]> BashAsync(string line)
    {
        var (exit, output) = await RunAsync("bash", ["--norc", "-c", Complete, "bash", line]);
        Assert.Equal(0, exit);
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    private static async Task<(int ExitCode, string Output)> RunAsync(string shell, string[] arguments)
    {
        var start = new ProcessStartInfo(shell, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Repository.Root };
        start.Environment["PATH"] = $"{AppContext.BaseDirectory}:{start.Environment["PATH"]}";
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal("", await errors);
        return (process.ExitCode, output);
    }
}
