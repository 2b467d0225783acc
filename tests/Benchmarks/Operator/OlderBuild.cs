using System.Diagnostics;
using Kollect.Tests.Support;

namespace Kollect.Benchmarks.Operator;

/// <summary>The program of another commit, under <c>artifacts/bench/</c>: built once, in a worktree that is removed again.</summary>
internal static class OlderBuild
{
    /// <summary>The commit's short name and the path of its program.</summary>
    public static async Task<(string Name, string Program)> OfAsync(string commit, CancellationToken cancel)
    {
        var name = (await RunAsync("git", ["-C", Repository.Root, "rev-parse", "--short", $"{commit}^{{commit}}"], cancel)).Trim();
        var folder = Repository.At($"artifacts/bench/{name}");
        var program = Path.Combine(folder, "kollect");
        if (File.Exists(program))
            return (name, program);

        await Console.Error.WriteLineAsync($"building {commit} ({name})");
        var tree = Repository.At($"artifacts/bench/tree-{name}");
        await RunAsync("git", ["-C", Repository.Root, "worktree", "add", "--force", "--detach", tree, name], cancel);
        try
        {
            await RunAsync("dotnet", ["publish", Path.Combine(tree, "Shell/Host/Kollect.Host.csproj"), "-c", "Release", "-o", folder], cancel);
        }
        finally
        {
            await RunAsync("git", ["-C", Repository.Root, "worktree", "remove", "--force", tree], CancellationToken.None);
        }

        return (name, program);
    }

    /// <summary>A program that is given by its path or by that of its folder.</summary>
    public static string At(string path) => Directory.Exists(path) ? Path.Combine(path, "kollect") : path;

    private static async Task<string> RunAsync(string program, string[] arguments, CancellationToken cancel)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true };
        // `dotnet run` says things to its child that a build in another folder must not hear.
        foreach (var inherited in start.Environment.Keys.Where(it => it.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)).ToList())
            start.Environment.Remove(inherited);
        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync(cancel);
        await process.WaitForExitAsync(cancel);
        return process.ExitCode == 0
            ? output
            : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with exit code {process.ExitCode}: {output}");
    }
}
