using System.Diagnostics;
using System.Text.RegularExpressions;
using Kollect.Shell.Tests.Operator.Inventories;
using Kollect.Shell.Tests.Program;
using static Kollect.Shell.Tests.Operator.Inventories.InventoryManifests;
using static Kollect.Shell.Tests.Operator.Manifests;

namespace Kollect.Shell.Tests.Packages;

/// <summary>The projects of docs/embed.md, as they stand there, are built from the packages alone and run.</summary>
public sealed partial class EmbeddingPageTests(PackedPackages packages) : IDisposable
{
    private const string Page = "docs/embed.md";

    private readonly TemporaryFolder folder = new();

    [Fact]
    public async Task The_project_that_exports_has_PostgreSQL_alone_and_makes_the_rows_the_snapshot()
    {
        await BuildAsync("## Export a snapshot");
        var libraries = Directory.EnumerateFiles(folder.At("out"), "*.dll").Select(file => Path.GetFileNameWithoutExtension(file)!).ToArray();
        Assert.Contains("Npgsql", libraries);
        Assert.DoesNotContain(libraries, name => name.StartsWith("MongoDB", StringComparison.Ordinal) || name.StartsWith("Google", StringComparison.Ordinal)
            || name.StartsWith("Kubernetes", StringComparison.Ordinal));

        var database = await PostgresServer.CreateDatabaseAsync();
        Assert.Equal(Block("The first run prints"), (await RunAsync()).TrimEnd());
        Assert.Equal(["cart", "web"], await database.RowsAsync("select payload->>'name' from inventory_items order by 1", row => row.GetString(0)));
        Assert.DoesNotContain("plan:", await RunAsync(), StringComparison.Ordinal);

        Task<string> RunAsync() => packages.RunAsync(folder.Path, "env", $"DATABASE_URL={database.Url()}", folder.At("out/Mirror"));
    }

    [Fact]
    public async Task The_host_of_the_operator_exports_what_its_source_supplies()
    {
        await BuildAsync("## Run the operator in a host of your own");
        var database = await PostgresServer.CreateDatabaseAsync();
        var cluster = await KubernetesServer.StartAsync();
        await using var world = new World(cluster, database);
        await cluster.ApplyAsync(Secret(database.Url()) + PostgresSink() + Inventory());
        using var host = Process.Start(new ProcessStartInfo(folder.At("out/Racks"))
        {
            WorkingDirectory = folder.Path,
            RedirectStandardOutput = true,
            Environment = { ["KUBECONFIG"] = cluster.Kubeconfig, ["DOTNET_ENVIRONMENT"] = "Development" },
        })!;
        var log = host.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        try
        {
            await Eventually.HoldsAsync(async () => await world.RowsAsync() is ["a-1"], seconds: 40, () => Task.FromResult($"exited: {host.HasExited}"));
        }
        finally
        {
            host.Kill();
            await log;
        }
    }

    public void Dispose() => folder.Dispose();

    /// <summary>Writes the files of a section, and builds its project into <c>out</c>.</summary>
    private async Task BuildAsync(string section)
    {
        var text = Pages.Read(Page);
        var start = text.IndexOf(section + "\n", StringComparison.Ordinal);
        var end = text.IndexOf("\n## ", start + 1, StringComparison.Ordinal);
        foreach (Match file in NamedBlock().Matches(end < 0 ? text[start..] : text[start..end]))
            folder.Write(
                file.Groups["name"].Value,
                Regex.Replace(file.Groups["text"].Value, @"(?<=Include=""Kollect\.\w+"" Version="")[^""]+", "$(KollectVersion)"));
        await packages.PrepareAsync(folder.Path);
        await packages.RunAsync(folder.Path, "dotnet", "build", "--output", folder.At("out"), "--verbosity", "quiet");
    }

    /// <summary>The block behind the words that introduce it.</summary>
    private static string Block(string introduction)
    {
        var text = Pages.Read(Page);
        var line = text[..text.IndexOf(introduction, StringComparison.Ordinal)].Count(c => c == '\n');
        return Pages.Blocks(Page).First(block => block.Line > line).Text;
    }

    /// <summary>The name of a file in a line of its own, and then its content.</summary>
    [GeneratedRegex(@"(?m)^`(?<name>[\w.]+)`:\n\n```\w+\n(?<text>(?s:.*?\n))```$")]
    private static partial Regex NamedBlock();
}
