using System.Text.Json;
using Kollect.Core.Backends.MongoDb;
using Kollect.Core.Exports;
using Kollect.Core.Snapshots;
using Kollect.Models.V1Alpha1;
using Kollect.Shell.Tests.Backends.Conformance;

namespace Kollect.Shell.Tests.Backends.MongoDb;

public sealed class LedgerTests(SharedMongoDb shared) : IClassFixture<SharedMongoDb>
{
    private static readonly MongoDbUser WritesItems = new("items", "pw", ["find", "insert", "update", "remove", "listCollections", "listIndexes"]);

    private static Dictionary<string, string> Items(string text) =>
        text.Split(' ', StringSplitOptions.RemoveEmptyEntries).ToDictionary(it => it.Split('=')[0], it => it.Split('=')[1]);

    private async Task<MongoDbMirror> MirrorAsync() => MongoDbMirror.Over(await shared.ServerAsync) with { SkipUnchanged = None };

    /// <summary><c>2: 3 items +1 ~1 -1 =3</c>: number, items, inserted, updated, deleted, rows; with the refusal where there is one.</summary>
    private static async Task<string> EntriesAsync(MongoDbMirror mirror) => string.Join('\n', (await RawEntriesAsync(mirror))
        .OrderBy(it => it.GetProperty("exported_at").ToString(), StringComparer.Ordinal)
        .Select(it => $"{it.GetProperty("items")} items +{it.GetProperty("inserted")} ~{it.GetProperty("updated")} -{it.GetProperty("deleted")}"
            + (it.TryGetProperty("rows", out var rows) ? $" ={rows}" : "")
            + (it.TryGetProperty("refusal", out var refusal) ? $" {refusal}" : "")));

    private static async Task<IReadOnlyList<JsonElement>> RawEntriesAsync(MongoDbMirror mirror) =>
        [.. (await mirror.Server.RowsAsync(mirror.Database, Ledger.Name, mirror.Server.User)).Select(it => JsonDocument.Parse(it).RootElement)];

    [Fact]
    public async Task Rows_that_are_taken_from_a_label_that_exports_too_are_told()
    {
        var mirror = await MirrorAsync();
        await mirror.ExportedAsync(Mirror.Items("a=1 b=2"));
        await mirror.ExportedAsync(Mirror.Items("d=1"), cluster: "south");
        var outcome = await mirror.ExportedAsync(Mirror.Items("a=1 c=3"), at: 1, cluster: "west");
        Assert.Equal(Seq1(new LiveCluster("east", 1, Mirror.Monday)), outcome.TakenFrom);
        Assert.Empty((await mirror.ExportedAsync(Mirror.Items("a=1 c=4"), at: 2, cluster: "west")).TakenFrom);
        Assert.Equal(
            Seq1(new LiveCluster("west", 1, Mirror.Monday.AddMinutes(2))),
            (await mirror.ExportedAsync(Mirror.Items("a=1 b=2"), at: 3)).TakenFrom);

        // Two days later all of them are former labels.
        outcome = await mirror.ExportedAsync(Mirror.Items("a=1 b=2 c=4"), at: 3_000, cluster: "north");
        Assert.Equal((3, 0), (outcome.Adopted, outcome.TakenFrom.Count));
    }

    [Fact]
    public async Task Every_export_that_changes_something_has_an_entry_and_equal_rows_are_left_alone()
    {
        var mirror = await MirrorAsync();
        await using var exporter = new Exporter(mirror, "kollect-1");
        await exporter.FullAsync(Items("a=1 b=2"), at: 1);
        await exporter.FullAsync(Items("a=1 b=2"), at: 2);
        await exporter.SyncAsync(Items("a=9 c=3"), at: 3);
        Assert.Equal("2 items +2 ~0 -0 =2\n2 items +1 ~1 -1 =2", await EntriesAsync(mirror));
        var first = (await RawEntriesAsync(mirror)).Single(it => it.GetProperty("updated").ToString() == "0");
        Assert.Equal(("kollect-1", "inventory_items"), (first.GetProperty("exporter").GetString(), first.GetProperty("collection").GetString()));
        Assert.NotEqual(first.GetProperty("exported_at").ToString(), first.GetProperty("verified_at").ToString());
        Assert.Equal("a=9 c=3", await mirror.RowsAsync());
        Assert.All(await mirror.StoredAsync(), row => Assert.Equal(Mirror.Monday.AddMinutes(3), row.ExportedAt));
    }

