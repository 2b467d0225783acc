using System.Diagnostics;
using Kollect.Operator;
using static Kollect.Shell.Tests.Operator.Inventories.InventoryManifests;
using static Kollect.Shell.Tests.Operator.Manifests;

namespace Kollect.Shell.Tests.Operator.Inventories;

/// <summary>Deletions end within seconds, whatever is deleted first.</summary>
public sealed class DeletionTests
{
    /// <summary>kubectl itself takes most of a second.</summary>
    private static readonly TimeSpan Seconds = TimeSpan.FromSeconds(10);

    private static readonly OperatorOptions Operator = RunningOperator.Alone with
    {
        LeaseNamespace = "kollect-system",
        TargetsAcrossNamespaces = true,
    };

    public static TheoryData<string, string> Unreachable => new()
    {
        { "a host name that does not exist", "postgresql://a:b@no-such-host.invalid/x" },
        { "a port where nothing listens", "postgresql://a:b@127.0.0.1:1/x" },
        { "a server that never answers", "{silent}" },
        { "a wrong password", "{wrong-password}" },
        { "a database that does not exist", "{no-database}" },
        { "a Secret that does not exist", "" },
    };

    [Theory]
    [MemberData(nameof(Unreachable))]
    public async Task An_inventory_that_never_got_a_connection_is_deleted_at_once(string what, string url)
    {
        using var silent = new SilentServer();
        await using var world = await World.StartAsync();
        url = url switch
        {
            "{silent}" => silent.PostgresUrl,
            "{wrong-password}" => world.Database.Url("nobody", "wrong"),
            "{no-database}" => world.Database.Url(database: "no_such_database"),
            _ => url,
        };
        await world.ApplyAsync(
            url.Length > 0 ? Secret(url, "unreachable") : "", PostgresSink("unreachable", "unreachable"), Profile(), Target(), Inventory("unreachable"));
        if (url == silent.PostgresUrl)
            await Eventually.HoldsAsync(() => Task.FromResult(silent.Connections > 1)); // the probe of the sink, and the attempt of the inventory
        else
            await world.EventuallyAsync(async () => (await world.ReasonAsync("Synced")).StartsWith("False/Export", StringComparison.Ordinal), 40);
        Assert.True(await DeleteAsync(world, "kinv", "all") < Seconds, what);
    }

    [Fact]
    public async Task An_inventory_that_never_got_a_connection_is_deleted_at_once_by_another_operator()
    {
        await using var world = await World.StartAsync();
        await world.ApplyAsync(
            Secret("postgresql://a:b@no-such-host.invalid/x", "typo"), PostgresSink("typo", "typo"), Profile(), Target(), Inventory("typo"));
        await world.WaitAsync("Synced=False");
        await world.StopOperatorAsync();
        await world.StartOperatorAsync();
        Assert.InRange(await DeleteAsync(world, "kinv", "all"), TimeSpan.Zero, Seconds);
    }

    [Fact]
    public async Task A_namespace_takes_sink_Secret_and_inventory_along_and_the_rows_go()
    {
        await using var world = await TenantAsync();
        Assert.InRange(await DeleteAsync(world, "namespace", "team"), TimeSpan.Zero, Seconds);
        Assert.Equal(["web"], await world.RowsAsync()); // of the other namespace
        Assert.Equal("", await LeftBehindAsync(world));
    }

    [Theory]
    [InlineData("secret/dsn", "kdb/inventory", "kinv/all")]
    [InlineData("kdb/inventory", "secret/dsn", "kinv/all")]
    [InlineData("kinv/all", "kdb/inventory", "secret/dsn")]
    public async Task The_order_in_which_they_go_does_not_matter(params string[] order)
    {
        await using var world = await TenantAsync();
        foreach (var it in order)
            await world.KubectlAsync("delete", it, "-n", "team", "--wait=false");
        Assert.InRange(await DeleteAsync(world, "namespace", "team"), TimeSpan.Zero, Seconds);
        Assert.Equal(["web"], await world.RowsAsync());
        Assert.Equal("", await LeftBehindAsync(world));
    }

    [Fact]
    public async Task A_namespace_ends_although_the_operator_was_started_again_without_the_Secret()
    {
        await using var world = await TenantAsync();
        await world.StopOperatorAsync();
        await world.KubectlAsync("delete", "namespace", "team", "--wait=false");
        await Eventually.HoldsAsync(async () => await world.KubectlAsync("get", "secrets", "-n", "team", "-o", "name") == "");
        await world.StartOperatorAsync(Operator);
        Assert.InRange(await DeleteAsync(world, "namespace", "team"), TimeSpan.Zero, Seconds);
        Assert.Equal(["web", "web"], await world.RowsAsync());
        var told = await LeftBehindAsync(world);
        Assert.Matches("rows of team/all are left behind in .*, given up at 20.*Z: s.* namespace team is being deleted", told);
    }

    [Fact]
    public async Task The_condition_of_a_deletion_says_why_it_waits_and_until_when()
    {
        await using var world = await World.StartAsync();
        await world.ApplyAsync(Profile(), Target(), Inventory(), ConfigMap("web"));
        await world.HoldsAsync(["web"]);
        await world.ApplyAsync(Secret(world.Database.Url("nobody", "wrong")));
        await world.KubectlAsync("delete", "kinv", "all", "--wait=false");
        await world.EventuallyAsync(async () => (await world.StatusAsync())["conditions"]!.AsArray()
            .Any(it => System.Text.RegularExpressions.Regex.IsMatch((string)it!["message"]!, "through sink .*/inventory \\(tried until 20.*Z: connect: ")));
        await world.ApplyAsync(Secret(world.Database.Url()));
        Assert.InRange(await DeleteAsync(world, "kinv", "all"), TimeSpan.Zero, TimeSpan.FromSeconds(30));
        Assert.Empty(await world.RowsAsync());
    }

    /// <summary>
    /// An inventory in namespace team and one beside it, of the same object, each with a sink and a Secret of its own, in one table: two rows.
    /// </summary>
    private static async Task<World> TenantAsync()
    {
        var world = await World.StartAsync(Operator, needs: "an operator over all namespaces");
        await world.ApplyAsync(Namespace("team"), Namespace(Operator.LeaseNamespace)); // its events about the other go there
        await world.ApplyAsync(
            Secret(world.Database.Url(), @namespace: "team"), PostgresSink(@namespace: "team"), Profile(@namespace: "team"),
            Target(@namespace: "team"), Inventory(@namespace: "team"),
            Profile(), Target(), Inventory(), ConfigMap("web"));
        await world.HoldsAsync(["web", "web"]);
        return world;
    }

    private static async Task<string> LeftBehindAsync(World world) => await world.KubectlAsync(
        "get", "events.events.k8s.io", "-A", "-o", "jsonpath={.items[?(@.reason=='RowsLeftBehind')].note}");

    /// <summary>How long <c>kubectl delete</c> waited until the object was gone.</summary>
    private static async Task<TimeSpan> DeleteAsync(World world, params string[] what)
    {
        var began = Stopwatch.GetTimestamp();
        await world.KubectlAsync(["delete", .. what, "--timeout=60s", "--ignore-not-found"]);
        var took = Stopwatch.GetElapsedTime(began);
        TestContext.Current.TestOutputHelper?.WriteLine($"kubectl delete {string.Join(' ', what)}: {took.TotalSeconds:F1} s");
        return took;
    }
}
