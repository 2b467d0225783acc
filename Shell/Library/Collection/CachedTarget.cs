using Kollect.Core.Collection;
using Kollect.Core.Kubernetes;
using Kollect.Core.Manifests;
using Kollect.Core.Models;
using Kollect.Shell.Kubernetes;

namespace Kollect.Shell.Collection;

/// <summary>One target, what is to be done for it, and what has come of it.</summary>
internal sealed class CachedTarget(ObjectName name, TargetText latest) : CachedObject<TargetText>(name, latest)
{
    private volatile TargetWork work = TargetWork.None;

    public TargetObject Object => Latest.Target;

    /// <summary>For requests about it.</summary>
    public ObjectIdentity Identity => new(Object.ApiVersion, Object.Kind, Object.Metadata);

    /// <summary>When its status was last written; passes of one target never overlap.</summary>
    public DateTimeOffset StatusWritten { get; set; } = DateTimeOffset.MinValue;

    /// <summary>What is done for it now.</summary>
    public TargetWork Work
    {
        get => work;
        set => work = value;
    }
}

/// <summary>A plan, and what carries it out.</summary>
/// <param name="Plan">What is to be done.</param>
/// <param name="Of">Target and profile that it was made for: uids and generations.</param>
/// <param name="Collected">Null = nothing is to be collected.</param>
internal sealed record TargetWork(TargetPlan Plan, string Of, CollectedTarget? Collected)
{
    public static TargetWork None { get; } = new(new TargetPlan.Asking(), "", null);

    /// <summary>For the gate of snapshots. What is listed by then is held by then.</summary>
    /// <param name="epoch">Of the present leadership.</param>
    public TargetListing Listing(long epoch) => Plan.Listing(Collected?.Progress ?? WatchProgress.Begun, epoch);
}

/// <summary>A target of either kind.</summary>
internal sealed record TargetText(TargetObject Target) : IWatchedObject<TargetText>
{
    public ObjectMeta Metadata => Target.Metadata;

    public static TargetText? Read(byte[] json) => TargetObject.Read(json).MatchUnsafe(it => new TargetText(it), () => null!);

    /// <summary>Labels are what inventories of the cluster select targets by.</summary>
    public bool AsksForLook(TargetText after) => Metadata.Generation != after.Metadata.Generation || Metadata.Labels != after.Metadata.Labels;
}

/// <summary>One profile.</summary>
internal sealed class CachedProfile(ObjectName name, ProfileText latest) : CachedObject<ProfileText>(name, latest);

/// <summary>A profile.</summary>
internal sealed record ProfileText(ProfileObject Profile) : IWatchedObject<ProfileText>
{
    public ObjectMeta Metadata => Profile.Metadata;

    public static ProfileText Read(byte[] json) => new(ProfileObject.Read(json));

    public bool AsksForLook(ProfileText after) => Metadata.Generation != after.Metadata.Generation;
}
