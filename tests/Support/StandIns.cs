using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Xunit;

namespace Kollect.Tests.Support;

/// <summary>Starts the Node.js programs in <c>tests/StandIns</c>, which contain nothing specific to Kollect.</summary>
public static class StandIns
{
    private static readonly string Folder = Repository.At("tests/StandIns");

    /// <summary>Without Node.js or the package, skips the test on a developer's machine and fails it under CI.</summary>
    public static void RequireInstalled(string package)
    {
        RequireProgram("node");
        Require(Directory.Exists(Path.Combine(Folder, "node_modules", package)), $"npm's package {package} is not in tests/StandIns/node_modules");
    }

    /// <summary>As <see cref="RequireInstalled"/>, for a program on the PATH.</summary>
    public static void RequireProgram(string name) => Require(OnPath(name), $"{name} is not on the PATH");

    /// <summary>As <see cref="RequireInstalled"/>, for a folder that a package installs.</summary>
    public static void RequireFolder(string path) => Require(Directory.Exists(path), $"{path} is missing");

    private static void Require(bool isThere, string missing)
    {
        if (isThere)
            return;
        var reason = $"{missing}: run scripts/install-prerequisites test";
        if (Environment.GetEnvironmentVariable("CI") is { Length: > 0 })
            Assert.Fail(reason);
        Assert.Skip(reason);
    }

    /// <summary>Starts a script; with <c>--with-parent</c> it runs until its standard input is closed.</summary>
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

    /// <summary>Reads the line of JSON that a server prints when it listens; throws with its error output where it ends instead.</summary>
    internal static async Task<JsonElement> ReadyLineAsync(Process server, TimeSpan timeout)
    {
        // Drained until the server ends: a full pipe would block it.
        var errors = server.StandardError.ReadToEndAsync(CancellationToken.None);
        var cancel = TestContext.Current.CancellationToken;
        var line = await server.StandardOutput.ReadLineAsync(cancel).AsTask().WaitAsync(timeout, cancel);
        if (line is null)
            throw new InvalidOperationException($"a stand-in server did not start: {await errors}");
        using var json = JsonDocument.Parse(line);
        return json.RootElement.Clone();
    }

    /// <summary>Runs a script to its end and returns its output; throws with all output where it fails.</summary>
    /// <param name="authorityFile">PEM file of an authority that Node.js trusts in addition to its own; null = none.</param>
    public static Task<string> RunAsync(string script, IEnumerable<string> arguments, string input = "", string? authorityFile = null) =>
        RunAsync(script, arguments, Encoding.UTF8.GetBytes(input), authorityFile);

    /// <summary>As above, with bytes as standard input.</summary>
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

    /// <summary>Ends a server by closing its standard input; kills it after 5 s.</summary>
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

    /// <summary>Whether a program is found by its name.</summary>
    public static bool OnPath(string name) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Any(folder => File.Exists(Path.Combine(folder, name)));
}
