using System.Diagnostics;
using Xunit;

namespace Kollect.Tests.Support;

/// <summary>The <c>kubectl</c> on the PATH, whichever version that is.</summary>
public static class Kubectl
{
    /// <summary>Skips on a laptop without kubectl, fails there under CI.</summary>
    public static void RequireInstalled() => StandIns.RequireProgram("kubectl");

    /// <summary>Runs it in the checkout's root and answers what it printed; an error with what it said when it failed.</summary>
    public static async Task<string> RunAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo("kubectl", arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Repository.Root,
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return process.ExitCode == 0 ? await output : throw new InvalidOperationException($"kubectl {string.Join(' ', arguments)}: {await errors}");
    }
}
