using System.Diagnostics;
using Kollect.Shell.Tests.Program;

namespace Kollect.Shell.Tests.Documentation;

/// <summary>The documentation as a site.</summary>
public sealed class SiteTests
{
    [Fact]
    public async Task The_site_is_built_and_each_of_its_links_leads_somewhere()
    {
        StandIns.RequireProgram("node");
        StandIns.RequireFolder(Repository.At("docs/tools/node_modules/markdown-it"));
        using var folder = new TemporaryFolder();
        var site = folder.At("site");
        Assert.Equal(0, (await NodeAsync("site.js", site)).ExitCode);
        Assert.Equal((0, ""), await BrokenAsync(site));

        // The check sees what it is for.
        var page = folder.At("site/docs/get-started/install.html");
        var html = await File.ReadAllTextAsync(page, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(page, html + """<a href="gone.html"></a><a href="../index.html#gone"></a>""", TestContext.Current.CancellationToken);
        Assert.Equal(
            (1, "docs/get-started/install.html: gone.html leads nowhere\ndocs/get-started/install.html: ../index.html#gone leads nowhere\n"),
            await BrokenAsync(site));
    }

    /// <summary>The exit code of the check, and its lines but the last, which counts the links.</summary>
    private static async Task<(int ExitCode, string Broken)> BrokenAsync(string folder)
    {
        var (exit, output) = await NodeAsync("check-site.js", folder);
        Assert.Matches(@"(?m)^[1-9]\d{3,} links on \d+ pages, \d+ broken$", output);
        return (exit, output[..(output.TrimEnd('\n').LastIndexOf('\n') + 1)]);
    }

    private static async Task<(int ExitCode, string Output)> NodeAsync(string script, string folder)
    {
        using var process = Process.Start(new ProcessStartInfo("node", [Repository.At($"docs/tools/{script}"), folder]) { RedirectStandardOutput = true })!;
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, output);
    }
}
