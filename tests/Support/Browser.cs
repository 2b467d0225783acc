using System.Diagnostics;
using System.Text.Json;
using Xunit;

namespace Kollect.Tests.Support;

/// <summary>How to look at a page.</summary>
/// <param name="Width">Of the window, in CSS pixels.</param>
/// <param name="Scheme"><c>light</c> or <c>dark</c>, as the reader's system prefers.</param>
/// <param name="Loads">When it has been loaded so often; beyond 1 the page must do it itself.</param>
public sealed record Look(Uri Url, int Width = 1280, string Scheme = "light", int Loads = 1);

/// <summary>What a person sees of a page, and what its browser notes.</summary>
/// <param name="Rows">The texts of the cells of each row of a table.</param>
/// <param name="Tags">The names of all elements.</param>
/// <param name="CutOff">Texts that reach beyond the window.</param>
/// <param name="Palest">The text with the least contrast to its ground.</param>
/// <param name="Complaints">Errors and warnings in the console.</param>
/// <param name="Dialogs">Messages of <c>alert</c>.</param>
/// <param name="Requests">URLs that were asked for, that of the page included.</param>
public sealed record Sight(
    string Title,
    string Text,
    IReadOnlyList<IReadOnlyList<string>> Rows,
    IReadOnlyList<string> Tags,
    IReadOnlyList<string> CutOff,
    ShownText Palest,
    IReadOnlyList<string> Complaints,
    IReadOnlyList<string> Dialogs,
    IReadOnlyList<Uri> Requests);

/// <summary>A text of a page.</summary>
/// <param name="Contrast">To its ground, 1 to 21 (WCAG 2.2).</param>
public sealed record ShownText(string Text, double Contrast);

/// <summary>A headless Chromium; starts with the first look.</summary>
public sealed class Browser : IAsyncDisposable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);
    private readonly SemaphoreSlim one = new(1);
    private Process? process;
    private Task<string>? errors;

    /// <summary>Without Chromium, skips the test on a developer's machine and fails it under CI.</summary>
    public static void Require()
    {
        StandIns.RequireInstalled("playwright-core");
        StandIns.RequireProgram("chromium");
    }

    /// <summary>Opens the page in a window of its own.</summary>
    public async Task<Sight> LookAsync(Look look)
    {
        Require();
        var cancel = TestContext.Current.CancellationToken;
        await one.WaitAsync(cancel);
        try
        {
            process ??= StandIns.Start("browser/look.js", []);
            errors ??= process.StandardError.ReadToEndAsync(CancellationToken.None);
            await process.StandardInput.WriteLineAsync(JsonSerializer.Serialize(look, JsonSerializerOptions.Web).AsMemory(), cancel);
            await process.StandardInput.FlushAsync(cancel);
            var line = await process.StandardOutput.ReadLineAsync(cancel).AsTask().WaitAsync(Timeout, cancel)
                ?? throw new InvalidOperationException($"the browser ended: {await errors}");
            using var answer = JsonDocument.Parse(line);
            return answer.RootElement.TryGetProperty("error", out var error)
                ? throw new InvalidOperationException(error.GetString())
                : answer.Deserialize<Sight>(JsonSerializerOptions.Web)!;
        }
        finally
        {
            one.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        one.Dispose();
        if (process is not null)
            await StandIns.StopAsync(process);
    }
}
