using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Xunit;

namespace Kollect.Tests.Support;

/// <summary>Starts the Node.js programs below <c>tests/StandIns</c>; they know nothing of Kollect.</summary>
public static class StandIns
{
    private static readonly string Folder = Repository.At("tests/StandIns");

    /// <summary>Skips on a laptop where Node.js or a package is missing, fails there under CI.</summary>
    public static void RequireInstalled(string package)
    {
        RequireProgram("node");
        Require(Directory.Exists(Path.Combine(Folder, "node_modules", package)), $"npm's package {package} is not in tests/StandIns/node_modules");
    }

    /// <summary>The same for a program that must be on the PATH.</summary>
    public static void RequireProgram(string name) => Require(OnPath(name), $"{name} is not on the PATH");

    private static void Require(bool isThere, string missing)
    {
        if (isThere)
            return;
        var reason = $"{missing}: run scripts/install-prerequisites test";
        if (Environment.GetEnvironmentVariable("CI") is { Length: > 0 })
            Assert.Fail(reason);
        Assert.Skip(reason);
    }

    /// <summary>A script that runs until its standard input is closed, if it was told <c>--with-parent</c>.</summary>
    internal static Process Start(string script, IEnumerable<string> arguments, string? authorityFile = null)
    {
        var start = new ProcessStartInfo("node", [Path.Combine(Folder, script), .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        if (authorityFile is not null)
            start.Environment["NODE_EXTRA_CA_CERTS"] = authorityFile;
        return Process.Start(start)!;
    }

    /// <summary>The line of JSON that a server prints when it listens; an error with what it said when it ended instead.</summary>
    internal static async Task<JsonElement> ReadyLineAsync(Process server, TimeSpan timeout)
    {
        // Read on to the server's end: a full pipe would stop it.
        var errors = server.StandardError.ReadToEndAsync(CancellationToken.None);
        var line = await server.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(timeout, TestContext.Current.CancellationToken);
        if (line is null)
            throw new InvalidOperationException($"a stand-in server did not start: {await errors}");
        using var json = JsonDocument.Parse(line);
        return json.RootElement.Clone();
    }

    /// <summary>Runs a script to its end and answers what it printed; an error with what it said when it failed.</summary>
    /// <param name="authorityFile">A certificate authority that Node.js shall trust besides its own, PEM.</param>
    public static Task<string> RunAsync(string script, IEnumerable<string> arguments, string input = "", string? authorityFile = null) =>
        RunAsync(script, arguments, Encoding.UTF8.GetBytes(input), authorityFile);

    /// <summary>The same with bytes as its input.</summary>
    public static async Task<string> RunAsync(string script, IEnumerable<string> arguments, ReadOnlyMemory<byte> input, string? authorityFile = null)
    {
        using var process = Start(script, arguments, authorityFile);
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.StandardInput.BaseStream.WriteAsync(input, TestContext.Current.CancellationToken);
        process.StandardInput.Close();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return process.ExitCode == 0 ? await output : throw new InvalidOperationException($"{script}: {await errors}{await output}");
    }

    /// <summary>Ends a server by closing its input; kills it where that is not enough.</summary>
    internal static async Task StopAsync(Process server)
    {
        using (server)
        {
            server.StandardInput.Close();
            using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(5));
            try
            {
                await server.WaitForExitAsync(timeout.Token);
            }
            catch (OperationCanceledException)
            {
                server.Kill(entireProcessTree: true);
                await server.WaitForExitAsync(CancellationToken.None);
            }
        }
    }

    private static bool OnPath(string name) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Any(folder => File.Exists(Path.Combine(folder, name)));
}
