using System.Diagnostics;

namespace Kollect.Shell.Tests;

/// <summary>Waits for conditions that become true without an action of the test.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>Checks the condition until it holds, and returns the time that took; fails the test after the limit.</summary>
    /// <param name="otherwise">Details for the failure message; null = none.</param>
    public static async Task<TimeSpan> HoldsAsync(Func<Task<bool>> holds, int seconds = 20, Func<Task<string>>? otherwise = null)
    {
        var watch = Stopwatch.StartNew();
        while (!await holds())
        {
            if (watch.Elapsed > TimeSpan.FromSeconds(seconds))
                Assert.Fail(FormattableString.Invariant($"did not come about within {seconds} s{(otherwise is null ? "" : ": " + await otherwise())}"));
            await Task.Delay(Pause, TestContext.Current.CancellationToken);
        }

        return watch.Elapsed;
    }
}
