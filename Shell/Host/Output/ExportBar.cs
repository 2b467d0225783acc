using System.Globalization;
using Kollect.Shell.Exports;
using Spectre.Console;

namespace Kollect.Host.Output;

/// <summary>Shows the progress of an export on standard error, if that is a terminal.</summary>
internal static class ExportBar
{
    /// <summary>Runs <paramref name="export"/> with a receiver of progress, or with null where standard error is not a terminal.</summary>
    public static async Task<T> RunAsync<T>(Func<IProgress<ExportProgress>?, Task<T>> export)
    {
        if (Console.IsErrorRedirected)
            return await export(null);

        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(OwnError()) });
        return await console.Status().StartAsync(
            "connecting",
            async status => await export(new Inline(progress => status.Status = Line(progress))));
    }

    // Its texts are our own, and move the cursor.
    private static StreamWriter OwnError() => new(Console.OpenStandardError(), Console.Error.Encoding, leaveOpen: true) { AutoFlush = true };

    private static string Line(ExportProgress progress) => string.Create(
        CultureInfo.InvariantCulture, $"{progress.Doing}: {progress.Items:N0} items, {progress.Bytes / 1e6:N1} MB");

    // Progress<T> posts to the thread pool, where reports can overtake each other.
    private sealed class Inline(Action<ExportProgress> show) : IProgress<ExportProgress>
    {
        public void Report(ExportProgress value) => show(value);
    }
}
