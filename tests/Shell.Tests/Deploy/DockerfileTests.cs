using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Kollect.Shell.Tests.Program;

namespace Kollect.Shell.Tests.Deploy;

/// <summary>Compares the Dockerfile with the checkout and with the Deployment, and runs its build stage; builds no image.</summary>
public sealed partial class DockerfileTests
{
    private static readonly string[] Lines = File.ReadAllLines(Repository.At("Shell/Host/deploy/Dockerfile"));

    [Fact]
    public void Every_copied_path_exists_and_is_not_ignored()
    {
        var ignored = File.ReadAllLines(Repository.At(".dockerignore")).Where(line => !line.StartsWith('#')).ToArray();
        Assert.NotEmpty(Copied);
        Assert.All(Copied, path =>
        {
            Assert.True(Path.Exists(Repository.At(path)), $"{path} is copied, and does not exist");
            Assert.DoesNotContain(path, ignored);
        });
    }

    [Fact]
    public void No_file_that_the_program_embeds_is_ignored()
    {
        var ignored = File.ReadAllLines(Repository.At(".dockerignore")).Where(line => !line.StartsWith('#')).ToArray();
        var embedded = XDocument.Load(Repository.At("Shell/Host/Kollect.Host.csproj")).Descendants("EmbeddedResource").Attributes("Include")
            .SelectMany(include => include.Value.Split(';'))
            .Select(pattern => Path.GetRelativePath(Repository.Root, Path.GetFullPath(Repository.At($"Shell/Host/{pattern}"))))
            .ToArray();
        Assert.NotEmpty(embedded);
        Assert.All(embedded, path => Assert.DoesNotContain(ignored, line => path.StartsWith(line + "/", StringComparison.Ordinal)));
    }

    [Fact]
    public void Every_file_of_the_build_is_copied()
    {
        var needed = Projects("Shell/Host/Kollect.Host.csproj").SelectMany(project => Named(project).Prepend(project))
            .Concat(FilesOfEveryBuild).Distinct();
        Assert.All(needed, path => Assert.Contains(Copied, source => path == source || path.StartsWith(source + "/", StringComparison.Ordinal)));
    }

    [Fact]
    public void The_base_images_are_named_exactly_and_the_SDK_is_one_that_the_checkout_takes()
    {
        var bases = Lines.Where(line => line.StartsWith("FROM ", StringComparison.Ordinal)).Select(line => Base().Match(line)).ToArray();
        Assert.All(bases, it => Assert.True(it.Success));
        Assert.Equal(["sdk", "aspnet"], bases.Select(it => it.Groups["image"].Value));
        Assert.Single(bases.Select(it => it.Groups["os"].Value).Distinct());
        var sdk = JsonNode.Parse(File.ReadAllText(Repository.At("global.json")))!["sdk"]!;
        var (wanted, given) = (Version.Parse((string)sdk["version"]!), Version.Parse(bases[0].Groups["version"].Value));
        Assert.Equal("latestFeature", (string?)sdk["rollForward"]);
        Assert.True(given >= wanted && (given.Major, given.Minor) == (wanted.Major, wanted.Minor), $"{given} is not what global.json takes");
        // The SDK runs where the image is built; only the second stage has the architecture of the image.
        Assert.Equal([true, false], bases.Select(it => it.Value.Contains("--platform=$BUILDPLATFORM ", StringComparison.Ordinal)));
    }

