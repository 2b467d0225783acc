using System.Text.RegularExpressions;
using Kollect.Shell.Tests.Deploy;
using Kollect.Shell.Tests.Program;
using static Kollect.Shell.Tests.Program.Kollect;

namespace Kollect.Shell.Tests.Documentation;

/// <summary>The manifests of the pages are valid.</summary>
public sealed class ManifestTests
{
    [Fact]
    public async Task Each_manifest_of_a_page_is_valid_and_nothing_in_it_is_warned_of()
    {
        using var folder = new TemporaryFolder();
        var blocks = Pages.Blocks("yaml", Pages.ForUsers).Where(block => block.Text.Contains("kollect.dev/", StringComparison.Ordinal)).ToArray();
        Assert.True(blocks.Length >= 8, $"only {blocks.Length} blocks were found");
        foreach (var block in blocks)
            folder.Write($"{block.Page.Replace('/', '-')}-{block.Line}.yaml", block.Text);
        var result = await RunAsync(["validate", "-f", folder.Path]);
        Assert.True(result.ExitCode == 0, result.Output + result.Errors);
        Assert.Equal(["KDB501"], Regex.Matches(result.Output + result.Errors, @"KDB\d+").Select(match => match.Value)); // mode existing, as its page says
    }

    [Fact]
    public async Task The_patch_of_the_page_takes_the_Secrets_from_the_operator_and_nothing_else()
    {
        Kubectl.RequireInstalled();
        var patch = Pages.Blocks("yaml", ["docs/how-to/narrow-secrets.md"]).First().Text;
        using var folder = new TemporaryFolder();
        folder.Write("kustomization.yaml", patch.Replace(
            "../Shell/Host/deploy", Path.GetRelativePath(folder.Path, Repository.At("Shell/Host/deploy")), StringComparison.Ordinal));
        var before = Rules(await Rendered.ReadAsync());
        var after = Rules(await Rendered.ReadAsync(folder.Path));
        Assert.Equal(before.Where(rule => !rule.Contains("secrets", StringComparison.Ordinal)), after);
        Assert.Equal(before.Length - 1, after.Length);

        static string[] Rules(Rendered rendered) =>
            [.. rendered.One("ClusterRole", "kollect-operator")["rules"]!.AsArray().Select(rule => rule!.ToJsonString())];
    }
}
