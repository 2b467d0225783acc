using Kollect.Core.Collection;
using Kollect.Core.Failures;

namespace Kollect.Core.Tests.Collection;

/// <summary>The deletion of the CustomResourceDefinition of targets emptied every table.</summary>
public sealed class TargetSetTests
{
    private static readonly DateTimeOffset Monday = new(2026, 11, 23, 8, 0, 0, TimeSpan.Zero);
    private static readonly ResourceKind Kind = new("kollect.dev", "v1alpha1", "KollectTarget");
    private static readonly TargetSet Listed = TargetSet.Unknown(Kind).Listed(Monday);

    [Fact]
    public void The_rows_of_a_deleted_target_go_after_the_API_server_has_said_that_its_kind_stays()
    {
        var deleted = Listed.Gone("shop/web", Monday);
        Assert.False(deleted.NeedsCheck(Monday));
        var later = Monday + Waits.DeletedTarget;
        Assert.True(deleted.NeedsCheck(later));
        Assert.True(deleted.Deleted.ContainsKey("shop/web"), "until the API server has answered");
        Assert.Equal(Listed, deleted.Checked(isServed: true, later));
    }

    [Fact]
    public void A_target_that_is_created_again_is_not_a_deleted_one() => Assert.Equal(Listed, Listed.Gone("shop/web", Monday).Seen("shop/web"));

    [Fact]
    public void While_the_kind_is_being_removed_nothing_is_known()
    {
        var going = Listed.Gone("shop/web", Monday).Checked(isServed: false, Monday.AddSeconds(3));
        Assert.True(going.WhyUnknown.IsSome);
        Assert.False(going.NeedsCheck(Monday.AddSeconds(12)), "the API server is not asked every second");
        Assert.True(going.NeedsCheck(Monday.AddSeconds(13)), "it may come back");
        Assert.True(going.Checked(isServed: false, Monday.AddHours(1)).WhyUnknown.IsSome);
    }

    [Fact]
    public void After_the_kind_has_come_back_its_targets_have_time_to_come_back_too()
    {
        var gone = Listed.Gone("shop/web", Monday).Gone("shop/api", Monday).Interrupted(WatchTrouble.NotServed, "not found", Monday.AddSeconds(1));
        Assert.True(gone.WhyUnknown.IsSome);
        var back = gone.Listed(Monday.AddHours(1)).Seen("shop/web");
        Assert.True(back.WhyUnknown.IsNone);
        Assert.Equal(["shop/api"], back.Deleted.Keys);
        Assert.False(back.NeedsCheck(Monday.AddHours(1).AddMinutes(9)));
        Assert.Equal(Listed, back.Checked(isServed: true, Monday.AddHours(1) + Waits.ReturnedTargets));
    }

    /// <summary>The watch was gone when the targets were deleted: the list after it reports them.</summary>
    [Fact]
    public void A_target_that_a_list_after_the_absence_lacks_has_the_same_time()
    {
        var back = Listed.Interrupted(WatchTrouble.NotServed, "not found", Monday).Gone("shop/web", Monday.AddHours(1)).Listed(Monday.AddHours(1));
        Assert.False(back.NeedsCheck(Monday.AddHours(1).AddMinutes(9)));
    }
}
