using System.Diagnostics;
using System.Text.Json;
using Kollect.Core.Exports;
using Kollect.Core.Failures;
using Kollect.Models.V1Alpha1;
using Kollect.Shell.Snapshots;

namespace Kollect.Shell.Tests.Backends.Conformance;

/// <summary>
/// The guarantees of every backend. A case in which a backend differs checks for the <see cref="Difference"/> and asserts the
/// behaviour of that backend; <c>snapshots/conformance.txt</c> lists all cases and differences.
/// </summary>
public abstract class ConformanceCases : SnapshotOrderCases
{
    [Fact]
    public async Task A_first_export_creates_the_table_and_inserts_every_row()
    {
        var mirror = await CreateAsync();
        var outcome = await mirror.ExportedAsync(Mirror.Items("a=1 b=2"));
        Assert.Equal((2, 2, 0, 0), (outcome.Items, outcome.Inserted, outcome.Updated, outcome.Deleted));
        Assert.Equal("a=1 b=2", await mirror.RowsAsync());
    }

    [Fact]
    public async Task Every_column_is_filled_from_its_source()
    {
        var mirror = await CreateAsync();
        await mirror.ExportedAsync(Mirror.Items("a=1"), at: 1);
        Assert.Equal(
            new StoredRow("platform", "all", "deployments", "a", "east", "shop", "", Mirror.Monday.AddMinutes(1)),
            Assert.Single(await mirror.StoredAsync()) with { Payload = "" });
    }

    [Theory, MemberData(Both)]
    public async Task An_identical_snapshot_moves_every_row_to_the_new_time(KollectDatabaseSinkMode mode)
    {
        var mirror = await StartAsync(mode, "a=1 b=2");
        var outcome = await mirror.ExportedAsync(Mirror.Items("a=1 b=2"), at: 1);
        Assert.Equal((0, 2, 0, 0), (outcome.Inserted, outcome.Updated, outcome.Unchanged, outcome.Deleted));
        Assert.All(await mirror.StoredAsync(), row => Assert.Equal(Mirror.Monday.AddMinutes(1), row.ExportedAt));
    }

    [Theory, MemberData(Both)]
    public async Task A_changed_and_reduced_snapshot_is_mirrored(KollectDatabaseSinkMode mode)
    {
        var mirror = await StartAsync(mode, "a=1 b=2 c=3");
        var outcome = await mirror.ExportedAsync(Mirror.Items("a=1 b=9 d=4"), at: 1);
        Assert.Equal((1, 2, 0, 1), (outcome.Inserted, outcome.Updated, outcome.Unchanged, outcome.Deleted));
        Assert.Equal("a=1 b=9 d=4", await mirror.RowsAsync());
    }

    [Theory, MemberData(Both)]
    public async Task A_changed_and_reduced_snapshot_is_mirrored_without_rewriting_equal_rows(KollectDatabaseSinkMode mode)
    {
        var mirror = await StartAsync(mode, "a=1 b=2 c=3", skipUnchanged: true);
        var outcome = await mirror.ExportedAsync(Mirror.Items("a=1 b=9 d=4"), at: 1);
        var timeRow = mirror.Differs(Difference.CountsTheTimeRowAmongChanges) ? 1 : 0;
        Assert.Equal((1, 1 + timeRow, 1 - timeRow, 1), (outcome.Inserted, outcome.Updated, outcome.Unchanged, outcome.Deleted));
        Assert.Equal("a=1 b=9 d=4", await mirror.RowsAsync());
        Assert.Equal(Mirror.Monday.AddMinutes(timeRow), (await mirror.StoredAsync()).Single(row => row.SourceUid == "a").ExportedAt);
    }

    [Theory, MemberData(Both)]
    public async Task Skipping_unchanged_rows_rewrites_one_row_at_most_and_still_holds_the_guard(KollectDatabaseSinkMode mode)
    {
        var mirror = await StartAsync(mode, "a=1 b=2 c=3", skipUnchanged: true);
        var outcome = await mirror.ExportedAsync(Mirror.Items("a=1 b=2 c=3"), at: 2);
        var timeRow = mirror.Differs(Difference.CountsTheTimeRow) ? 1 : 0;
        Assert.Equal((0, timeRow, 3 - timeRow), (outcome.Inserted, outcome.Updated, outcome.Unchanged));
        Assert.Equal(
            mirror.Differs(Difference.KeepsTheTimeInTheLedger) ? 0 : 1, (await mirror.StoredAsync()).Count(row => row.ExportedAt > Mirror.Monday));
        Assert.IsType<ExportResult.Superseded>(await mirror.ExportAsync(Mirror.Items("a=0"), at: 1));
        Assert.Equal("a=1 b=2 c=3", await mirror.RowsAsync());
    }