    [Fact]
    public async Task The_ledger_holds_the_guard_of_a_scope_without_rows()
    {
        var mirror = await MirrorAsync();
        await using var exporter = new Exporter(mirror);
        await exporter.FullAsync(Items("a=1"), at: 1);
        await exporter.FullAsync(Items(""), at: 3);
        var late = Assert.IsType<ExportResult.Superseded>(await exporter.FullAsync(Items("a=1"), at: 2));
        Assert.Equal(Mirror.Monday.AddMinutes(3), late.Held);
        Assert.Equal("", await mirror.RowsAsync());
        Assert.Contains("superseded: the destination holds a snapshot of", await EntriesAsync(mirror), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_the_ledger_every_export_is_in_full_and_rewrites_the_rows()
    {
        var mirror = await MirrorAsync() with { KeepsLedger = false };
        await using var exporter = new Exporter(mirror);
        var first = Assert.IsType<ExportResult.Exported>(await exporter.FullAsync(Items("a=1"), at: 1));
        Assert.True(first.Fence.IsNone);
        Assert.Equal(1, Assert.IsType<ExportResult.Exported>(await exporter.FullAsync(Items("a=1"), at: 2)).Outcome.Updated);
        Assert.Empty(await RawEntriesAsync(mirror));
    }

    [Theory]
    [InlineData(KollectDatabaseSinkMode.Existing)]
    [InlineData(KollectDatabaseSinkMode.Ensure)]
    public async Task Where_it_may_not_be_created_exports_work_without_and_a_warning_names_the_commands(KollectDatabaseSinkMode mode)
    {
        await using var server = await MongoDbServer.StartAsync(new MongoDbOptions { Users = [MongoDbMirror.Exporter, WritesItems] });
        var admin = MongoDbMirror.Over(server) with { KeepsLedger = false };
        await admin.ExportedAsync([]);
        var mirror = admin with { KeepsLedger = true, SkipUnchanged = None, Mode = mode, Uri = await server.UriOfAsync(WritesItems, admin.Database) };
        await using var destination = mirror.Open();
        var planned = Assert.IsType<PlanResult.Planned>(await destination.PlanAsync(TestContext.Current.CancellationToken));
        var warning = planned.Preview.Remarks.Single(it => it.Contains("no ledger", StringComparison.Ordinal));
        Assert.Contains("db.runCommand({\"create\":\"kollect_exports\"});", warning.Replace(" ", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Contains("createRole", warning, StringComparison.Ordinal);
        Assert.True(Assert.IsType<ProvisioningPlan.Ready>(planned.Plan).Statements.IsEmpty);

        var before = (await server.LogAsync()).Count;
        await using var exporter = new Exporter(mirror);
        Assert.IsType<ExportResult.Exported>(await exporter.FullAsync(Items("a=1"), at: 1));
        Assert.IsType<ExportResult.Exported>(await exporter.SyncAsync(Items("a=2"), at: 2));
        Assert.Equal(("a=2", 2), (await mirror.RowsAsync(), exporter.Fulls));
        Assert.Empty(await RawEntriesAsync(mirror));
        Assert.DoesNotContain(
            (await server.LogAsync()).Skip(before),
            it => it.Command is "create" or "createIndexes" or "collMod" || (it.Collection == Ledger.Name && it.Command != "find"));
    }

    [Fact]
    public async Task Old_entries_are_deleted_but_not_the_newest()
    {
        var mirror = await MirrorAsync();
        await using var exporter = new Exporter(mirror);
        foreach (var (value, days) in new[] { ("1", 0), ("2", 1), ("3", 91) })
            await exporter.FullAsync(Items($"a={value}"), at: days * 24 * 60);
        Assert.Equal("1 items +0 ~1 -0 =1\n1 items +0 ~1 -0 =1", await EntriesAsync(mirror));
        await exporter.FullAsync(Items("a=4"), at: 400 * 24 * 60);
        Assert.Equal("1 items +0 ~1 -0 =1", await EntriesAsync(mirror));
    }

    [Fact]
    public async Task Differences_that_keep_coming_leave_one_entry_for_each_hour_before_the_last()
    {
        var mirror = await MirrorAsync();
        await using var exporter = new Exporter(mirror);
        await exporter.FullAsync(Items("a=0"), at: 1);
        for (var i = 2; i <= 205; i++)
            await exporter.SyncAsync(Items($"a={i}"), at: i);
        var entries = await RawEntriesAsync(mirror);
        Assert.Equal(69, entries.Count); // three hours until minute 139, and the 66 after it
        Assert.Equal(204, entries.Sum(it => long.Parse($"{it.GetProperty("updated")}", System.Globalization.CultureInfo.InvariantCulture)));
        Assert.Equal((0, "a=205"), (exporter.Lost, await mirror.RowsAsync()));
    }

    /// <summary>A process that was stopped for so long goes on: the number that it takes for its entry is free again.</summary>
    [Fact]
    public async Task An_export_is_late_also_where_the_entry_that_overtook_it_was_rolled_up()
    {
        var mirror = await MirrorAsync();
        await using var exporter = new Exporter(mirror);
        await exporter.FullAsync(Items("a=1 b=1"), at: 1);
        var late = await mirror.ExportAsync(RowsAsync(), at: 9);
        Assert.Contains("another export wrote rows", Assert.IsType<ExportResult.Failed>(late).Failure.Message, StringComparison.Ordinal);
        await exporter.SyncAsync(Items("a=4 b=4"), at: 10);
        Assert.Equal((1, "a=4 b=4"), (exporter.Lost, await mirror.RowsAsync()));

        async IAsyncEnumerable<RowOrRejection> RowsAsync()
        {
            yield return Mirror.Item("a", "9");
            await exporter.SyncAsync(Items("a=2 b=2"), at: 2);
            await exporter.SyncAsync(Items("a=3 b=3"), at: 3);
            await mirror.Server.CommandAsync(
                mirror.Database, $$"""{"delete":"{{Ledger.Name}}","deletes":[{"q":{"_id.number":2},"limit":0}]}""", mirror.Server.User);
            yield return Mirror.Item("c", "9");
        }
    }

    [Fact]
    public async Task A_difference_sends_what_changed_on_the_connection_of_the_last_export()
    {
        await using var mirror = await MongoDbMirror.CreateOwnAsync("a log of commands") with { SkipUnchanged = None };
        await using var exporter = new Exporter(mirror);
        var items = Enumerable.Range(0, 3_000).ToDictionary(i => $"u{i:D6}", _ => "1");
        await exporter.FullAsync(items, at: 1);
        await exporter.FullAsync(items, at: 2); // the connection of an export that creates the collection is not kept
        var before = await mirror.Server.LogAsync();
        items["u000007"] = "2";
        items.Remove("u000008");
        Assert.IsType<ExportResult.Exported>(await exporter.SyncAsync(items, at: 3));
        var sent = (await mirror.Server.LogAsync()).Skip(before.Count).Where(it => it.Command is not ("hello" or "isMaster" or "ping")).ToArray();
        Assert.Equal(["find", "update", "update", "delete", "insert", "find"], sent.Select(it => it.Command));
        Assert.True(sent.Sum(it => it.Bytes) < 4_000, $"{sent.Sum(it => it.Bytes)} bytes");
        Assert.Equal(0, exporter.Lost);
    }

    [Theory]
    [InlineData("delete", "a=1 b=2 c=3")]
    [InlineData("insert", "a=1 b=2 c=3")]
    [InlineData("truncate", "a=1 b=2 c=3")]
    public async Task Rows_that_others_added_or_removed_are_repaired_at_a_look(string write, string expected)
    {
        var mirror = await MirrorAsync();
        await using var exporter = new Exporter(mirror);
        await exporter.FullAsync(Items("a=1 b=2 c=3"), at: 1);
        switch (write)
        {
            case "insert":
                await mirror.InsertAsync("x");
                break;
            case "delete":
                await mirror.Server.CommandAsync(
                    mirror.Database, """{"delete":"inventory_items","deletes":[{"q":{"source_uid":"b"},"limit":1}]}""", mirror.Server.User);
                break;
            default:
                await mirror.Server.CommandAsync(mirror.Database, """{"delete":"inventory_items","deletes":[{"q":{},"limit":0}]}""", mirror.Server.User);
                break;
        }

        var repaired = Assert.IsType<ExportResult.Exported>(await exporter.LookAsync(Items("a=1 b=2 c=3"), at: 2)).Outcome;
        Assert.Equal((expected, 1), (await mirror.RowsAsync(), exporter.Fulls));
        Assert.True(repaired.Inserted + repaired.Deleted > 0, $"{repaired}");
        var again = Assert.IsType<ExportResult.Exported>(await exporter.LookAsync(Items("a=1 b=2 c=3"), at: 3)).Outcome;
        Assert.Equal((3, 0, 0), (again.Unchanged, again.Inserted, again.Deleted));
    }

    [Fact]
    public async Task A_look_does_not_see_a_changed_payload_and_an_export_in_full_does()
    {
        var mirror = await MirrorAsync();
        await using var exporter = new Exporter(mirror);
        await exporter.FullAsync(Items("a=1 b=2"), at: 1);
        await mirror.Server.CommandAsync(
            mirror.Database,
            """{"update":"inventory_items","updates":[{"q":{"source_uid":"b"},"u":{"$set":{"payload.value":"other"}}}]}""",
            mirror.Server.User);
        await exporter.LookAsync(Items("a=1 b=2"), at: 2);
        Assert.Equal("a=1 b=other", await mirror.RowsAsync());
        await exporter.FullAsync(Items("a=1 b=2"), at: 3);
        Assert.Equal("a=1 b=2", await mirror.RowsAsync());
    }

    /// <summary>The process ends between two writes; the change is undone before the next one begins, so that status and ledger agree.</summary>
    [Fact]
    public async Task A_killed_difference_is_no_basis()
    {
        await using var mirror = await MongoDbMirror.CreateOwnAsync("fault switches") with { SkipUnchanged = None };
        await using var exporter = new Exporter(mirror);
        await exporter.FullAsync(Items("a=1 b=2"), at: 1);
        await mirror.Server.FailAsync(
            """{"configureFailPoint":"failCommand","mode":"alwaysOn","data":{"failCommands":["insert","delete"],"closeConnection":true}}""");
        Assert.IsType<ExportResult.Failed>(await exporter.SyncAsync(Items("a=9 b=2"), at: 2));
        await mirror.RepairAsync();
        await exporter.RestartAsync();
        Assert.Equal("a=9 b=2", await mirror.RowsAsync());
        var lost = exporter.Lost;
        await exporter.SyncAsync(Items("a=1 b=2"), at: 3);
        Assert.Equal(("a=1 b=2", lost + 1), (await mirror.RowsAsync(), exporter.Lost));
    }
}
