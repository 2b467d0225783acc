using Kollect.Core.Collection;
using Kollect.Core.Failures;

namespace Kollect.Core.Tests.Operator;

/// <summary>The decisions about an inventory over its life. Every observation is decided twice, and again after the decision was carried out.</summary>
[Properties(Arbitrary = [typeof(Seeds)])]
public sealed class InventoryReconcileTests
{
    private static readonly Failure IsDown = new Failure.TryLater("connect: no answer — it is tried again", TimeSpan.FromSeconds(5));

    [Fact]
    public void The_life_of_an_inventory()
    {
        var world = new InventoryWorld();
        var (warehouse, portal) = (world.Sink("warehouse", "items"), world.Sink("portal", "inventory"));
        world.Do("the inventory is created without sinks", () => { });
        world.Do("two refs are added", () => world.Refs("warehouse", "portal"));
        world.Wait(5);
        world.Do("an object comes, and another one", () => world.Collect("web", "api", "db"));
        world.Wait(5);
        world.Do("the portal's database goes down", () => portal.Fails = IsDown);
        world.Do("an object goes", () => world.Collect("web", "api"));
        world.Wait(12);
        world.Do("the portal's password is changed, and it works again", () => (portal.Secrets, portal.Fails) = ("shop/dsn=2", null));
        world.Wait(5);
        world.Do("the warehouse gets another table", () => warehouse.Table = "items_v2");
        world.Wait(5);
        world.Do("the warehouse's cluster is renamed", () => warehouse.Cluster = "production");
        world.Wait(5);
        world.Do("the ref to the portal is dropped", () => world.Refs("warehouse"));
        world.Wait(0.05);
        world.Do("it is added again while the rows are being removed", () => world.Refs("warehouse", "portal"));
        world.Wait(5);
        world.Do("it is dropped for good, with its rows", () => world.Refs("warehouse"));
        world.Wait(5);
        world.Do("an export hangs", () => (warehouse.Takes, warehouse.Secrets) = (TimeSpan.FromMinutes(10), "shop/dsn=3"));
        world.Wait(5);
        world.Do("and its sink is edited", () => (warehouse.Takes, warehouse.Table) = (TimeSpan.FromSeconds(0.2), "items_v3"));
        world.Wait(5);
        world.Do("a target becomes forbidden", () =>
            world.Gate = new SnapshotGate.Incomplete("1 of 1 targets not collected, so no row is deleted: deployments: forbidden", IncompleteCause.Trouble));
        world.Wait(5);
        world.Do("the operator is started again", () =>
        {
            world.Restart();
            world.Gate = new SnapshotGate.NotYet("1 of 1 targets not listed yet: deployments");
        });
        world.Wait(2);
        world.Do("all is listed", () => world.Gate = new SnapshotGate.Complete());
        world.Wait(40);
        world.Do("the ref to the portal comes back", () => world.Refs("warehouse", "portal"));
        world.Wait(5);
        world.Do("the inventory is deleted, and the portal's sink is gone already", () =>
        {
            world.SinksByName.Remove("portal");
            world.Delete();
        });
        world.Wait(600);
        Golden.Verify(world.Timeline, "scheduling/inventory.txt");
        Assert.Null(world.Object);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void An_inventory_that_never_reached_its_destination_is_deleted_at_once(bool afterRestart)
    {
        var world = new InventoryWorld();
        world.Sink("warehouse", "items").Fails = IsDown;
        world.Do("a ref to a sink whose host does not exist", () => world.Refs("warehouse"));
        world.Wait(60);
        if (afterRestart)
            world.Do("the operator is started again", world.Restart);
        world.Do("the inventory is deleted", world.Delete);
        Assert.Null(world.Object);
    }

    [Fact]
    public void A_location_that_never_answered_is_forgotten_with_its_ref()
    {
        var world = new InventoryWorld();
        var (warehouse, _) = (world.Sink("warehouse", "items"), world.Sink("portal", "inventory"));
        world.Do("two refs", () => world.Refs("warehouse", "portal"));
        world.Wait(5);
        world.Do("the warehouse moves to a table that cannot be reached", () => (warehouse.Table, warehouse.Fails) = ("items_v2", IsDown));
        world.Wait(30);
        world.Do("and back", () => (warehouse.Table, warehouse.Fails) = ("items", null));
        world.Wait(30);
        Assert.Equal(2, world.Tables.Count);
        world.Do("the inventory is deleted", world.Delete);
        world.Wait(1);
        Assert.Null(world.Object);
        Assert.Empty(world.Tables);
    }

    /// <summary>Who has just applied an object looks at the count now, not in half a minute.</summary>
    [Fact]
    public void The_first_changed_count_is_written_at_once_and_further_ones_within_30_seconds()
    {
        var world = new InventoryWorld();
        world.Do("the inventory is created without sinks", () => { });
        Assert.Equal(1, Count());
        world.Wait(2);
        world.Do("an object comes", () => world.Collect("web", "api"));
        Assert.Equal(2, Count());
        world.Do("another one comes", () => world.Collect("web", "api", "db"));
        world.Wait(29);
        Assert.Equal(2, Count());
        world.Wait(1);
        Assert.Equal(3, Count());
        world.Wait(60);
        world.Do("an object goes after a quiet time", () => world.Collect("web"));
        Assert.Equal(1, Count());

        int Count() => (int)world.Object!["status"]!["itemCount"]!;
    }

    [Fact]
    public void A_requested_export_runs_once_through_every_sink_and_again_after_another_request()
    {
        var world = new InventoryWorld();
        world.Sink("warehouse", "items");
        var portal = world.Sink("portal", "inventory");
        world.Do("two refs", () => world.Refs("warehouse", "portal"));
        world.Wait(5);
        world.Do("an object comes", () => world.Collect("web", "api"));
        world.Wait(5);
        world.Do("the portal goes down", () => portal.Fails = IsDown);
        world.Do("an export is requested", () => world.Annotate("kollect.dev/export-now", "true"));
        world.Wait(2);
        world.Do("the portal is back", () => portal.Fails = null);
        world.Wait(20);
        world.Do("another export is requested", () => world.Annotate("kollect.dev/export-now", "true"));
        world.Wait(60);
        world.Do("a value without an effect", () => world.Annotate("kollect.dev/export-now", "soon"));
        world.Wait(5);
        Golden.Verify(world.Timeline, "scheduling/export-now.txt");
    }

    /// <summary>Each export wrote the status before: a write for every change.</summary>
    [Fact]
    public void Changes_that_keep_coming_write_the_status_twice_a_minute_and_once_more_at_their_end()
    {
        var world = new InventoryWorld();
        world.Sink("warehouse", "items").Takes = TimeSpan.FromSeconds(0.01);
        world.Do("a ref", () => world.Refs("warehouse"));
        world.Wait(60);
        var before = world.StatusWrites;
        for (var i = 0; i < 590; i++)
        {
            world.Do("an object comes or goes", () => world.Collect(i % 2 == 0 ? ["web", "api"] : ["web"]));
            world.Wait(0.1);
        }

        Assert.InRange(world.StatusWrites - before, 2, 3);
        world.Wait(Waits.LastCounts.TotalSeconds + 1);
        Assert.Equal(world.Content.Checksum, (string?)world.Object!["status"]!["sinkExports"]![0]!["lastChecksum"]);
        before = world.StatusWrites;
        world.Wait(3_600);
        Assert.Equal(before, world.StatusWrites);
    }

    /// <summary>Asserted by <see cref="InventoryWorld"/> with each decision of a generated history.</summary>
    [Property(MaxTest = 50)]
    public void The_same_observation_gives_the_same_decision_which_is_carried_out_once(int seed)
    {
        var (world, random) = AfterRandomEvents(seed);
        world.Do("the inventory is deleted", world.Delete);
        for (var i = 0; i < 10 && world.Object is not null; i++)
        {
            DoRandomly(world, random);
            world.Wait(random.NextDouble() * 60);
        }
    }

    [Property(MaxTest = 50)]
    public void Rows_end_up_at_the_locations_of_the_spec_and_nowhere_else(int seed)
    {
        var (world, _) = AfterRandomEvents(seed);
        world.Wait(120);
        var wanted = world.Object!["spec"]!["databaseSinkRefs"]!.AsArray()
            .Select(it => (string)it!)
            .Select(name => $"{name}: public.{world.SinksByName[name].Table} {world.SinksByName[name].Cluster}")
            .Order(StringComparer.Ordinal);
        Assert.Equal(wanted, world.Tables.Keys.Order(StringComparer.Ordinal));
        Assert.All(world.Tables.Values, rows => Assert.Equal(world.Content.Items.Select(it => it.Uid).Order(), rows.Order()));
    }

    [Property(MaxTest = 50)]
    public void A_deleted_inventory_leaves_no_row_behind(int seed)
    {
        var (world, _) = AfterRandomEvents(seed);
        world.Do("the inventory is deleted", world.Delete);
        world.Wait(1_800);
        Assert.Null(world.Object);
        Assert.Empty(world.Tables);
    }

    [Fact]
    public void A_sink_that_is_being_deleted_serves_only_inventories_that_have_rows_there()
    {
        var world = new InventoryWorld();
        var sink = world.Sink("warehouse", "items");
        world.Do("a ref", () => world.Refs("warehouse"));
        world.Wait(5);
        world.Do("the sink is being deleted", () => sink.IsBeingDeleted = true);
        world.Do("an object comes", () => world.Collect("web", "api"));
        world.Wait(5);
        Assert.Equal(["api", "web"], world.Tables.Single().Value.Order(StringComparer.Ordinal));
        world.Do("it moves to another table", () => sink.Table = "items_v2");
        world.Wait(60);
        Assert.Equal(["api", "web"], world.Tables.Single().Value.Order(StringComparer.Ordinal));

        var other = new InventoryWorld();
        other.Sink("warehouse", "items").IsBeingDeleted = true;
        other.Do("a ref to a sink that is being deleted", () => other.Refs("warehouse"));
        other.Wait(60);
        Assert.Empty(other.Tables);
        Assert.Contains(
            "the sink is being deleted, and only inventories with rows there still use it", other.Object!["status"]!.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_namespace_is_deleted_with_everything_in_it()
    {
        var timeline = new System.Text.StringBuilder();
        foreach (var (title, before) in new (string, Action<InventoryWorld>)[]
        {
            ("Secret, sink and inventory go in this order", _ => { }),
            ("the same, and the operator is started again in between", world => world.Do("the operator is started again", world.Restart)),
        })
        {
            var world = new InventoryWorld();
            var (warehouse, portal) = (world.Sink("warehouse", "items"), world.Sink("portal", "inventory"));
            world.Do("two refs", () => world.Refs("warehouse", "portal"));
            world.Wait(5);
            world.Do("the namespace is being deleted: the Secrets are gone", () =>
                (world.NamespaceEnds, warehouse.SecretIsGone, portal.SecretIsGone) = (true, true, true));
            before(world);
            world.Do("a sink is gone", () => world.SinksByName.Remove("portal"));
            world.Do("the inventory is deleted", world.Delete);
            world.Wait(600);
            Assert.Null(world.Object);
            timeline.Append(title).Append("\n\n").Append(world.Timeline).Append('\n');
        }

        Golden.Verify(timeline.ToString(), "scheduling/namespace.txt");
    }

    [Property(MaxTest = 50)]
    public void The_end_of_a_namespace_leaves_no_row_behind_and_waits_for_nothing(int seed, bool restarted)
    {
        var (world, random) = AfterRandomEvents(seed);
        world.Wait(120);
        if (restarted)
            world.Do("the operator is started again", world.Restart);
        world.Do("the namespace is being deleted", () => world.NamespaceEnds = true);
        foreach (var (name, sink) in world.SinksByName.ToList())
            world.Do($"{name} cannot be used", () => sink.SecretIsGone = random.Next(2) == 0 || !world.SinksByName.Remove(name));
        world.Do("the inventory is deleted", world.Delete);
        world.Wait(2);
        Assert.Null(world.Object);
        Assert.True(restarted || world.Tables.Count == 0);
    }

    [Property(MaxTest = 50)]
    public void Missing_sinks_do_not_block_a_deletion(int seed)
    {
        var (world, _) = AfterRandomEvents(seed);
        foreach (var name in world.SinksByName.Keys.ToList())
            world.Do($"{name} is gone", () => world.SinksByName.Remove(name));
        world.Do("the inventory is deleted", world.Delete);
        world.Wait(Waits.Cleanup.TotalSeconds * 1.5);
        Assert.Null(world.Object);
    }

    /// <summary>A world after 30 random events, in which all sinks and targets work again.</summary>
    private static (InventoryWorld World, System.Random Random) AfterRandomEvents(int seed)
    {
        var random = new System.Random(seed);
        var world = new InventoryWorld();
        foreach (var name in new[] { "a", "b", "c" })
            world.Sink(name, "items");
        for (var i = 0; i < 30; i++)
        {
            DoRandomly(world, random);
            world.Wait(random.NextDouble() * random.Next(1, 20));
        }

        world.Do("all sinks and targets work again", () =>
        {
            foreach (var sink in world.SinksByName.Values)
                (sink.Fails, sink.Takes, sink.Secrets) = (null, TimeSpan.FromSeconds(0.2), $"{sink.Secrets}, well");
            world.Gate = new SnapshotGate.Complete();
            world.Edit(spec => spec["suspend"] = false);
        });
        return (world, random);
    }

    private static void DoRandomly(InventoryWorld world, System.Random random)
    {
        var sink = world.SinksByName.Values.ElementAt(random.Next(3));
        switch (random.Next(10))
        {
            case 0:
            case 1:
                world.Do("refs", () => world.Refs([.. world.SinksByName.Keys.Where(_ => random.Next(2) == 0)]));
                break;
            case 2:
                world.Do("a table", () => sink.Table = $"items_{random.Next(3)}");
                break;
            case 3:
                world.Do("a label", () => sink.Cluster = $"cluster-{random.Next(2)}");
                break;
            case 4:
                world.Do("up and down", () => sink.Fails = sink.Fails is null
                    ? (random.Next(2) == 0 ? IsDown : new Failure.Refused("connect: wrong password — correct it"))
                    : null);
                break;
            case 5:
                world.Do("slow", () => sink.Takes = TimeSpan.FromSeconds(random.Next(1, 120)));
                break;
            case 6:
                world.Do("content", () => world.Collect([.. Enumerable.Range(0, random.Next(4)).Select(i => $"object-{i}")]));
                break;
            case 7:
                world.Do("suspend", () => world.Edit(spec => spec["suspend"] = random.Next(2) == 0));
                break;
            case 8:
                world.Do("gate", () => world.Gate = random.Next(3) switch
                {
                    0 => new SnapshotGate.NotYet("not yet"),
                    1 => new SnapshotGate.Incomplete("something is missing", IncompleteCause.Trouble),
                    _ => new SnapshotGate.Complete(),
                });
                break;
            default:
                world.Do("restart", world.Restart);
                break;
        }
    }
}
