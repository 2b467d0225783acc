using Kollect.Shell.Tests.Operator;
using Kollect.Shell.Tests.Program;
using static Kollect.Shell.Tests.Program.Kollect;

namespace Kollect.Shell.Tests.Documentation;

/// <summary>
/// The walk-through, word for word, with the program, kubectl and a real PostgreSQL; a stand-in serves the API in place of kind, and what docker and
/// kind themselves do is left out.
/// </summary>
public sealed class WalkThroughTests
{
    private const string Page = "docs/get-started/walk-through.md";
    private const string Dsn = "postgres://postgres:change-me@127.0.0.1:5432/postgres?sslmode=disable";

    [Fact]
    public async Task Each_step_of_the_page_does_what_the_page_says()
    {
        var database = await PostgresServer.CreateDatabaseAsync();
        await using var cluster = await KubernetesServer.StartAsync(new KubernetesOptions { WithCrds = false, Needs = "no definitions of kollect.dev" });
        using var folder = new TemporaryFolder();
        var manifests = Pages.Blocks("yaml", [Page]).Select(block => block.Text).ToArray();
        Assert.Contains(Dsn, manifests[0], StringComparison.Ordinal);
        folder.Write("walk-through.yaml", manifests[0].Replace(Dsn, database.Url(), StringComparison.Ordinal));
        folder.Write("web.yaml", manifests[1]);

        var commands = Pages.Blocks("sh", [Page]).SelectMany(block => block.Text.Split('\n')).ToArray();
        Assert.Contains("bin/kollect crds | kubectl apply -f -", commands);
        await cluster.ApplyAsync((await RunAsync(["crds"])).Output);
        var flags = Assert.Single(commands, it => it.StartsWith("bin/kollect operator ", StringComparison.Ordinal)).Split(' ')[2..];
        Assert.Equal(["--webhook-port", "0", "--allow-loopback-sinks"], flags[2..]);
        await using var program = await OperatorProgram.StartAsync(cluster.Kubeconfig, 0, flags[..2]);

        var kubectl = commands.Where(it => it.StartsWith("kubectl ", StringComparison.Ordinal)).ToArray();
        Assert.Equal(5, kubectl.Length);
        foreach (var command in kubectl[..3])
            await KubectlAsync(command);
        await Eventually.HoldsAsync(async () => await RowsAsync() is [("web", "1", """["nginx:1.27"]""")]);
        await KubectlAsync(kubectl[3]);
        await Eventually.HoldsAsync(async () => await RowsAsync() is [("web", "3", _)]);

        await database.ExecuteAsync(Pages.Blocks("sql", [Page]).Last().Text);
        await Eventually.HoldsAsync(async () => await RowsAsync() is [("web", "3", _)]);
        await KubectlAsync(kubectl[4]);
        Assert.Empty(await RowsAsync());

        async Task KubectlAsync(string command) => _ = (await cluster.KubectlAsync(
            [.. command.Split(' ')[1..].Select(word => word.EndsWith(".yaml", StringComparison.Ordinal) ? folder.At(word) : word.Trim('\''))])).Required;

        Task<IReadOnlyList<(string, string, string)>> RowsAsync() => database.RowsAsync(
            Pages.Blocks("sql", [Page]).First().Text, row => (row.GetString(0), row.GetString(1), row.GetString(2)));
    }
}