    [Theory, MemberData(Both)]
    public async Task An_empty_snapshot_clears_only_its_inventory_and_cluster(KollectDatabaseSinkMode mode)
    {
        var mirror = await StartAsync(mode, "a=1");
        await mirror.ExportedAsync(Mirror.Items("b=1"), inventory: "other");
        await mirror.ExportedAsync(Mirror.Items("c=1"), cluster: "west");
        var outcome = await mirror.ExportedAsync([], at: 1);
        Assert.Equal(1, outcome.Deleted);
        Assert.Equal("c=1@west b=1/other", await mirror.RowsAsync());
    }

    [Theory, MemberData(Both)]
    public async Task Two_inventories_hold_the_same_objects_beside_each_other(KollectDatabaseSinkMode mode)
    {
        var mirror = await StartAsync(mode, "a=1 b=1");
        await mirror.ExportedAsync(Mirror.Items("a=2 b=2"), at: 1, inventory: "other");
        var outcome = await mirror.ExportedAsync(Mirror.Items("b=3"), at: 2);
        Assert.Equal((0, 1, 1), (outcome.Inserted, outcome.Updated, outcome.Deleted));
        Assert.Equal("b=3 a=2/other b=2/other", await mirror.RowsAsync());
    }

    [Theory, MemberData(Both)]
    public async Task Two_clusters_of_one_inventory_replace_their_own_rows_only(KollectDatabaseSinkMode mode)
    {
        var mirror = await StartAsync(mode, "a=1 b=1");
        await mirror.ExportedAsync(Mirror.Items("c=2 d=2"), at: 1, cluster: "west");
        var outcome = await mirror.ExportedAsync(Mirror.Items("b=3"), at: 2);
        Assert.Equal((0, 1, 1), (outcome.Inserted, outcome.Updated, outcome.Deleted));
        Assert.Equal("b=3 c=2@west d=2@west", await mirror.RowsAsync());
    }

    [Theory, MemberData(Both)]
    public async Task A_row_under_another_cluster_label_is_adopted(KollectDatabaseSinkMode mode)
    {
        var mirror = await StartAsync(mode, "a=1 b=2");
        var outcome = await mirror.ExportedAsync(Mirror.Items("a=1 c=3"), cluster: "west");
        var stays = mirror.Differs(Difference.AdoptsNothing);
        Assert.Equal(stays ? (2, 0) : (1, 1), (outcome.Inserted, outcome.Adopted));
        Assert.Equal((0, 0), (outcome.Updated, outcome.Deleted));
        Assert.Equal(stays ? "a=1 b=2 a=1@west c=3@west" : "b=2 a=1@west c=3@west", await mirror.RowsAsync());
    }

    [Theory, MemberData(Both)]
    public async Task The_last_item_of_an_identity_wins(KollectDatabaseSinkMode mode)
    {
        var mirror = await StartAsync(mode, "a=0");
        var outcome = await mirror.ExportedAsync(Mirror.Items("a=1 b=1 a=2 a=3"), at: 1);
        Assert.Equal((1, 1, 2), (outcome.Inserted, outcome.Updated, outcome.Duplicates));
        Assert.Equal("a=3 b=1", await mirror.RowsAsync());
    }

    // Regression: BigQuery's JSON type keeps the first, and its columns came from the last.
    [Theory, MemberData(Both)]
    public async Task The_last_of_equal_keys_wins_at_any_depth_and_in_every_column(KollectDatabaseSinkMode mode)
    {
        var mirror = await StartAsync(mode, "a=1");
        await mirror.ExportedLinesAsync(
            [
                """
                {"targetName":"deployments","uid":"b","kind":"K","value":"first","name":"n","namespace":"one","version":"v1","namespace":"two",
                """.Trim()
                + """
                "attributes":{"a":1,"b":[{"x":1,"x":{"y":1,"y":2}}],"a":"last","\u0061":"written otherwise","c":{"d":1}},"value":"last"}
                """.Trim(),
            ],
            at: 1);
        var row = Assert.Single(await mirror.StoredAsync());
        using var payload = JsonDocument.Parse(row.Payload);
        var attributes = payload.RootElement.GetProperty("attributes");
        Assert.Equal(("two", "two", "last"), (row.ResourceNamespace, payload.RootElement.GetProperty("namespace").GetString(), Mirror.ValueOf(row)));
        Assert.Equal("written otherwise", attributes.GetProperty("a").GetString());
        Assert.Equal(2, attributes.GetProperty("b")[0].GetProperty("x").GetProperty("y").GetInt32());
        Assert.Equal(1, attributes.GetProperty("c").GetProperty("d").GetInt32());
        Assert.Single(attributes.EnumerateObject(), member => member.Name == "a");
    }

