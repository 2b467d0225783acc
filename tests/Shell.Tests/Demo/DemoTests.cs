using System.Diagnostics;
using System.Runtime.Versioning;
using System.Text;
using System.Text.RegularExpressions;
using Kollect.Shell.Tests.Program;

namespace Kollect.Shell.Tests.Demo;

/// <summary><c>make demo</c> after the build: <c>scripts/demo</c>, with the program of this build.</summary>
[UnsupportedOSPlatform("windows")]
public sealed partial class DemoTests
{
    [Fact]
    public async Task The_demo_prints_what_the_golden_shows_word_for_word()
    {
        Require();
        await using var demo = RunningDemo.Start();
        Assert.Equal(0, await demo.EndAsync());
        Golden.Verify(Stable(demo.Output.Replace(demo.Folder, "/tmp", StringComparison.Ordinal)), "cli/demo.txt");
        Assert.Equal("", demo.Errors);
        demo.AssertNothingIsLeft();
    }

    [Theory]
    [InlineData("$ kollect plan ")]
    [InlineData("$ kubectl wait ")]
    public async Task After_an_interrupt_nothing_is_left(string at)
    {
        Require();
        await using var demo = RunningDemo.Start();
        await demo.SaysAsync(at);
        await demo.InterruptAsync();
        Assert.Equal(130, await demo.EndAsync());
        demo.AssertNothingIsLeft();
    }

    [Fact]
    public async Task Without_node_and_kubectl_it_ends_well_after_the_first_half()
    {
        StandIns.RequireInstalled("yaml");
        using var folder = new TemporaryFolder();
        foreach (var program in new[] { "bash", "dirname", "realpath", "sed" })
            File.CreateSymbolicLink(folder.At(program), new[] { $"/usr/bin/{program}", $"/bin/{program}" }.First(File.Exists));
        var stub = folder.Write("kollect", "#!/bin/sh\necho \"kollect $*\"\n");
        File.SetUnixFileMode(stub, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        await using var demo = RunningDemo.Start(("KOLLECT", stub), ("PATH", folder.Path));
        Assert.Equal(0, await demo.EndAsync());
        Assert.Equal(
            "kollect demo\n\nThe second half of the demo, the operator, is left out, because this is missing: node, kubectl.\n"
            + "scripts/install-prerequisites demo installs it where apt-get can.\n",
            demo.Output);
    }

    private static void Require()
    {
        PostgresServer.RequireInstalled();
        StandIns.RequireInstalled("yaml");
        Kubectl.RequireInstalled();
    }

    /// <summary>Without what differs from run to run.</summary>
    private static string Stable(string output)
    {
        // kubectl 1.34 and newer name the namespace.
        var lines = output.Replace(" from default namespace", "", StringComparison.Ordinal).Split('\n').Select(line => line.TrimEnd());
        (Regex What, string With)[] varying =
        [
            (Elapsed(), "elapsedMs      TIME"), (Time(), "TIME"), (Age(), "(AGE ago)"), (Number(), "$1NUMBER"), (Suffix(), "$1XXXXXX"),
        ];
        return varying.Aggregate(string.Join('\n', lines), (text, it) => it.What.Replace(text, it.With));
    }

    [GeneratedRegex("elapsedMs +[0-9,]+")]
    private static partial Regex Elapsed();

    [GeneratedRegex(@"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(Z|\+00)")]
    private static partial Regex Time();

    [GeneratedRegex(@"\(\d+[smhd] ago\)")]
    private static partial Regex Age();

    [GeneratedRegex(@"( -p |kill )\d+")]
    private static partial Regex Number();

    [GeneratedRegex(@"(/tmp/kollect-(?:demo|pg)-)\w+")]
    private static partial Regex Suffix();

    /// <summary>The script as the leader of a session, as in a terminal, with a folder of its own for temporary files.</summary>
    private sealed partial class RunningDemo : IAsyncDisposable
    {
        private readonly Process process;
        private readonly TemporaryFolder folder = new();
        private readonly StringBuilder output = new();
        private readonly Task read;
        private readonly Task<string> errors;

        private RunningDemo(Func<string, Process> start)
        {
            // The server runs as another account where the tests run as root.
            const UnixFileMode Search = UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
            File.SetUnixFileMode(folder.Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | Search);
            process = start(folder.Path);
            process.StandardInput.Close();
            read = ReadAsync();
            errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        }

        public string Folder => folder.Path;

        public string Errors { get; private set; } = "";

        public string Output
        {
            get
            {
                lock (output)
                    return output.ToString();
            }
        }

        public static RunningDemo Start(params (string Name, string Value)[] environment) => new(temporary =>
        {
            // A test run in the background may ignore the interrupt, and its children would, too.
            var start = new ProcessStartInfo("/usr/bin/setsid", ["/usr/bin/env", "--default-signal=INT", Repository.At("scripts/demo")])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                Environment = { ["KOLLECT"] = Path.Combine(AppContext.BaseDirectory, "kollect"), ["TMPDIR"] = temporary },
            };
            foreach (var (name, value) in environment)
                start.Environment[name] = value;
            return Process.Start(start)!;
        });

        public Task SaysAsync(string text) => Eventually.HoldsAsync(() => Task.FromResult(Output.Contains(text, StringComparison.Ordinal)));

        /// <summary>As Ctrl-C in a terminal: to every process of the group.</summary>
        public async Task InterruptAsync()
        {
            using var kill = Process.Start("kill", ["-INT", "--", FormattableString.Invariant($"-{process.Id}")]);
            await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        /// <summary>Waits for the end and returns the exit code.</summary>
        public async Task<int> EndAsync()
        {
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            await read;
            Errors = await errors;
            return process.ExitCode;
        }

        public void AssertNothingIsLeft()
        {
            Assert.Empty(Directory.EnumerateFileSystemEntries(Folder));
            Assert.Empty(Processes());
        }

        public async ValueTask DisposeAsync()
        {
            foreach (var left in Processes())
                using (var process = Process.GetProcessById(left))
                    process.Kill();
            await process.WaitForExitAsync(CancellationToken.None);
            process.Dispose();
            folder.Dispose();
        }

        /// <summary>Of the session, and of the PostgreSQL server, which has one of its own; by their temporary folder.</summary>
        private int[] Processes() => [.. Directory.EnumerateDirectories("/proc")
            .Select(path => int.TryParse(Path.GetFileName(path), out var id) ? id : 0)
            .Where(id => id > 0 && HasFolder(id))];

        private bool HasFolder(int id)
        {
            try
            {
                return File.ReadAllText($"/proc/{id}/environ").Split('\0').Contains($"TMPDIR={Folder}");
            }
            catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
            {
                return false;
            }
        }

        private async Task ReadAsync()
        {
            var buffer = new char[4096];
            while (await process.StandardOutput.ReadAsync(buffer, TestContext.Current.CancellationToken) is > 0 and var count)
                lock (output)
                    output.Append(buffer, 0, count);
        }
    }
}
