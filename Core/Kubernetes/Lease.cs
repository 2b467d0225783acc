namespace Kollect.Core.Kubernetes;

/// <summary>A <c>coordination.k8s.io/v1</c> Lease as somebody left it: who of many processes leads.</summary>
/// <param name="Holder">Empty = nobody.</param>
/// <param name="RenewTime">By the holder's clock: no two clocks are compared, only whether this has changed. None = it was never taken.</param>
/// <param name="AcquireTime">Since when the holder has had it, by its clock; None = unknown.</param>
/// <param name="Duration">How long it holds after a renewal; zero or less = not at all.</param>
/// <param name="Transitions">How often it went from one holder to another.</param>
public sealed record Lease(string Holder, Option<string> RenewTime, Option<string> AcquireTime, TimeSpan Duration, int Transitions)
{
    /// <summary>One that nobody has ever taken.</summary>
    public static Lease New { get; } = new("", None, None, TimeSpan.Zero, 0);

    /// <summary>What a candidate may do with it now.</summary>
    /// <param name="candidate">Who asks.</param>
    /// <param name="unchangedFor">How long it has looked like this to the candidate, by the candidate's own monotonic clock.</param>
    public LeaseMove MoveOf(string candidate, TimeSpan unchangedFor) =>
        Holder == candidate ? LeaseMove.Renew
        : Holder.Length == 0 || unchangedFor > Duration ? LeaseMove.Take
        : LeaseMove.Wait;

    /// <summary>What it becomes when a candidate takes or renews it.</summary>
    /// <param name="candidate">The holder from then on.</param>
    /// <param name="duration">How long the others will have to wait.</param>
    /// <param name="now">By the candidate's clock, for people to read.</param>
    public Lease HeldBy(string candidate, TimeSpan duration, string now) => new(
        candidate,
        now,
        Holder == candidate ? AcquireTime : now,
        duration,
        Holder == candidate || RenewTime.IsNone ? Transitions : Transitions + 1);

    /// <summary>What it becomes when its holder lets it go: the next candidate need not wait.</summary>
    /// <param name="now">By the holder's clock, for people to read.</param>
    public Lease Released(string now) => this with { Holder = "", RenewTime = now, Duration = TimeSpan.FromSeconds(1) };
}

/// <summary>What a candidate may do with a Lease.</summary>
public enum LeaseMove
{
    /// <summary>It belongs to another one.</summary>
    Wait,

    /// <summary>It belongs to nobody, or its holder has been silent for too long.</summary>
    Take,

    /// <summary>It is the candidate's own.</summary>
    Renew,
}
