using Kollect.Core.Exports;
using Kollect.Core.Failures;
using Kollect.Shell.Tests.Backends.Conformance;

namespace Kollect.Shell.Tests.Backends.Postgres;

/// <summary>
/// The statements for Citus, run on a plain server that has its two catalogs. It joins everything: that Citus takes them is not shown here. Columns and
/// values are those of Citus 13: citus--8.0-1.sql, metadata_cache.c and pg_dist_local_group.h of citusdata/citus.
/// </summary>
public sealed class CitusTests
{
    private const string Catalogs =
        """
        SET allow_system_table_mods = on;
        CREATE TABLE pg_catalog.pg_dist_local_group (groupid int PRIMARY KEY);
        CREATE TABLE pg_catalog.pg_dist_partition (
            logicalrelid regclass NOT NULL, partmethod "char" NOT NULL, partkey text, colocationid int NOT NULL, repmodel "char" NOT NULL);
        GRANT SELECT ON pg_catalog.pg_dist_local_group, pg_catalog.pg_dist_partition TO public;
        CREATE FUNCTION pg_catalog.column_to_column_name(regclass, text) RETURNS text LANGUAGE sql STRICT AS 'SELECT $2';
        INSERT INTO pg_catalog.pg_dist_local_group VALUES (0);
        """;

    [Theory]
    [InlineData(true, "'h', 'source_uid', 1, 's'")]
    [InlineData(false, "'h', 'source_uid', 1, 's'")]
    [InlineData(true, "'h', 'inventory_name', 1, 's'")]
    [InlineData(true, "'n', NULL, 2, 't'")]
    public async Task Exports_mirror_a_table_that_Citus_lists(bool skipUnchanged, string row)
    {
        var mirror = await ListedAsync(skipUnchanged, row);
        var first = await mirror.ExportedAsync(Mirror.Items("a=1 b=1 a=2"));
        Assert.Equal((2, 1), (first.Inserted, first.Duplicates));
        await mirror.ExportedAsync(Mirror.Items("x=1"), inventory: "other");
        var second = await mirror.ExportedAsync(Mirror.Items("a=3 c=1 d=1"), at: 1);
        Assert.Equal((2, 1, 1), (second.Inserted, second.Updated, second.Deleted));
        Assert.Equal("a=3 c=1 d=1 x=1/other", await mirror.RowsAsync());
        Assert.Equal(2, (await mirror.ExportedAsync(Mirror.Items("a=3 c=1"), at: 2, cluster: "west")).Adopted);
        Assert.Equal(0, (await mirror.ExportedAsync([], at: 3)).Inserted);
        Assert.Equal("a=3@west c=1@west x=1/other", await mirror.RowsAsync());
    }

    [Fact]
    public async Task An_unchanged_table_of_Citus_is_left_alone()
    {
        var mirror = await ListedAsync(skipUnchanged: true, "'h', 'source_uid', 1, 's'");
        await mirror.ExportedAsync(Mirror.Many(2_500, "1"));
        var again = await mirror.ExportedAsync(Mirror.Many(2_500, "1").Append(Mirror.Item("new", "1")), at: 1);
        Assert.Equal((1, 0, 2_500), (again.Inserted, again.Updated, again.Unchanged));
    }

    [Fact]
    public async Task A_worker_of_Citus_is_refused_and_the_probe_tells_where_the_coordinator_is()
    {
        var mirror = await ListedAsync(skipUnchanged: false, "'h', 'source_uid', 1, 's'");
        await mirror.Database.ExecuteAsync("UPDATE pg_dist_local_group SET groupid = 3");
        var failed = Assert.IsType<ExportResult.Failed>(await mirror.ExportAsync(Mirror.Items("a=1")));
        var refused = Assert.IsType<Failure.Refused>(failed.Failure);
        Assert.Contains("pg_dist_node", Assert.Single(refused.Gaps).Remedy, StringComparison.Ordinal);
        await using var destination = mirror.Open();
        Assert.IsType<ProbeResult.Failed>(await destination.ProbeAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_table_that_Citus_does_not_list_is_staged()
    {
        var mirror = await PostgresMirror.CreateAsync();
        await mirror.Database.ExecuteAsync(Catalogs);
        await mirror.ExportedAsync(Mirror.Items("a=1"));
        await using var destination = mirror.Open();
        var probe = Assert.IsType<ProbeResult.Succeeded>(await destination.ProbeAsync(TestContext.Current.CancellationToken));
        Assert.Contains("writes: a temporary staging table", probe.Checked);
    }

    private static async Task<PostgresMirror> ListedAsync(bool skipUnchanged, string row)
    {
        var mirror = await PostgresMirror.CreateAsync();
        await mirror.ExportedAsync([]);
        await mirror.Database.ExecuteAsync(
            $"{Catalogs} INSERT INTO pg_dist_partition (logicalrelid, partmethod, partkey, colocationid, repmodel) VALUES ('inventory_items', {row})");
        return mirror with { SkipUnchanged = skipUnchanged };
    }
}