    [Fact]
    public async Task The_last_item_of_an_identity_wins_in_a_first_export()
    {
        var mirror = await CreateAsync();
        var outcome = await mirror.ExportedAsync(Mirror.Items("a=1 b=1 a=2 c=1 a=3"));
        Assert.Equal((3, 0, 2), (outcome.Inserted, outcome.Updated, outcome.Duplicates));
        Assert.Equal("a=3 b=1 c=1", await mirror.RowsAsync());
    }

    [Theory, MemberData(Both)]
    public async Task An_identity_repeated_much_later_is_counted_once(KollectDatabaseSinkMode mode)
    {
        var mirror = await StartAsync(mode, "a=0");
        var outcome = await mirror.ExportedAsync(Mirror.Many(2_500, "1").Concat(Mirror.Many(2_500, "2")), at: 1);
        Assert.Equal((5_000, 2_500, 2_500, 1), (outcome.Items, outcome.Inserted, outcome.Duplicates, outcome.Deleted));
        var rows = await mirror.StoredAsync();
        Assert.Equal(2_500, rows.Count);
        Assert.All(rows, row => Assert.Equal("2", Mirror.ValueOf(row)));
    }

    [Theory, MemberData(Both)]
    public async Task A_rejected_item_keeps_its_old_row_and_the_rest_is_written(KollectDatabaseSinkMode mode)
    {
        var mirror = await StartAsync(mode, "a=1 b=2");
        var outcome = await mirror.ExportedAsync([Mirror.Rejected("a"), .. Mirror.Items("c=3"), Mirror.Rejected("new")], at: 1);
        Assert.Equal((3, 1, 1, 2), (outcome.Items, outcome.Inserted, outcome.Deleted, outcome.Rejected));
        Assert.Equal("Deployment shop/a: too large", outcome.Rejections.Head);
        Assert.Equal("a=1 c=3", await mirror.RowsAsync());
    }

    [Theory, MemberData(Both)]
    public async Task An_item_without_identity_keeps_all_stale_rows(KollectDatabaseSinkMode mode)
    {
        var mirror = await StartAsync(mode, "a=1 b=2");
        var outcome = await mirror.ExportedAsync([.. Mirror.Items("a=3"), Mirror.Unidentified], at: 1);
        Assert.True(outcome.StaleKept);
        Assert.Equal((0, 1, 0, 1), (outcome.Inserted, outcome.Updated, outcome.Deleted, outcome.Rejected));
        Assert.Equal("a=3 b=2", await mirror.RowsAsync());
    }

    [Theory, MemberData(Both)]
    public async Task A_dry_run_reports_the_counts_and_changes_nothing(KollectDatabaseSinkMode mode)
    {
        var mirror = await StartAsync(mode, "a=1 b=2");
        var dry = Assert.IsType<ExportResult.DryRun>(await mirror.ExportAsync(Mirror.Items("a=5 c=3"), at: 1, dryRun: true));
        Assert.Equal((1, 1, 1), (dry.Outcome.Inserted, dry.Outcome.Updated, dry.Outcome.Deleted));
        Assert.Equal("a=1 b=2", await mirror.RowsAsync());
    }

    [Theory, MemberData(Both)]
    public async Task Input_that_fails_midway_changes_nothing(KollectDatabaseSinkMode mode)
    {
        var mirror = await StartAsync(mode, "a=1 b=2");
        var result = await mirror.ExportAsync(Mirror.Then(Mirror.Many(3_000, "new"), () => throw new SnapshotException("input: broken")), at: 1);
        Assert.Equal("input: broken", Assert.IsType<ExportResult.Failed>(result).Failure.Message);
        Assert.Equal("a=1 b=2", await mirror.RowsAsync());
    }

