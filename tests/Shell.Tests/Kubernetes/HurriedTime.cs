namespace Kollect.Shell.Tests.Kubernetes;

/// <summary>A clock that runs faster than the system's, so that tests of long waits are short.</summary>
internal sealed class HurriedTime(double factor) : TimeProvider
{
    private readonly long start = System.GetTimestamp();
    private readonly DateTimeOffset startTime = System.GetUtcNow();

    public override long GetTimestamp() => (long)((System.GetTimestamp() - start) * factor);

    public override DateTimeOffset GetUtcNow() => startTime + (System.GetElapsedTime(start) * factor);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        System.CreateTimer(callback, state, dueTime == Timeout.InfiniteTimeSpan ? dueTime : dueTime / factor, period);
}
