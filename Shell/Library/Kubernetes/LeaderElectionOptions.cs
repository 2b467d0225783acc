namespace Kollect.Shell.Kubernetes;

/// <summary>Which Lease, and in whose name. The times are client-go's defaults.</summary>
/// <param name="Lease">Namespace and name.</param>
/// <param name="Identity">Differs between any two processes that ever run: one that finds its own name in the Lease leads.</param>
public sealed record LeaderElectionOptions(ObjectName Lease, string Identity)
{
    /// <summary>How long others wait after the last renewal before they take over; they see it in whole seconds, rounded up.</summary>
    public TimeSpan LeaseDuration { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>A leader that could not renew for so long stops its work: well before <see cref="LeaseDuration"/>, so that two never work at once.</summary>
    public TimeSpan RenewDeadline { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The pause between two looks or renewals; others that wait add up to a fifth, each its own.</summary>
    public TimeSpan RetryPeriod { get; init; } = TimeSpan.FromSeconds(2);

    /// <exception cref="ArgumentException">With these times two could lead at once, or nobody for long.</exception>
    internal LeaderElectionOptions Checked() =>
        TimeSpan.Zero < RetryPeriod && RetryPeriod < RenewDeadline && RenewDeadline < LeaseDuration
            ? this
            : throw new ArgumentException("a leader election needs 0 < RetryPeriod < RenewDeadline < LeaseDuration");
}
