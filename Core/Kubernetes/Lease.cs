namespace Kollect.Core.Kubernetes;

/// <summary>A <c>coordination.k8s.io/v1</c> Lease as it was read; its holder is the leader among several processes.</summary>
/// <param name="Holder">Empty = the Lease is free.</param>
/// <param name="RenewTime">By the holder's clock. Candidates only check whether it has changed, and never compare two clocks. None = never acquired.</param>
/// <param name="AcquireTime">The start of the current holder's term, by its clock; None = unknown.</param>
/// <param name="Duration">The time that the Lease stays valid after a renewal; zero or less = it has expired.</param>
/// <param name="Transitions">The number of changes from one holder to another.</param>
internal sealed record Lease(string Holder, Option<string> RenewTime, Option<string> AcquireTime, TimeSpan Duration, int Transitions)
{
    /// <summary>A Lease that has never been acquired.</summary>
    public static Lease New { get; } = new("", None, None, TimeSpan.Zero, 0);

    /// <summary>The move of a candidate in the present state of the Lease.</summary>
    /// <param name="candidate">The identity of the candidate, as it would be written into <see cref="Holder"/>.</param>
    /// <param name="unchangedFor">The time for which the candidate has observed no change, by its own monotonic clock.</param>
    public LeaseMove MoveOf(string candidate, TimeSpan unchangedFor) =>
        Holder == candidate ? LeaseMove.Renew
        : Holder.Length == 0 || unchangedFor > Duration ? LeaseMove.Take
        : LeaseMove.Wait;

    /// <summary>The Lease after a candidate has acquired or renewed it.</summary>
    /// <param name="duration">The time that other candidates wait after a renewal.</param>
    /// <param name="now">By the candidate's clock; informational.</param>
    public Lease HeldBy(string candidate, TimeSpan duration, string now) => new(
        candidate,
        now,
        Holder == candidate ? AcquireTime : now,
        duration,
        Holder == candidate || RenewTime.IsNone || Transitions == int.MaxValue ? Transitions : Transitions + 1);

    /// <summary>The Lease after its holder has released it; the next candidate acquires it without waiting.</summary>
    /// <param name="now">By the holder's clock; informational.</param>
    public Lease Released(string now) => this with { Holder = "", RenewTime = now, Duration = TimeSpan.FromSeconds(1) };
}

/// <summary>A candidate's move for a Lease.</summary>
internal enum LeaseMove
{
    /// <summary>Another process holds it.</summary>
    Wait,

    /// <summary>It is free, or its holder has not renewed it in time.</summary>
    Take,

    /// <summary>The candidate holds it.</summary>
    Renew,
}
