using Kollect.Core.Backends.Postgres;
using Kollect.Core.Exports;
using Kollect.Core.Failures;
using Kollect.Models.V1Alpha1;
using Kollect.Shell.Tests.Backends.Conformance;

namespace Kollect.Shell.Tests.Backends.Postgres;

/// <summary>What PostgreSQL has beyond the guarantees of every backend: the view, partitions, provisioning, the sweep.</summary>
public sealed class HistoryTests
{
    [Fact]
    public async Task The_timeline_shows_each_identity_once_at_any_time()
    {
        var mirror = await CreateAsync();
        await mirror.ExportedAsync(Mirror.Items("a=1 b=1"));
        await mirror.ExportedAsync(Mirror.Items("a=2"), at: 2);
        await mirror.ExportedAsync(Mirror.Items("a=3 b=1"), at: 4);
        foreach (var (at, expected) in new[] { (-1, ""), (0, "a=1 b=1"), (1, "a=1 b=1"), (2, "a=2"), (3, "a=2"), (4, "a=3 b=1"), (9, "a=3 b=1") })
            Assert.Equal(expected, await mirror.Database.ScalarAsync<string>(
                $"""
                SELECT coalesce(string_agg(source_uid || '=' || (payload->>'value'), ' ' ORDER BY source_uid), '')
                FROM inventory_items_timeline
                WHERE valid_from <= '{Mirror.Monday.AddMinutes(at):O}' AND (valid_to > '{Mirror.Monday.AddMinutes(at):O}' OR valid_to IS NULL)
                """));
    }

    [Fact]
    public async Task A_partitioned_table_and_hostile_names_keep_their_history()
    {
        var created = await CreateAsync();
        var mirror = (PostgresMirror)await created.NamedAsync("it's \"quoted\" ünï");
        await mirror.ExportedAsync(Mirror.Items("a=1 b=1"));
        var table = new TableName(mirror.Schema, mirror.Table);
        await mirror.Database.ExecuteAsync(
            $"""
            ALTER TABLE {table} RENAME TO plain; CREATE TABLE {table} (LIKE {table with { Name = "plain" }} INCLUDING ALL) PARTITION BY HASH (source_uid);
            CREATE TABLE {table with { Name = "p0" }} PARTITION OF {table} FOR VALUES WITH (MODULUS 2, REMAINDER 0);
            CREATE TABLE {table with { Name = "p1" }} PARTITION OF {table} FOR VALUES WITH (MODULUS 2, REMAINDER 1);
            INSERT INTO {table} SELECT * FROM {table with { Name = "plain" }}
            """);
        await mirror.ExportedAsync(Mirror.Items("a=2 c=1 d=1 e=1"), at: 1);
        await (mirror with { Mode = KollectDatabaseSinkMode.Existing }).ExportedAsync(Mirror.Items("a=3 c=1 d=2"), at: 2);
        Assert.Equal(
            """
            a=1 0-1 updated
            a=2 1-2 updated
            b=1 0-1 deleted
            d=1 1-2 updated
            e=1 1-2 deleted
            """,
            await mirror.VersionsAsync());
    }

    /// <summary>Without a ledger one row carries the time of a snapshot that changes nothing: its versions are equal, and leave no gap.</summary>
    [Fact]
    public async Task A_row_that_only_carries_the_time_has_versions_without_a_gap()
    {
        var mirror = await CreateAsync() with { KeepsLedger = false };
        await mirror.ExportedAsync(Mirror.Items("a=1"));
        await mirror.ExportedAsync(Mirror.Items("a=1"), at: 1);
        await mirror.ExportedAsync(Mirror.Items("a=1"), at: 2);
        Assert.Equal("a=1 0-1 updated\na=1 1-2 updated", await mirror.VersionsAsync());
    }

