using FsCheck;
using FsCheck.Fluent;
using Kollect.Shell.Concurrency;

namespace Kollect.Shell.Tests.Kubernetes;

/// <summary>Slots that several tenants share: none holds more than its share, and those that wait are served in turn.</summary>
public sealed class FairSlotsTests
{
    private const int AtOnce = 8;
    private const int Share = 2;

    private static readonly string[] Tenants = ["a", "b", "c", "d", "e", "f"];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>What a caller does; <paramref name="Which"/> chooses among the calls that the step concerns.</summary>
    private sealed record Step(string Kind, int Which);

    private static Gen<Step> Steps =>
        from kind in Gen.Frequency((5, Gen.Constant("enter")), (3, Gen.Constant("leave")), (2, Gen.Constant("cancel")))
        from which in Gen.Choose(0, 999)
        select new Step(kind, which);

    [Property(MaxTest = 500)]
    public Property Any_sequence_of_calls_keeps_the_limits_serves_in_turn_and_leaks_nothing() =>
        Prop.ForAll(Arb.From(Steps.ListOf(200)), steps =>
        {
            var slots = new FairSlots(AtOnce, Share);
            var calls = new List<Call>();
            foreach (var step in steps)
            {
                Do(slots, calls, step);
                Settle(slots, calls);
                Check(calls);
            }

            foreach (var waiting in calls.Where(it => !it.Holds).ToArray())
            {
                waiting.Cancel();
                calls.Remove(waiting);
            }

            calls.ForEach(it => it.Leave());
            Assert.True(slots.IsIdle);
        });

    [Property(MaxTest = 200)]
    public Property Nobody_waits_for_more_than_one_turn_of_each_other_tenant() =>
        Prop.ForAll(Arb.From(Gen.Elements(Tenants).ListOf(100)), tenants =>
        {
            var slots = new FairSlots(1, 1);
            var first = new Call(slots, "z").Enter();
            var calls = tenants.Select(tenant => new Call(slots, tenant).Enter()).ToList();
            var served = new List<string>();
            first.Leave();
            Settle(slots, calls);
            while (calls.Find(it => it.Holds) is { } holder)
            {
                served.Add(holder.Tenant);
                calls.Remove(holder);
                holder.Leave();
                Settle(slots, calls);
            }

            Assert.Equal(tenants.Order(), served.Order());
            // Between two turns of a tenant, each other one has one turn at most.
            foreach (var tenant in served.Distinct())
            {
                var turns = served.Select((it, at) => (it, at)).Where(it => it.it == tenant).Select(it => it.at).ToArray();
                foreach (var (from, to) in turns.Zip(turns.Skip(1)))
                    Assert.Equal(to - from - 1, served[(from + 1)..to].Distinct().Count());
            }

            Assert.True(slots.IsIdle);
        });

    [Fact]
    public async Task A_namespace_whose_work_does_not_end_leaves_three_quarters_to_the_others()
    {
        var bulkhead = new Bulkhead(16, isShared: true);
        var hostile = Enumerable.Range(0, 80).Select(_ => bulkhead.EnterAsync("hostile", failedLast: false, Cancel)).ToArray();
        Assert.Equal(4, hostile.Count(it => it.IsCompleted));
        foreach (var tenant in new[] { "b", "c", "d" })
            Assert.All(Enumerable.Range(0, 4).Select(_ => bulkhead.EnterAsync(tenant, failedLast: false, Cancel)), it => Assert.True(it.IsCompleted));

        // All slots are held: the next one that is released goes to the namespace that holds none.
        var late = bulkhead.EnterAsync("e", failedLast: false, Cancel);
        Assert.False(late.IsCompleted);
        (await hostile[0]).Dispose();
        (await late).Dispose();
        await hostile[4];
        Assert.False(hostile[5].IsCompleted);
    }

    [Fact]
    public async Task Work_that_failed_last_has_a_quarter_of_the_slots_which_are_shared_too()
    {
        var bulkhead = new Bulkhead(64, isShared: true);
        var failed = Enumerable.Range(0, 20).Select(_ => bulkhead.EnterAsync("a", failedLast: true, Cancel)).ToArray();
        Assert.Equal(4, failed.Count(it => it.IsCompleted));
        Assert.True(bulkhead.EnterAsync("b", failedLast: true, Cancel).IsCompleted);
        Assert.True(bulkhead.EnterAsync("a", failedLast: false, Cancel).IsCompleted);
        (await failed[0]).Dispose();
        (await failed[0]).Dispose(); // a second call has no effect
        await failed[4];
        Assert.False(failed[5].IsCompleted);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 1)]
    [InlineData(7, 1)]
    [InlineData(8, 2)]
    public void A_share_is_a_quarter_in_whole_slots_and_at_least_1(int atOnce, int share) => Assert.Equal(share, FairSlots.QuarterOf(atOnce));

    [Fact]
    public void A_single_namespace_has_all_slots()
    {
        var bulkhead = new Bulkhead(16, isShared: false);
        Assert.All(Enumerable.Range(0, 16).Select(_ => bulkhead.EnterAsync("a", failedLast: false, Cancel)), it => Assert.True(it.IsCompleted));
        Assert.False(bulkhead.EnterAsync("a", failedLast: false, Cancel).IsCompleted);
    }

    private static void Do(FairSlots slots, List<Call> calls, Step step)
    {
        var concerned = step.Kind switch { "leave" => calls.Where(it => it.Holds).ToArray(), _ => calls.Where(it => !it.Holds).ToArray() };
        switch (step.Kind)
        {
            case "enter":
                calls.Add(new Call(slots, Tenants[step.Which % Tenants.Length]).Enter());
                break;
            case "leave" when concerned.Length > 0:
                var holder = concerned[step.Which % concerned.Length];
                calls.Remove(holder);
                holder.Leave();
                break;
            case "cancel" when concerned.Length > 0:
                var waiting = concerned[step.Which % concerned.Length];
                calls.Remove(waiting);
                waiting.Cancel();
                break;
        }
    }

    private static void Check(List<Call> calls)
    {
        var held = calls.Count(it => it.Holds);
        Assert.InRange(held, 0, AtOnce);
        foreach (var of in calls.GroupBy(it => it.Tenant))
        {
            var holds = of.Count(it => it.Holds);
            Assert.InRange(holds, 0, Share);
            // Nobody waits while there is a slot for him, and a tenant's calls are served in their order.
            Assert.True(of.All(it => it.Holds) || held == AtOnce || holds == Share, $"{of.Key} waits although a slot is free");
            Assert.Equal(of.OrderBy(it => !it.Holds).Select(it => it.Holds), of.Select(it => it.Holds));
        }
    }

    /// <summary>Until every caller knows what it holds.</summary>
    private static void Settle(FairSlots slots, List<Call> calls) =>
        Assert.True(SpinWait.SpinUntil(() => calls.Count(it => it.Holds) == slots.Held, TimeSpan.FromSeconds(10)));

    /// <summary>One caller: it waits, or it holds a slot.</summary>
    private sealed class Call(FairSlots slots, string tenant)
    {
        private readonly CancellationTokenSource stop = new();
        private Task<IDisposable>? entered;

        public string Tenant => tenant;

        public bool Holds => entered!.IsCompletedSuccessfully;

        public Call Enter()
        {
            entered = slots.EnterAsync(tenant, stop.Token);
            return this;
        }

        public void Leave() => entered!.Result.Dispose();

        public void Cancel()
        {
            stop.Cancel();
            Assert.True(SpinWait.SpinUntil(() => entered!.IsCanceled, TimeSpan.FromSeconds(10)));
        }
    }
}
