using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Kollect.Shell.Tests.Program;

/// <summary>Colours, on a terminal of <c>script</c> (util-linux).</summary>
public sealed partial class ColourTests
{
    [Theory]
    [InlineData(true, "TERM=xterm")]
    [InlineData(false, "TERM=xterm", "NO_COLOR=1")]
    public async Task Words_have_a_colour_on_a_terminal_unless_NO_COLOR_is_set(bool coloured, params string[] environment)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "script of other systems has other options");
        StandIns.RequireProgram("script");
        var start = new ProcessStartInfo(
            "script", ["-qec", $"{Path.Combine(AppContext.BaseDirectory, "kollect")} validate -f tests/Shell.Tests/Program/wrong-sinks", "/dev/null"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            WorkingDirectory = Repository.Root,
        };
        foreach (var variable in environment)
            start.Environment[variable.Split('=')[0]] = variable.Split('=')[1];
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(1, process.ExitCode);
        Assert.Equal(coloured, Red().IsMatch(output));
        Assert.Contains(" problems, ", output, StringComparison.Ordinal);
    }

    [GeneratedRegex("\u001b\\[(?:31|91)merror\u001b\\[[0-9;]*m")]
    private static partial Regex Red();
}