    [Theory, MemberData(Both)]
    public async Task A_cancelled_export_writes_nothing(KollectDatabaseSinkMode mode)
    {
        var mirror = await StartAsync(mode, "a=1");
        using var cancel = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => mirror.ExportAsync(
            Mirror.Then(Mirror.Many(5_000, "2"), cancel.Cancel).Concat(Mirror.Many(5_000, "3")), at: 1, cancel: cancel.Token));
        Assert.Equal("a=1", await mirror.RowsAsync());
    }

    /// <summary>The input or the driver may give up by itself in the moment of the cancellation.</summary>
    [Theory, MemberData(Both)]
    public async Task An_export_that_fails_while_it_is_cancelled_is_cancelled(KollectDatabaseSinkMode mode)
    {
        var mirror = await StartAsync(mode, "a=1");
        using var cancel = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => mirror.ExportAsync(
            Mirror.Then(Mirror.Many(10, "2"), () => Break(cancel)), at: 1, cancel: cancel.Token));
        Assert.Equal("a=1", await mirror.RowsAsync());

        static void Break(CancellationTokenSource cancel)
        {
            cancel.Cancel();
            throw new SnapshotException("input: broken");
        }
    }

    [Fact]
    public async Task Mode_existing_reports_each_kind_of_gap_and_writes_nothing()
    {
        var kinds = (await CreateAsync()).Gaps.Count;
        for (var i = 0; i < kinds; i++)
        {
            var fresh = await CreateAsync();
            var gap = fresh.Gaps[i];
            var mirror = await gap.ArrangeAsync();
            var before = await mirror.StoredAsync();
            var failure = Assert.IsType<Failure.Refused>(Assert.IsType<ExportResult.Failed>(await mirror.ExportAsync(Mirror.Items("a=1"))).Failure);
            Assert.Contains(gap.Says, Assert.Single(failure.Gaps).What, StringComparison.Ordinal);
            Assert.NotEmpty(failure.Gaps.Head.Remedy);
            Assert.Equal(before, await mirror.StoredAsync());
        }
    }

    [Fact]
    public async Task A_wrong_password_is_reported_in_one_redacted_line()
    {
        var mirror = await CreateAsync();
        await mirror.ExportedAsync(Mirror.Items("a=1"));
        var failure = await FailAsync(await mirror.WithWrongPasswordAsync());
        Assert.IsType<Failure.Refused>(failure);
        Assert.Equal("a=1", await mirror.RowsAsync());
    }

    [Fact]
    public async Task A_closed_port_is_reported_in_one_redacted_line_and_is_transient() =>
        Assert.IsType<Failure.TryLater>(await FailAsync((await CreateAsync()).WithClosedPort()));

    [Fact]
    public async Task A_server_failure_midway_loses_no_row_and_the_next_export_repairs()
    {
        await using var mirror = await CreateOwnAsync();
        await mirror.ExportedAsync(Mirror.Many(100, "old"));
        var rows = Mirror.Then(Mirror.Many(20_000, "new"), () => mirror.BreakAsync().GetAwaiter().GetResult()).Concat(Mirror.Many(20_000, "newer", "v"));
        var result = await mirror.ExportAsync(rows, at: 1);
        Assert.StartsWith("export: ", Assert.IsType<Failure.TryLater>(Assert.IsType<ExportResult.Failed>(result).Failure).Message, StringComparison.Ordinal);

        await mirror.RepairAsync();
        var stored = await mirror.StoredAsync();
        if (mirror.Differs(Difference.CannotRollBack))
        {
            Assert.Superset(Mirror.Many(100, "").Select(Mirror.UidOf).ToHashSet(), stored.Select(row => row.SourceUid).ToHashSet());
            Assert.InRange(stored.Count, 101, 39_999); // the failure came midway
        }
        else
            Assert.Equal((100, 100), (stored.Count, stored.Count(row => Mirror.ValueOf(row) == "old")));

        await mirror.ExportedAsync(Mirror.Many(100, "repaired"), at: 2);
        Assert.Equal(Mirror.Many(100, "").Select(row => Mirror.UidOf(row) + "=repaired"), (await mirror.RowsAsync()).Split(' '));
    }

    [Fact]
    public async Task Any_valid_name_is_quoted()
    {
        var first = await CreateAsync();
        foreach (var name in first.HostileNames)
        {
            var mirror = await first.NamedAsync(name);
            await mirror.ExportedAsync(Mirror.Items("a=1 b=2"));
            await mirror.ExportedAsync(Mirror.Items("b=3"), at: 1);
            await (mirror with { Mode = KollectDatabaseSinkMode.Existing }).ExportedAsync(Mirror.Items("b=4"), at: 2);
            Assert.Equal("b=4", await mirror.RowsAsync());
        }
    }

    [Theory, MemberData(Both)]
    public async Task Every_hostile_item_is_stored_or_reported_and_the_rest_is_written(KollectDatabaseSinkMode mode)
    {
        var mirror = await StartAsync(mode, "x=stale");
        var fates = HostileItem.All.Map(item => (Item: item, Fate: item.FateIn(mirror.Backend)));
        var outcome = await mirror.ExportedLinesAsync(fates.Map(it => it.Item.Json), at: 1);
        var rejected = fates.Count(it => it.Fate == Fate.Rejected);
        Assert.Equal(
            (fates.Count, fates.Count - rejected, fates.Count(it => it.Fate == Fate.Sanitized), rejected, 1),
            (outcome.Items, outcome.Inserted, outcome.Sanitized, outcome.Rejected, outcome.Deleted));

        var stored = (await mirror.StoredAsync()).ToDictionary(row => row.SourceUid);
        foreach (var (item, fate) in fates)
            if (fate == Fate.Rejected)
                Assert.DoesNotContain(item.Uid, stored.Keys);
            else
                Assert.True(fate == Fate.Rounded != stored[item.Uid].Holds(item.Expected), $"{item.Name}: {stored[item.Uid].Payload}");
    }

    [Theory, MemberData(Both)]
    public Task The_shared_items_are_read_back_equal_with_the_same_counts(KollectDatabaseSinkMode mode) =>
        ExportSharedItemsAsync(mode, skipUnchanged: false, _ => false, (0, 406, 0, 0), (2, 396, 0, 10));

    [Theory, MemberData(Both)]
    public Task The_shared_items_are_read_back_equal_without_rewriting_equal_rows(KollectDatabaseSinkMode mode) =>
        ExportSharedItemsAsync(
            mode,
            skipUnchanged: true,
            mirror => mirror.Differs(Difference.CountsTheTimeRowOfSharedItems),
            (0, 0, 406, 0),
            (2, 5, 391, 10));

    /// <summary>Exports 406 items, the same items again, and then a snapshot without 10, with 5 changed and 2 new ones.</summary>
    private async Task ExportSharedItemsAsync(
        KollectDatabaseSinkMode mode,
        bool skipUnchanged,
        Func<Mirror, bool> hasTimeRow,
        (long Inserted, long Updated, long Unchanged, long Deleted) again,
        (long Inserted, long Updated, long Unchanged, long Deleted) reducedAndChanged)
    {
        var lines = await File.ReadAllLinesAsync(SharedData.Require("items.ndjson"), TestContext.Current.CancellationToken);
        var mirror = await StartAsync(mode, "stale=1", skipUnchanged);
        string[] reduced =
        [
            .. lines[10..15].Select(line => line.Replace("\"kind\":", "\"changed\":true,\"kind\":", StringComparison.Ordinal)),
            .. lines[15..],
            Uid(lines[0], "new-1"),
            Uid(lines[1], "new-2"),
        ];

        await CheckAsync(lines, at: 1, (Inserted: 406, 0, 0, Deleted: 1));
        await CheckAsync(lines, at: 2, again);
        await CheckAsync(reduced, at: 3, reducedAndChanged);

        async Task CheckAsync(string[] snapshot, int at, (long Inserted, long Updated, long Unchanged, long Deleted) expected)
        {
            var outcome = await mirror.ExportedLinesAsync(snapshot, at);
            var timeRow = hasTimeRow(mirror) && outcome.Updated > expected.Updated ? 1 : 0;
            Assert.Equal(
                (expected.Inserted, expected.Updated + timeRow, expected.Unchanged - timeRow, expected.Deleted),
                (outcome.Inserted, outcome.Updated, outcome.Unchanged, outcome.Deleted));
            Assert.Equal((snapshot.Length, 0, 0, 0), (outcome.Items, outcome.Rejected, outcome.Sanitized, outcome.Duplicates));
            var stored = (await mirror.StoredAsync()).ToDictionary(row => row.SourceUid);
            Assert.Equal(snapshot.Length, stored.Count);
            Assert.All(snapshot, line => Assert.True(stored[HostileItem.UidOf(line)].Holds(line), line));
        }

        static string Uid(string line, string uid) => line.Replace(HostileItem.UidOf(line), uid, StringComparison.Ordinal);
    }

    /// <summary>Exports, and asserts a failure of one line, without any part of the Secret, within 20 seconds.</summary>
    private static async Task<Failure> FailAsync(Mirror mirror)
    {
        var watch = Stopwatch.StartNew();
        var failure = Assert.IsType<ExportResult.Failed>(await mirror.ExportAsync(Mirror.Items("a=2"), at: 1)).Failure;
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(20), $"{watch.Elapsed}");
        Assert.StartsWith("connect: ", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', failure.Message);
        Assert.DoesNotContain("of-secret", failure.Message, StringComparison.Ordinal);
        return failure;
    }
}
