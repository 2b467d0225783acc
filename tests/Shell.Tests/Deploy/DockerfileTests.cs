using System.Xml.Linq;

namespace Kollect.Shell.Tests.Deploy;

/// <summary>Compares the Dockerfile with the checkout and with the Deployment; builds no image.</summary>
public sealed class DockerfileTests
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
            .Concat(["global.json", "Directory.Build.props", "Directory.Packages.props", ".editorconfig"]).Distinct();
        Assert.All(needed, path => Assert.Contains(Copied, source => path == source || path.StartsWith(source + "/", StringComparison.Ordinal)));
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
