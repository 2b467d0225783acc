using System.Globalization;
using Kollect.Shell.Exports;
using Spectre.Console;

namespace Kollect.Host.Output;

/// <summary>Shows the progress of an export on standard error: in one line that changes, or, where that is no terminal, by a line every 10 s.</summary>
internal static class ExportBar
{
    /// <summary>Runs <paramref name="export"/> with a receiver of progress.</summary>
    public static async Task<T> RunAsync<T>(Func<IProgress<ExportProgress>, Task<T>> export)
    {
        if (Console.IsErrorRedirected)
        {
            await using var lines = new TimedLines();
            return await export(lines);
        }

        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(OwnError()) });
        return await console.Status().StartAsync(
            "connecting",
            async status => await export(new Inline(progress => status.Status = Line(progress))));
    }

    // Its texts are our own, and move the cursor.
    private static StreamWriter OwnError() => new(Console.OpenStandardError(), Console.Error.Encoding, leaveOpen: true) { AutoFlush = true };

    private static string Line(ExportProgress progress) => progress.Items == 0
        ? progress.Doing
        : string.Create(CultureInfo.InvariantCulture, $"{progress.Doing}: {progress.Items:N0} items, {progress.Bytes / 1e6:N1} MB");

    // Progress<T> posts to the thread pool, where reports can overtake each other.
    private sealed class Inline(Action<ExportProgress> show) : IProgress<ExportProgress>
    {
        public void Report(ExportProgress value) => show(value);
    }

    private sealed class TimedLines : IProgress<ExportProgress>, IAsyncDisposable
    {
        private static readonly TimeSpan Between = TimeSpan.FromSeconds(10);

        private readonly Lock gate = new();
        private readonly Timer timer;
        private ExportProgress? last;

        public TimedLines() => timer = new Timer(_ => Print(), null, Between, Between);

        public void Report(ExportProgress value)
        {
            lock (gate)
                last = value;
        }

        public ValueTask DisposeAsync() => timer.DisposeAsync();

        private void Print()
        {
            lock (gate)
                Terminal.Error(last is { } progress ? Line(progress) : "connecting, and waiting for items");
        }
    }
}
