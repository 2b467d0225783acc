using System.Diagnostics;

namespace Kollect.Shell.Tests;

/// <summary>For what comes about by itself.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>Looks again and again; fails after a while. How long it took.</summary>
    /// <param name="holds">The look.</param>
    /// <param name="seconds">How long at most.</param>
    /// <param name="otherwise">What to say of the failure; null = nothing more.</param>
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