    /// <summary>The RUN command of the build stage in a folder with what the stage copies and nothing else, for both architectures: minutes.</summary>
    [Theory]
    [InlineData("amd64", 62)]
    [InlineData("arm64", 183)]
    public async Task The_build_stage_builds_from_what_it_copies(string architecture, int machine)
    {
        if (!Soak.IsOn)
            Assert.Skip("it builds everything anew: make soak");
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.At("source"));
        await RunAsync("sh", ["-c", "cp -r --parents " + string.Join(' ', Copied) + " \"$0\"", folder.At("source")], Repository.Root);
        File.Delete(folder.At("source/Shell/Host/deploy/Dockerfile"));
        var text = string.Join('\n', Lines);
        var run = Regex.Match(text, @"^RUN (?:--mount=\S+\s+\\\n)?(?<command>(?:.*\\\n)*.*)$", RegexOptions.Multiline).Groups["command"].Value;
        Assert.Contains("--output /app", run, StringComparison.Ordinal);
        await RunAsync(
            "sh",
            ["-c", run.Replace("--output /app", $"--output {folder.At("app")}", StringComparison.Ordinal)],
            folder.At("source"),
            ("TARGETARCH", architecture),
            ("VERSION", "9.8.7"),
            ("COMMIT", "0123456789abcdef0123456789abcdef01234567"));
        await using var program = File.OpenRead(folder.At("app/kollect"));
        var head = new byte[20];
        await program.ReadExactlyAsync(head, TestContext.Current.CancellationToken);
        Assert.Equal(machine, BitConverter.ToUInt16(head, 18)); // e_machine of elf(5)
        if ((architecture == "amd64") == (RuntimeInformation.OSArchitecture == Architecture.X64))
            Assert.StartsWith(
                "kollect 9.8.7 (commit 0123456789ab, ", await RunAsync(folder.At("app/kollect"), ["version"], folder.Path), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_image_matches_the_Deployment()
    {
        var rendered = await Rendered.ReadAsync();
        var (user, group) = (rendered.Pod.Text("securityContext.runAsUser"), rendered.Pod.Text("securityContext.runAsGroup"));
        Assert.Contains($"USER {user}:{group}", Lines);
        Assert.Equal(
            rendered.Container.At("ports").AsArray().Select(port => port!.Text("containerPort")).Order(StringComparer.Ordinal),
            Assert.Single(Lines, line => line.StartsWith("EXPOSE ", StringComparison.Ordinal)).Split(' ')[1..].Order(StringComparer.Ordinal));
        var host = XDocument.Load(Repository.At("Shell/Host/Kollect.Host.csproj"));
        Assert.Contains($"ENTRYPOINT [\"/app/{host.Descendants("AssemblyName").Single().Value}\"]", Lines);
        var version = XDocument.Load(Repository.At("Directory.Build.props")).Descendants("Version").Single().Value;
        Assert.Equal($"kollect:{version}", rendered.Container.Text("image"));
    }

    /// <summary>Files at the root that MSBuild, NuGet, the SDK and the compiler read for every project, by their names.</summary>
    private static IEnumerable<string> FilesOfEveryBuild => Directory.EnumerateFiles(Repository.Root).Select(it => Path.GetFileName(it)!)
        .Where(it => it.StartsWith("Directory.", StringComparison.Ordinal)
            || it.ToLowerInvariant() is "global.json" or "nuget.config" or ".editorconfig" or ".globalconfig");

    private static async Task<string> RunAsync(string program, string[] arguments, string folder, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder };
        // A server of the compiler would hold the pipes open after the end of the command.
        foreach (var (name, value) in environment.Concat([("MSBUILDDISABLENODEREUSE", "1"), ("UseSharedCompilation", "false")]))
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)}: exit code {process.ExitCode}\n{await output}\n{await errors}");
        return await output;
    }

    // FROM --platform=$BUILDPLATFORM mcr.microsoft.com/dotnet/sdk:10.0.401-noble AS build
    [GeneratedRegex(@"^FROM (?:--platform=\$BUILDPLATFORM )?mcr\.microsoft\.com/dotnet/(?<image>\w+):(?<version>\d+\.\d+\.\d+)-(?<os>[a-z]+)(?: AS \w+)?$")]
    private static partial Regex Base();

    /// <summary>Paths that the build copies from the checkout, relative to its root.</summary>
    private static string[] Copied =>
        [.. Lines.Where(line => line.StartsWith("COPY ", StringComparison.Ordinal) && !line.Contains("--from", StringComparison.Ordinal))
            .SelectMany(line => line.Split(' ')[1..^1])
            .Select(path => path.TrimEnd('/'))];

    /// <summary>A project and its references, transitively, relative to the root.</summary>
    private static IEnumerable<string> Projects(string project) =>
        Named(project).Where(path => path.EndsWith(".csproj", StringComparison.Ordinal)).SelectMany(Projects).Prepend(project);

    /// <summary>Files and patterns outside its folder that a project includes, relative to the root.</summary>
    private static IEnumerable<string> Named(string project) =>
        XDocument.Load(Repository.At(project)).Descendants().Attributes("Include")
            .SelectMany(include => include.Value.Split(';'))
            .Where(path => path.StartsWith("../", StringComparison.Ordinal))
            .Select(path => Path.GetRelativePath(Repository.Root, Path.GetFullPath(Repository.At(Path.GetDirectoryName(project) + "/" + path))));
}
