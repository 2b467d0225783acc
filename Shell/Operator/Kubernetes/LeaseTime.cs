namespace Kollect.Operator.Kubernetes;

/// <summary>
/// Whether this process can still hold a Lease, by its clock. The timer that ends a term fires late in a process that was suspended: what looks at this
/// before a write does not depend on it.
/// </summary>
internal sealed class LeaseTime(TimeProvider time)
{
    private readonly Lock gate = new();
    private (long Asked, TimeSpan Lasts)? newest;

    /// <summary>True = the newest Lease of this process has ended; false also where it never held one, as without an election.</summary>
    public bool IsOver
    {
        get
        {
            lock (gate)
                return newest is { } it && time.GetElapsedTime(it.Asked) >= it.Lasts;
        }
    }

    /// <summary>A Lease was acquired or renewed.</summary>
    /// <param name="asked">When the request was sent.</param>
    /// <param name="lasts">How long the process works on it without another renewal.</param>
    public void Renewed(long asked, TimeSpan lasts)
    {
        lock (gate)
            if (newest is not { } before || asked > before.Asked)
                newest = (asked, lasts);
    }
}
