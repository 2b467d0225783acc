using System.IO.Compression;
using System.Xml.Linq;
using Kollect.Shell.Tests.Packages;
using Kollect.Shell.Tests.Program;

namespace Kollect.Shell.Tests.Deploy;

/// <summary>Installs the tool from a feed that has nothing but our packages, and runs it.</summary>
public sealed class ToolPackageTests(PackedPackages packages) : IDisposable
{
    private readonly TemporaryFolder folder = new();

    [Fact]
    public async Task The_tool_installs_from_its_package_alone_and_runs()
    {
        var feed = await packages.FeedAsync();
        await RunAsync("dotnet", "tool", "install", "Kollect.Cli", "--version", packages.Version, "--tool-path", folder.At("tools"), "--source", feed);

        Assert.StartsWith($"kollect {PackedPackages.ProgramVersion} ", await RunAsync(folder.At("tools/kollect"), "--version"), StringComparison.Ordinal);
        Assert.Contains("kind: CustomResourceDefinition", await RunAsync(folder.At("tools/kollect"), "crds"), StringComparison.Ordinal);
        await RunAsync(folder.At("tools/kollect"), "validate", "-f", Repository.At("crds/samples"));

        await using var package = await ZipFile.OpenReadAsync(
            Path.Combine(feed, $"Kollect.Cli.{packages.Version}.nupkg"), TestContext.Current.CancellationToken);
        Assert.NotNull(package.GetEntry("README.md"));
        Assert.NotNull(package.GetEntry("icon.png"));
        await using var specification = await package.GetEntry("Kollect.Cli.nuspec")!.OpenAsync(TestContext.Current.CancellationToken);
        Assert.Equal("MIT", XDocument.Load(specification).Descendants().Single(it => it.Name.LocalName == "license").Value);
    }

    public void Dispose() => folder.Dispose();

    private Task<string> RunAsync(string program, params string[] arguments) => packages.RunAsync(folder.Path, program, arguments);
}
