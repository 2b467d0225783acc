using Kollect.Core.Collection;
using Kollect.Core.Manifests;
using Kollect.Operator.Kubernetes;

namespace Kollect.Operator.Collection;

/// <summary>One target, its plan, and what was collected for it.</summary>
internal sealed class CachedTarget(ObjectName name, TargetObject latest) : CachedObject<TargetObject>(name, latest)
{
    private volatile TargetWork work = TargetWork.None;

    /// <summary>When counts alone were last written; reconciles of one target never overlap.</summary>
    public DateTimeOffset CountsWritten { get; set; } = DateTimeOffset.MinValue;

    /// <summary>For what this replica needs its objects.</summary>
    public TargetNeed Need { get; set; }

    /// <summary>The plan that is carried out now.</summary>
    public TargetWork Work
    {
        get => work;
        set => work = value;
    }
}

/// <summary>A plan, and the collection that carries it out.</summary>
/// <param name="Plan">The plan.</param>
/// <param name="Of">Target and profile that it was made for: uids and generations; and the limits of namespaces.</param>
/// <param name="Collected">Null = nothing is to be collected, or it is not needed here.</param>
internal sealed record TargetWork(TargetPlan Plan, string Of, CollectedTarget? Collected)
{
    public static TargetWork None { get; } = new(new TargetPlan.Asking(), "", null);

    /// <summary>For the gate of snapshots. What is listed by then is held by then.</summary>
    /// <param name="epoch">Of the present leadership.</param>
    public TargetListing Listing(long epoch) => Plan.Listing(Collected?.Progress ?? WatchProgress.Begun, epoch);
}

/// <summary>One profile.</summary>
internal sealed class CachedProfile(ObjectName name, ProfileObject latest) : CachedObject<ProfileObject>(name, latest);
