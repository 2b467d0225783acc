using System.Diagnostics;
using Xunit;

namespace Kollect.Tests.Support;

/// <summary>What one call of kubectl said.</summary>
public sealed record KubectlResult(int ExitCode, string Output, string Errors)
{
    /// <summary>The output of a call that succeeded.</summary>
    public string Required => ExitCode == 0 ? Output : throw new InvalidOperationException($"kubectl: {Errors}{Output}");
}

/// <summary>The <c>kubectl</c> on the PATH, whichever version that is.</summary>
public static class Kubectl
{
    /// <summary>Skips on a laptop without kubectl, fails there under CI.</summary>
    public static void RequireInstalled() => StandIns.RequireProgram("kubectl");

    /// <summary>Runs it in the checkout's root.</summary>
    /// <param name="arguments">As on the command line.</param>
    /// <param name="input">Its standard input.</param>
    /// <param name="home">Where it may keep files; null = the user's own.</param>
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
