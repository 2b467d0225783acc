using FsCheck;
using FsCheck.Fluent;
using Kollect.Shell.Backends.Disk;

namespace Kollect.Shell.Tests.Backends.Disk;

public sealed class SortedRunsTests
{
    [Property]
    public Property Values_come_out_in_order_however_many_runs_they_take() => Prop.ForAll(
        ArbMap.Default.ArbFor<long[]>(),
        Gen.Choose(1, 5).ToArbitrary(),
        (values, atOnce) =>
        {
            using var runs = new SortedRuns<long>(atOnce);
            foreach (var value in values)
                runs.Add(value);
            return runs.Read().SequenceEqual(values.Order()) && runs.Read().SequenceEqual(values.Order());
        });

    [Fact]
    public void A_run_longer_than_a_read_comes_out_whole()
    {
        using var runs = new SortedRuns<long>(atOnce: 1_000);
        for (var value = 9_999L; value >= 0; value--)
            runs.Add(value);
        Assert.Equal(Enumerable.Range(0, 10_000).Select(it => (long)it), runs.Read());
    }

    [Fact]
    public void Identities_of_many_runs_are_taken_from_those_stored()
    {
        using var identities = new SnapshotIdentities(atOnce: 10);
        for (var item = 0; item < 95; item++)
            identities.Add("pods", $"uid-{item % 90}");
        identities.Keep("pods", "rejected");
        identities.Complete();
        Assert.Equal(new(Written: 90, Kept: 1, Duplicates: 5), identities.Counts);
        Assert.Equal([0, 1, 2, 3, 4], identities.Overruled);

        var stored = new[] { "uid-0", "uid-89", "rejected", "stale" }.ToDictionary(uid => Core.Snapshots.IdentityFingerprint.Of("pods", uid));
        identities.RemoveFrom(stored);
        Assert.Equal(["stale"], stored.Values);
    }
}
