using Kollect.Core.Collection;
using Kollect.Core.Failures;
using Kollect.Core.Kubernetes;
using Kollect.Core.Manifests;

namespace Kollect.Operator.Collection;

/// <summary>A target and its profile, each read once.</summary>
/// <param name="Target">The target.</param>
/// <param name="Latest">Of the target.</param>
/// <param name="Profile">None = there is no profile of this name.</param>
internal sealed record TargetInUse(CachedTarget Target, TargetObject Latest, Option<ProfileObject> Profile)
{
    public Option<Either<Seq<Problem>, Profile>> ProfileSpec => Profile.Map(it => it.Spec);

    public Option<ResourceKind> Kind => TargetPlan.KindInUse(Latest.Spec, ProfileSpec);

    /// <summary>Differs when the target or its profile is edited or created anew.</summary>
    public string Version => $"{Of(Latest.Identity)} {Profile.Match(it => Of(it.Identity), () => "")}";

    private static string Of(ObjectIdentity it) => FormattableString.Invariant($"{it.Metadata.Uid}/{it.Metadata.Generation}");
}
