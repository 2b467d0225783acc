using FsCheck;
using FsCheck.Fluent;
using Kollect.Core.Snapshots;

namespace Kollect.Core.Tests.Snapshots;

public sealed class IdentityCountsTests
{
    [Fact]
    public void The_last_row_of_an_identity_is_written_and_a_rejected_item_overrules_none()
    {
        var (counts, overruled) = Count([(1, 0), (2, 1), (1, 2), (3, IdentityAt.Kept), (2, IdentityAt.Kept), (1, 3), (3, IdentityAt.Kept)]);
        Assert.Equal(new IdentityCounts(Written: 2, Kept: 1, Duplicates: 2), counts);
        Assert.Equal([0, 2], overruled);
    }

    [Fact]
    public void A_snapshot_without_items_has_no_identities() =>
        Assert.Equal(new IdentityCounts(0, 0, 0), Count([]).Counts);

    [Property]
    public Property Every_row_is_written_or_overruled() => Prop.ForAll(
        ArbMap.Default.ArbFor<byte[]>(),
        identities =>
        {
            var (counts, overruled) = Count([.. identities.Select((identity, position) => ((int)identity % 8, (long)position))]);
            var last = identities.Select((identity, position) => (identity % 8, position)).GroupBy(it => it.Item1).Select(it => (long)it.Last().position);
            return counts.Written == last.Count()
                && counts.Duplicates == overruled.Count
                && overruled.Concat(last).Order().SequenceEqual(Enumerable.Range(0, identities.Length).Select(it => (long)it));
        });

    private static (IdentityCounts Counts, List<long> Overruled) Count(IEnumerable<(int Identity, long Position)> all)
    {
        List<long> overruled = [];
        var counts = IdentityCounts.Of(all.Select(it => new IdentityAt((UInt128)it.Identity, it.Position)).Order(), overruled.Add);
        return (counts, [.. overruled.Order()]);
    }
}
