using System.Text.RegularExpressions;
using static Kollect.Shell.Tests.Operator.Inventories.InventoryManifests;
using static Kollect.Shell.Tests.Operator.Manifests;

namespace Kollect.Shell.Tests.Operator;

/// <summary>What a person sees of the overview, in a headless Chromium; the operator exports to a real PostgreSQL.</summary>
public sealed partial class StatusPageInBrowserTests(StatusPageInBrowserTests.Site site) : IClassFixture<StatusPageInBrowserTests.Site>
{
    private const string HostileTable = "<img src=x onerror=alert(1)><b>\u202e";

    [Fact]
    public async Task A_person_sees_which_inventory_fails_and_why_before_the_healthy_ones()
    {
        var sight = await site.LookAsync();
        Assert.Equal("2 of 3 inventories ready – Kollect", sight.Title);
        Assert.Matches(@"(?s)^Kollect\s+2 of 3 inventories ready\s+TIME, loads anew every 10 s\n", Masked(sight.Text));
        Assert.Equal(
            [
                ["inventory default/wrong", "not ready", "ExportRefused\n2 items"],
                ["target default/configmaps", "ready", "2 objects"],
                [
                    "sink default/refuses", "not ready",
                    "ExportRefused since TIME: connect: 127.0.0.1:PORT: password authentication failed for user \"***\" (28P01) — correct the password in "
                    + "the Secret of databaseRef, or in secretRef\nno rows yet in postgres public.inventory_items; never exported; "
                    + "next export when something changes",
                ],
                ["inventory default/all", "ready", "2 items"],
                ["target default/configmaps", "ready", "2 objects"],
                [
                    "sink default/inventory", "ready",
                    "2 rows in postgres public.inventory_items; exported TIME (AGE ago); next export on a change, a look at the rows every 30s",
                ],
            ],
            sight.Rows.Take(6).Select(row => row.Select(Masked)));
    }

    [Fact]
    public async Task A_hostile_name_is_a_text_that_runs_nothing()
    {
        var sight = await site.LookAsync();
        var details = Assert.Single(sight.Rows, row => row[0] == "sink default/hostile")[2];
        Assert.Contains("2 rows in postgres public.<img src=x onerror=alert(1)><b>\\u202E; exported", details, StringComparison.Ordinal);
        Assert.Empty(sight.Dialogs);
        Assert.Empty(sight.Tags.Intersect(["img", "script", "a", "form", "iframe"]));
    }

    [Fact]
    public async Task The_browser_asks_nobody_else_and_notes_no_error()
    {
        var sight = await site.LookAsync();
        Assert.All(sight.Requests, url => Assert.True(url.Authority == site.Url.Authority || url.Scheme == "data", $"{url}"));
        Assert.Empty(sight.Complaints);
    }

    [Theory]
    [InlineData(1280, "light")]
    [InlineData(1280, "dark")]
    [InlineData(400, "light")]
    [InlineData(400, "dark")]
    [InlineData(320, "light")]
    public async Task Every_text_can_be_read_in_a_narrow_window_and_in_the_dark(int width, string scheme)
    {
        var sight = await site.LookAsync(width, scheme);
        Assert.Empty(sight.CutOff);
        Assert.True(sight.Palest.Contrast >= 4.5, $"{sight.Palest}");
        Assert.Contains("password authentication failed", sight.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_page_loads_itself_anew()
    {
        var before = Time().Match((await site.LookAsync()).Text).Value;
        var after = Time().Match((await site.LookAsync(loads: 2)).Text).Value;
        Assert.True(string.CompareOrdinal(before, after) < 0, $"{before}, {after}");
    }

    private static string Masked(string text) => Port().Replace(Age().Replace(Time().Replace(text, "TIME"), "(AGE ago)"), "127.0.0.1:PORT");

    [GeneratedRegex(@"127\.0\.0\.1:\d+")]
    private static partial Regex Port();

    [GeneratedRegex(@"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")]
    private static partial Regex Time();

    [GeneratedRegex(@"\(\d+[smhd] ago\)")]
    private static partial Regex Age();

    /// <summary>A cluster with one inventory that fails and two that do not, its operator, and one browser; starts with the first look.</summary>
    public sealed class Site : IAsyncDisposable
    {
        private readonly Browser browser = new();
        private KubernetesServer? cluster;
        private OperatorProgram? program;

        public Uri Url => program!.Http.BaseAddress!;

        public async Task<Sight> LookAsync(int width = 1280, string scheme = "light", int loads = 1)
        {
            if (program is null)
                await StartAsync();
            return await browser.LookAsync(new Look(Url, width, scheme, loads));
        }

        public async ValueTask DisposeAsync()
        {
            await browser.DisposeAsync();
            if (program is not null)
                await program.DisposeAsync();
            if (cluster is not null)
                await cluster.DisposeAsync();
        }

        private async Task StartAsync()
        {
            Browser.Require();
            cluster = await KubernetesServer.StartAsync(new KubernetesOptions { Needs = "an operator over all namespaces" });
            var database = await PostgresServer.CreateDatabaseAsync();
            await cluster.ApplyAsync(
                Secret(database.Url()) + PostgresSink()
                + Secret(database.Url("nobody", "wrong"), "wrong") + PostgresSink("refuses", "wrong", "connectionTest: false")
                + PostgresSink("hostile").Replace("table: inventory_items", $"table: '{HostileTable}'", StringComparison.Ordinal)
                + Profile() + Target() + ConfigMap("web") + ConfigMap("api")
                + Inventory() + Inventory("refuses", "wrong") + Inventory("hostile", "with-a-hostile-table"));
            program = await OperatorProgram.StartAsync(cluster, "--leader-election", "false");
            await Eventually.HoldsAsync(async () => await ReasonAsync("all") == "True/Synced" && await ReasonAsync("wrong") == "False/ExportRefused"
                && await ReasonAsync("with-a-hostile-table") == "True/Synced");
        }

        private async Task<string> ReasonAsync(string name) =>
            Inventories.World.Reason((await cluster!.GetAsync("kinv", name))["status"], "Ready");
    }
}
