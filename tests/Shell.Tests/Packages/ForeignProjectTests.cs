using System.IO.Compression;
using Kollect.Shell.Tests.Program;

namespace Kollect.Shell.Tests.Packages;

/// <summary>A project of somebody else (tests/Foreign) with its own CRD, and the packed generator.</summary>
public sealed class ForeignProjectTests(PackedPackages packages) : IDisposable
{
    private readonly TemporaryFolder folder = new();

    [Fact]
    public async Task A_foreign_project_generates_the_models_of_its_own_CRD_and_runs()
    {
        foreach (var file in Directory.EnumerateFiles(Repository.At("tests/Foreign")))
            File.Copy(file, folder.At(Path.GetFileName(file)));
        await packages.PrepareAsync(folder.Path);
        await packages.RunAsync(folder.Path, "dotnet", "build", "--output", folder.At("out"), "--verbosity", "quiet");

        Assert.Equal(
            """
            NotInEnum spec.mode: "lout" is none of quiet, loud; did you mean loud?
            {"apiVersion":"acme.example/v1beta1","kind":"Gadget","metadata":{},"spec":{"mode":"loud","ports":[80,"http"],"labels":{"a":"1","b":"2","c":"3"}}}
            True

            """,
            await packages.RunAsync(folder.Path, folder.At("out/Gadgets")));
        Assert.Equal(["Gadgets.dll"], Directory.EnumerateFiles(folder.At("out"), "*.dll").Select(Path.GetFileName));
    }

    [Fact]
    public async Task The_package_is_an_analyzer_and_nothing_else()
    {
        var feed = await packages.FeedAsync();
        await using var package = await ZipFile.OpenReadAsync(
            Path.Combine(feed, $"Kollect.Generators.{packages.Version}.nupkg"), TestContext.Current.CancellationToken);
        Assert.Equal(
            [
                "Kollect.Generators.nuspec", "THIRD-PARTY-NOTICES.txt", "analyzers/dotnet/cs/Kollect.Generators.dll", "analyzers/dotnet/cs/YamlDotNet.dll",
                "build/Kollect.Generators.props", "icon.png", "package.md",
            ],
            package.Entries.Select(entry => entry.FullName).Where(name => !name.StartsWith("_rels/", StringComparison.Ordinal)
                && !name.StartsWith("package/", StringComparison.Ordinal) && name != "[Content_Types].xml").Order(StringComparer.Ordinal));
    }

    public void Dispose() => folder.Dispose();
}