    [Fact]
    public async Task Old_versions_are_swept_in_chunks_and_the_time_of_a_version_is_that_at_which_it_ended()
    {
        var mirror = await CreateAsync() with { HistoryKeep = TimeSpan.FromDays(90) };
        await mirror.ExportedAsync(Mirror.Many(1, "1"));
        await mirror.Database.ExecuteAsync(
            """
            INSERT INTO inventory_items_history
            SELECT 'other', 'gone', 'deployments', i::text, 'east', '', '{"value":"old"}', now() - interval '200 days', now() - interval '200 days',
                   now() - interval '1 day' * (CASE WHEN i > 2500 THEN 89 ELSE 91 END), 'updated'
            FROM generate_series(1, 2510) AS i
            """);
        await mirror.ExportedAsync(Mirror.Many(1, "2"), at: 1);
        Assert.Equal(10L, await mirror.Database.ScalarAsync<long>("SELECT count(*) FROM inventory_items_history WHERE inventory_name = 'gone'"));
        await (mirror with { HistoryKeep = None }).ExportedAsync(Mirror.Many(1, "3"), at: 2);
        Assert.Equal(10L, await mirror.Database.ScalarAsync<long>("SELECT count(*) FROM inventory_items_history WHERE inventory_name = 'gone'"));
    }

    [Fact]
    public async Task In_mode_existing_nothing_is_written_until_the_history_is_there_as_the_refusal_says()
    {
        var plain = await CreateAsync() with { KeepsHistory = false };
        await plain.ExportedAsync(Mirror.Items("a=1"));
        var mirror = plain with { KeepsHistory = true, Mode = KollectDatabaseSinkMode.Existing };
        var role = await mirror.Database.CreateRoleAsync("writer_", "pw");
        await mirror.Database.ExecuteAsync($"GRANT SELECT, INSERT, UPDATE, DELETE ON inventory_items TO {role}");
        mirror = mirror with { Url = mirror.Database.Url(role, "pw"), KeepsLedger = false };

        var refusal = Assert.Single(await RefusedAsync(mirror));
        Assert.Contains("inventory_items_history", refusal.What, StringComparison.Ordinal);
        var ddl = refusal.Remedy.Split("\nGRANT");
        await mirror.Database.ExecuteAsync(ddl[0]);
        refusal = Assert.Single(await RefusedAsync(mirror));
        Assert.Contains("lacks SELECT, INSERT, UPDATE, DELETE", refusal.What, StringComparison.Ordinal);
        await mirror.Database.ExecuteAsync(refusal.Remedy.Replace(Render.Role, role, StringComparison.Ordinal));
        await mirror.ExportedAsync(Mirror.Items("a=2"), at: 1);
        Assert.Equal("a=1 0-1 updated", await mirror.VersionsAsync());

        await mirror.Database.ExecuteAsync(
            """
            DROP VIEW inventory_items_timeline; -- for readers alone
            ALTER TABLE inventory_items_history DROP COLUMN change, ALTER COLUMN valid_to TYPE timestamp
            """);
        Assert.EndsWith(
            "column valid_to is not timestamp with time zone, column change is missing",
            Assert.Single(await RefusedAsync(mirror)).What,
            StringComparison.Ordinal);
        Assert.Equal("a=2", await mirror.RowsAsync());
    }

    /// <summary>A table that is too new for its history: the versions of before are unknown, those from now on are kept.</summary>
    [Fact]
    public async Task A_history_that_is_asked_for_later_begins_with_the_rows_that_are_there()
    {
        var plain = await CreateAsync() with { KeepsHistory = false };
        await plain.ExportedAsync(Mirror.Items("a=1 b=1"));
        await plain.ExportedAsync(Mirror.Items("a=2 b=1"), at: 1);
        await (plain with { KeepsHistory = true }).ExportedAsync(Mirror.Items("a=3"), at: 2);
        Assert.Equal("a=2 1-2 updated\nb=1 0-2 deleted", await plain.VersionsAsync());
    }

    private static async Task<PostgresMirror> CreateAsync() => await PostgresMirror.CreateAsync() with { KeepsHistory = true, SkipUnchanged = None };

    private static async Task<Seq<Refusal>> RefusedAsync(Mirror mirror) =>
        Assert.IsType<Failure.Refused>(Assert.IsType<ExportResult.Failed>(await mirror.ExportAsync(Mirror.Items("a=9"), at: 9)).Failure).Gaps;
}
