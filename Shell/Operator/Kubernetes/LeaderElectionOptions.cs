namespace Kollect.Operator.Kubernetes;

/// <summary>The Lease of an election, this process's name in it, and its times, by default those of client-go.</summary>
/// <param name="Lease">Namespace and name of the Lease.</param>
/// <param name="Identity">Unique to this process for all time: a process that reads its own identity in the Lease leads.</param>
internal sealed record LeaderElectionOptions(ObjectName Lease, string Identity)
{
    /// <summary>Time after the last renewal at which another process may take over; stored in whole seconds, rounded up.</summary>
    public TimeSpan LeaseDuration { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// Time without a renewal after which the leader stops its work. Shorter than <see cref="LeaseDuration"/>, so that two leaders never work at once.
    /// </summary>
    public TimeSpan RenewDeadline { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Pause between two attempts or renewals; a waiting process adds up to a fifth at random.</summary>
    public TimeSpan RetryPeriod { get; init; } = TimeSpan.FromSeconds(2);

    /// <exception cref="ArgumentException">With these times two processes could lead at once, or none could.</exception>
    internal LeaderElectionOptions Checked() =>
        TimeSpan.Zero < RetryPeriod && RetryPeriod < RenewDeadline && RenewDeadline < LeaseDuration
            ? this
            : throw new ArgumentException("a leader election needs 0 < RetryPeriod < RenewDeadline < LeaseDuration");
}
