using FsCheck;
using FsCheck.Fluent;
using Kollect.Core.Exports;
using Kollect.Core.Failures;

namespace Kollect.Shell.Tests.Backends.Conformance;

/// <summary>The guarantees of every backend about exports on top of each other, whatever happens in between and at the same time.</summary>
public abstract class SequenceCases : HistoryCases
{
    private const int Rounds = 12;

    private static readonly Gen<SequenceStep> Step = Gen.Frequency(
        (6, From("put")), (2, From("remove")), (1, From("reject")), (4, From("sync")), (2, From("look")), (1, From("export")), (3, From("kill")),
        (1, From("drop")), (4, From("foreign")), (1, From("other exporter")), (1, From("both at once")), (1, From("restart")), (1, From("incomplete")));

    /// <summary>Shorter sequences are those without one of the steps.</summary>
    private static readonly Arbitrary<SequenceStep[]> Sequences = Arb.From(
        Step.ArrayOf(18), steps => steps.Select((_, left) => steps.Where((_, index) => index != left).ToArray()));

    private Task<Mirror>? shared;

    /// <summary>Changes, exports in full, differences, looks, kills, connections that are cut, writes of others and lost races.</summary>
    [Property(MaxTest = 4)]
    public Property Any_sequence_ends_after_a_repair_in_the_rows_of_the_snapshot() => Prop.ForAll(Sequences, async steps =>
    {
        shared ??= CreateAsync();
        var mirror = await (await shared).NamedAsync($"case-{Guid.NewGuid():N}");
        await using var sequence = await Sequence.BeginAsync(mirror with { SkipUnchanged = None });
        foreach (var step in steps)
            await sequence.DoAsync(step);
        await sequence.RepairAsync();
    });

    /// <summary>Two operators by mistake, which do not even see the same objects.</summary>
    [Fact]
    public async Task Two_exporters_at_once_show_no_state_that_neither_exported_and_end_in_the_newest_snapshot()
    {
        var mirror = await CreateAsync() with { SkipUnchanged = None };
        var (clock, random, lost) = (new SnapshotKeeper.Clock(), new Random(7), 0);
        await using var one = await KeptAsync(mirror, "stable=1", clock);
        await using var two = await KeptAsync(mirror, "stable=1", clock);
        await using var watch = new StateWatch(mirror);
        for (var round = 0; round < Rounds; round++)
        {
            foreach (var keeper in new[] { one, two })
            {
                keeper.Set(string.Join(' ', Enumerable.Range(0, 4).Where(_ => random.Next(2) == 0).Select(i => $"i{i}={random.Next(3)}").Append("stable=1")));
                watch.Expect(keeper.Rows);
            }

            var results = await Task.WhenAll((round % 2 == 0 ? new[] { one, two } : [two, one]).Select(it => it.SyncAsync()));
            Assert.All(results, it => Assert.True(
                it is ExportResult.Exported or ExportResult.Superseded or ExportResult.Failed { Failure: Failure.TryLater }, $"{it}"));
            lost += new[] { one, two }.Count(it => it.Lost.Length > 0);
        }

        Assert.All(await watch.StatesAsync(), state => Assert.True(
            mirror.Differs(Difference.MixesSnapshots) ? watch.MayMix(state) : watch.IsExpected(state), $"a reader saw {state}"));
        one.Set("i1=final stable=1");
        Assert.IsType<ExportResult.Exported>(await one.SyncAsync());
        Assert.Equal("i1=final stable=1", await mirror.RowsAsync());
        Assert.True(lost > 0, "no race was lost");
    }

    private static Gen<SequenceStep> From(string what) =>
        from uid in Gen.Elements("a", "b", "c", "d")
        from number in Gen.Choose(0, 9_999)
        select new SequenceStep(what, uid, number);
}
