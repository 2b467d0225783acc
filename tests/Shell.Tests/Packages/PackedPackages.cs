using System.Diagnostics;
using System.Globalization;
using System.Xml.Linq;
using Kollect.Shell.Tests.Program;

namespace Kollect.Shell.Tests.Packages;

/// <summary>
/// All packages in one local feed, packed by the first test that asks. Their version is new in every run, and what is restored from the feed goes into a
/// folder of the run: the cache of the user gets none of it.
/// </summary>
public sealed class PackedPackages : IDisposable
{
    private static readonly string[] Projects =
    [
        "Generators/Kollect.Generators.csproj", "Core/Models/Kollect.Models.csproj", "Core/Kollect.Core.csproj", "Shell/Library/Kollect.Shell.csproj",
        "Shell/MongoDb/Kollect.MongoDb.csproj", "Shell/BigQuery/Kollect.BigQuery.csproj", "Shell/Operator/Kollect.Operator.csproj",
        "Shell/Host/Kollect.Host.csproj",
    ];

    private readonly TemporaryFolder folder = new();
    private readonly Lazy<Task> packed;

    public PackedPackages() => packed = new(PackAsync);

    /// <summary>The version of the program: that of the repository.</summary>
    public static string ProgramVersion { get; } = XDocument.Load(Repository.At("Directory.Build.props")).Descendants("Version").Single().Value;

    /// <summary>The version of every package.</summary>
    public string Version { get; } = $"{ProgramVersion}-test.{DateTime.UtcNow.ToString("yyyyMMddHHmmssfff", CultureInfo.InvariantCulture)}";

    /// <summary>The folder with the packages.</summary>
    public async Task<string> FeedAsync()
    {
        await packed.Value;
        return folder.At("feed");
    }

    /// <summary>
    /// Makes a folder whose projects restore from the feed alone, as <c>Version="$(KollectVersion)"</c>; packages of others come out of the cache of the user.
    /// </summary>
    public async Task PrepareAsync(string project)
    {
        var feed = await FeedAsync();
        var cache = Environment.GetEnvironmentVariable("NUGET_PACKAGES")
            ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        new XElement("configuration",
            new XElement("packageSources", new XElement("clear"), Add("packed", feed)),
            new XElement("fallbackPackageFolders", new XElement("clear"), Directory.Exists(cache) ? Add("cache", cache) : null))
            .Save(Path.Combine(project, "nuget.config"));
        // Nothing of a folder above comes in.
        new XElement("Project", new XElement("PropertyGroup", new XElement("KollectVersion", Version))).Save(Path.Combine(project, "Directory.Build.props"));
        new XElement("Project").Save(Path.Combine(project, "Directory.Build.targets"));
    }

    /// <summary>Standard output of a program; the test fails unless the exit code is 0.</summary>
    public async Task<string> RunAsync(string workingDirectory, string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = workingDirectory,
            // A server of the compiler would hold the pipes open after the end of the command.
            Environment = { ["MSBUILDDISABLENODEREUSE"] = "1", ["UseSharedCompilation"] = "false" },
        };
        if (packed.IsValueCreated && packed.Value.IsCompleted)
            start.Environment["NUGET_PACKAGES"] = folder.At("restored");
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)}: exit code {process.ExitCode}\n{await output}\n{await errors}");
        return await output;
    }

    public void Dispose() => folder.Dispose();

    private async Task PackAsync()
    {
        foreach (var project in Projects)
            await RunAsync(
                folder.Path, "dotnet", "pack", Repository.At(project), "--configuration", "Release", "--output", folder.At("feed"),
                $"-p:PackageVersion={Version}");
    }

    private static XElement Add(string key, string value) => new("add", new XAttribute("key", key), new XAttribute("value", value));
}
