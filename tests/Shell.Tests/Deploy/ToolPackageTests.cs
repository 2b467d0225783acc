using System.Diagnostics;
using System.IO.Compression;
using System.Xml.Linq;
using Kollect.Shell.Tests.Program;

namespace Kollect.Shell.Tests.Deploy;

/// <summary>Packs the tool, installs it from a feed that has nothing else, and runs it.</summary>
public sealed class ToolPackageTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    [Fact]
    public async Task The_tool_installs_from_its_package_alone_and_runs()
    {
        await RunAsync("dotnet", "pack", Repository.At("Shell/Host/Kollect.Host.csproj"), "--configuration", "Release", "--output", folder.Path);
        var version = XDocument.Load(Repository.At("Directory.Build.props")).Descendants("Version").Single().Value;
        await RunAsync("dotnet", "tool", "install", "Kollect.Cli", "--version", version, "--tool-path", folder.At("tools"), "--source", folder.Path);

        Assert.StartsWith($"kollect {version} ", await RunAsync(folder.At("tools/kollect"), "--version"), StringComparison.Ordinal);
        Assert.Contains("kind: CustomResourceDefinition", await RunAsync(folder.At("tools/kollect"), "crds"), StringComparison.Ordinal);
        await RunAsync(folder.At("tools/kollect"), "validate", "-f", Repository.At("crds/samples"));

        await using var package = await ZipFile.OpenReadAsync(folder.At($"Kollect.Cli.{version}.nupkg"), TestContext.Current.CancellationToken);
        Assert.NotNull(package.GetEntry("README.md"));
        Assert.NotNull(package.GetEntry("icon.png"));
        await using var specification = await package.GetEntry("Kollect.Cli.nuspec")!.OpenAsync(TestContext.Current.CancellationToken);
        Assert.Equal("MIT", XDocument.Load(specification).Descendants().Single(it => it.Name.LocalName == "license").Value);
    }

    public void Dispose() => folder.Dispose();

    /// <summary>Standard output; the test fails unless the exit code is 0.</summary>
    private async Task<string> RunAsync(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder.Path,
            // A server of the compiler would hold the pipes open after the end of the command.
            Environment = { ["MSBUILDDISABLENODEREUSE"] = "1", ["UseSharedCompilation"] = "false" },
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)}: exit code {process.ExitCode}\n{await output}\n{await errors}");
        return await output;
    }
}
