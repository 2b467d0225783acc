using System.Globalization;
using Kollect.Shell.Exports;
using Spectre.Console;

namespace Kollect.Host.Output;

/// <summary>Progress of an export on standard error, only where that is a terminal.</summary>
internal static class ExportBar
{
    /// <summary>Runs <paramref name="export"/>; tells it where to report to, or null where nobody looks.</summary>
    public static async Task<T> RunAsync<T>(Func<IProgress<ExportProgress>?, Task<T>> export)
    {
        if (Console.IsErrorRedirected)
            return await export(null);

        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        return await console.Status().StartAsync(
            "connecting",
            async status => await export(new Inline(progress => status.Status = Line(progress))));
    }

    private static string Line(ExportProgress progress) => string.Create(
        CultureInfo.InvariantCulture, $"{progress.Doing}: {progress.Items:N0} items, {progress.Bytes / 1e6:N1} MB");

    // Progress<T> would post to the thread pool, where lines overtake each other.
    private sealed class Inline(Action<ExportProgress> show) : IProgress<ExportProgress>
    {
        public void Report(ExportProgress value) => show(value);
    }
}
