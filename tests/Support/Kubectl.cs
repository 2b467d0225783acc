using System.Diagnostics;
using Xunit;

namespace Kollect.Tests.Support;

/// <summary>The exit code and output of one call of kubectl.</summary>
public sealed record KubectlResult(int ExitCode, string Output, string Errors)
{
    /// <summary>The output; throws where the call failed.</summary>
    public string Required => ExitCode == 0 ? Output : throw new InvalidOperationException($"kubectl: {Errors}{Output}");
}

/// <summary>The <c>kubectl</c> on the PATH, of any version.</summary>
public static class Kubectl
{
    /// <summary>Without kubectl, skips the test on a developer's machine and fails it under CI.</summary>
    public static void RequireInstalled() => StandIns.RequireProgram("kubectl");

    /// <summary>Runs kubectl in the root of the checkout.</summary>
    /// <param name="home">Home folder, where kubectl caches files; null = the user's.</param>
    public static async Task<KubectlResult> RunAsync(IEnumerable<string> arguments, string input = "", string? home = null)
    {
        var start = new ProcessStartInfo("kubectl", arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Repository.Root,
        };
        if (home is not null)
            start.Environment["HOME"] = home;
        using var process = Process.Start(start)!;
        var cancel = TestContext.Current.CancellationToken;
        var output = process.StandardOutput.ReadToEndAsync(cancel);
        var errors = process.StandardError.ReadToEndAsync(cancel);
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        await process.WaitForExitAsync(cancel);
        return new KubectlResult(process.ExitCode, await output, await errors);
    }
}
