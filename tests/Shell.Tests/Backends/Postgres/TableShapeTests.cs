using Kollect.Core.Backends.Postgres;
using Kollect.Core.Exports;
using Kollect.Core.Failures;
using Kollect.Core.Snapshots;
using Kollect.Models.V1Alpha1;
using Kollect.Shell.Tests.Backends.Conformance;
using Npgsql;

namespace Kollect.Shell.Tests.Backends.Postgres;

/// <summary>
/// Tables that swallow or alter rows: a gap of the preflight; and where the shape arises after the preflight, a failed export, never
/// "exactly the snapshot".
/// </summary>
public sealed class TableShapeTests
{
    private const string SkipB =
        """
        CREATE FUNCTION skip_b() RETURNS trigger LANGUAGE plpgsql AS
            'BEGIN IF coalesce(new.source_uid, old.source_uid) = ''b'' THEN RETURN NULL; END IF; RETURN coalesce(new, old); END';
        CREATE TRIGGER skips BEFORE INSERT OR UPDATE OR DELETE ON inventory_items FOR EACH ROW EXECUTE FUNCTION skip_b();
        """;

    private const string Rewrite =
        """
        CREATE FUNCTION rewrite_b() RETURNS trigger LANGUAGE plpgsql AS
            'BEGIN IF new.source_uid = ''b'' THEN new.payload = ''{"value": "altered"}''; END IF; RETURN new; END';
        CREATE TRIGGER rewrites BEFORE INSERT OR UPDATE ON inventory_items FOR EACH ROW EXECUTE FUNCTION rewrite_b();
        """;

    private const string RuleOnInsert = "CREATE RULE drops AS ON INSERT TO inventory_items WHERE new.source_uid = 'b' DO INSTEAD NOTHING";

    private const string RuleOnDelete = "CREATE RULE keeps AS ON DELETE TO inventory_items DO INSTEAD NOTHING";

    private const string ChildTable =
        """
        CREATE TABLE child () INHERITS (inventory_items);
        INSERT INTO child VALUES ('platform', 'all', 'deployments', 'b', 'east', 'shop', '{"value": "1"}', '2026-11-23 08:30:00Z');
        """;

    /// <summary>Each shape with the words of its gap.</summary>
    private static readonly Dictionary<string, (string Sql, string Says)> Shapes = new(StringComparer.Ordinal)
    {
        ["a trigger that skips"] = (SkipB, "trigger \"skips\""),
        ["a trigger that rewrites"] = (Rewrite, "trigger \"rewrites\""),
        ["a rule on insert"] = (RuleOnInsert, "rule \"drops\""),
        ["a rule on delete"] = (RuleOnDelete, "rule \"keeps\""),
        ["a child table"] = (ChildTable, "\"public\".\"child\" inherits"),
    };

    public static TheoryData<string> Names { get; } = [.. Shapes.Keys];

    public static MatrixTheoryData<string, KollectDatabaseSinkMode, bool> Ways { get; } =
        new(Shapes.Keys, [KollectDatabaseSinkMode.Ensure, KollectDatabaseSinkMode.Existing], [false, true]);

    [Theory, MemberData(nameof(Names))]
    public async Task A_shape_that_swallows_or_alters_rows_is_a_gap_and_its_remedy_works(string shape)
    {
        var mirror = await WithRowsAsync("a=1", KollectDatabaseSinkMode.Existing, skipUnchanged: false);
        await mirror.Database.ExecuteAsync(Shapes[shape].Sql);
        var refused = Assert.IsType<Failure.Refused>(Assert.IsType<ExportResult.Failed>(await mirror.ExportAsync(Mirror.Items("a=2 b=2"), at: 1)).Failure);
        var gap = Assert.Single(refused.Gaps);
        Assert.Contains(Shapes[shape].Says, gap.What, StringComparison.Ordinal);

        await mirror.Database.ExecuteAsync(gap.Remedy);
        await mirror.ExportedAsync(Mirror.Items("a=2 b=2"), at: 2);
        Assert.Equal("a=2 b=2", await mirror.RowsAsync());
    }

    [Theory, MemberData(nameof(Ways))]
    public async Task A_shape_that_arises_after_the_preflight_fails_the_export(string shape, KollectDatabaseSinkMode mode, bool skipUnchanged)
    {
        var mirror = await WithRowsAsync("a=1 c=1", mode, skipUnchanged);
        AssertNamed(await WhileWaitingAsync(mirror, Shapes[shape].Sql, () => mirror.ExportAsync(Mirror.Items("a=1 b=2"), at: 1)), shape);
        Assert.DoesNotContain("b=2", await mirror.RowsAsync(), StringComparison.Ordinal);
        Assert.Contains("c=1", await mirror.RowsAsync(), StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Ways))]
    public async Task So_does_one_in_a_first_export(string shape, KollectDatabaseSinkMode mode, bool skipUnchanged)
    {
        var mirror = await WithRowsAsync("", mode, skipUnchanged);
        AssertNamed(await WhileWaitingAsync(mirror, Shapes[shape].Sql, () => mirror.ExportAsync(Mirror.Items("a=1 b=2"), at: 1)), shape);
        Assert.DoesNotContain("a=1", await mirror.RowsAsync(), StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Ways))]
    public async Task So_does_one_in_a_dry_run(string shape, KollectDatabaseSinkMode mode, bool skipUnchanged)
    {
        var mirror = await WithRowsAsync("a=1 c=1", mode, skipUnchanged);
        AssertNamed(await WhileWaitingAsync(mirror, Shapes[shape].Sql, () => mirror.ExportAsync(Mirror.Items("a=1 b=2"), at: 1, dryRun: true)), shape);
    }

    // A rule waits for every reader of the table: none arises once the export has looked at its rows.
    [Theory]
    [InlineData("a trigger that skips")]
    [InlineData("a trigger that rewrites")]
    [InlineData("a child table")]
    public async Task So_does_one_that_arises_while_the_input_is_read(string shape)
    {
        foreach (var (mode, before) in new[]
            { (KollectDatabaseSinkMode.Ensure, ""), (KollectDatabaseSinkMode.Ensure, "a=1"), (KollectDatabaseSinkMode.Existing, "a=1") })
        {
            var mirror = await WithRowsAsync(before, mode, skipUnchanged: true);
            AssertNamed(await mirror.ExportAsync(Meanwhile(mirror, Shapes[shape].Sql, "a=1 b=2"), at: 1), shape);
        }
    }

    [Theory]
    [InlineData("DISABLE TRIGGER skips")]
    [InlineData("DISABLE TRIGGER ALL")]
    [InlineData("ENABLE REPLICA TRIGGER skips")]
    public async Task A_trigger_that_does_not_fire_is_no_gap(string change)
    {
        var mirror = await WithRowsAsync("a=1", KollectDatabaseSinkMode.Existing, skipUnchanged: false);
        await mirror.Database.ExecuteAsync($"{SkipB}; ALTER TABLE inventory_items {change}");
        await mirror.ExportedAsync(Mirror.Items("a=2 b=2"), at: 1);
        Assert.Equal("a=2 b=2", await mirror.RowsAsync());
    }

    [Fact]
    public async Task A_trigger_that_fires_always_is_a_gap_also_in_a_replica_session()
    {
        var mirror = await WithRowsAsync("a=1", KollectDatabaseSinkMode.Existing, skipUnchanged: false);
        await mirror.Database.ExecuteAsync($"{SkipB}; ALTER TABLE inventory_items ENABLE ALWAYS TRIGGER skips");
        await mirror.Database.ExecuteAsync($"ALTER DATABASE {mirror.Database.Name} SET session_replication_role = replica");
        Assert.IsType<ExportResult.Failed>(await mirror.ExportAsync(Mirror.Items("a=2"), at: 1));

        await mirror.Database.ExecuteAsync("ALTER TABLE inventory_items ENABLE TRIGGER skips");
        await mirror.ExportedAsync(Mirror.Items("a=2 b=2"), at: 2);
        Assert.Equal("a=2 b=2", await mirror.RowsAsync());
    }

    [Fact]
    public async Task A_trigger_of_a_single_partition_is_a_gap()
    {
        var mirror = await PartitionedAsync(
            KollectDatabaseSinkMode.Existing, skipUnchanged: false, "HASH (inventory_name)", "FOR VALUES WITH (MODULUS 1, REMAINDER 0)");
        await mirror.Database.ExecuteAsync(SkipB.Replace("ON inventory_items", "ON part", StringComparison.Ordinal));
        Assert.Contains("trigger \"skips\" of \"public\".\"part\"", Message(await mirror.ExportAsync(Mirror.Items("a=2"))), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(KollectDatabaseSinkMode.Ensure, false)]
    [InlineData(KollectDatabaseSinkMode.Ensure, true)]
    [InlineData(KollectDatabaseSinkMode.Existing, false)]
    [InlineData(KollectDatabaseSinkMode.Existing, true)]
    public async Task Triggers_that_run_afterwards_and_leave_the_table_alone_may_stay(KollectDatabaseSinkMode mode, bool skipUnchanged)
    {
        var mirror = await WithRowsAsync("a=1 c=1", mode, skipUnchanged);
        await mirror.Database.ExecuteAsync(
            """
            CREATE TABLE audit (uid text, op text);
            CREATE FUNCTION audit() RETURNS trigger LANGUAGE plpgsql AS
                'BEGIN INSERT INTO public.audit VALUES (coalesce(new.source_uid, old.source_uid), tg_op); RETURN NULL; END';
            CREATE TRIGGER audits AFTER INSERT OR UPDATE OR DELETE ON inventory_items FOR EACH ROW EXECUTE FUNCTION audit();
            CREATE CONSTRAINT TRIGGER audits_late AFTER INSERT ON inventory_items DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION audit();
            CREATE FUNCTION pings() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_notify(''items'', tg_op); RETURN NULL; END';
            CREATE TRIGGER notifies AFTER INSERT OR UPDATE OR DELETE ON inventory_items FOR EACH STATEMENT EXECUTE FUNCTION pings();
            CREATE TRIGGER announces BEFORE INSERT ON inventory_items FOR EACH STATEMENT EXECUTE FUNCTION pings();
            """);
        await mirror.ExportedAsync(Mirror.Items("a=1 b=2 b=3"), at: 1);
        Assert.Equal("a=1 b=3", await mirror.RowsAsync());
        await mirror.ExportedAsync(Mirror.Items("a=1 b=3"), at: 2);
        await mirror.ExportedAsync([.. Mirror.Items("a=4"), Mirror.Rejected("b")], at: 3);
        await mirror.ExportedAsync(Mirror.Items("d=1"), at: 4, inventory: "other");
        Assert.Equal("a=4 b=3 d=1/other", await mirror.RowsAsync());
        Assert.Equal(1, await mirror.Database.ScalarAsync<long>("SELECT count(*) FROM audit WHERE uid = 'c' AND op = 'DELETE'"));
    }

    [Theory]
    [InlineData("UPDATE public.inventory_items SET payload = ''{\"value\": \"altered\"}'' WHERE source_uid = ''b''", "")]
    [InlineData("UPDATE public.inventory_items SET cluster = ''west'' WHERE source_uid = ''b''", "")]
    [InlineData("UPDATE public.inventory_items SET exported_at = exported_at + interval ''1 day'' WHERE source_uid = ''b''", "")]
    [InlineData("DELETE FROM public.inventory_items WHERE source_uid = ''b''", "")]
    [InlineData("DELETE FROM public.inventory_items WHERE source_uid = ''b''", "DEFERRABLE INITIALLY DEFERRED")]
    public async Task A_trigger_that_alters_rows_afterwards_fails_the_export(string body, string deferred)
    {
        foreach (var (mode, skip) in new[]
            { (KollectDatabaseSinkMode.Ensure, false), (KollectDatabaseSinkMode.Existing, false), (KollectDatabaseSinkMode.Existing, true) })
        {
            var mirror = await WithRowsAsync("", mode, skip);
            await mirror.Database.ExecuteAsync(
                $"""
                CREATE FUNCTION alters() RETURNS trigger LANGUAGE plpgsql AS
                    'BEGIN IF pg_trigger_depth() = 1 AND new.source_uid = ''b'' THEN {body}; END IF; RETURN NULL; END';
                CREATE CONSTRAINT TRIGGER alters AFTER INSERT OR UPDATE ON inventory_items {deferred} FOR EACH ROW EXECUTE FUNCTION alters();
                """);
            foreach (var at in new[] { 1, 2 })
                Assert.Contains("trigger \"alters\"", Message(await mirror.ExportAsync(Mirror.Items("a=1 b=2 c=3"), at: at)), StringComparison.Ordinal);
            Assert.Equal("", await mirror.RowsAsync());
        }
    }

    [Theory]
    [InlineData(KollectDatabaseSinkMode.Ensure)]
    [InlineData(KollectDatabaseSinkMode.Existing)]
    public async Task Rows_that_another_writer_adds_meanwhile_are_stale(KollectDatabaseSinkMode mode)
    {
        var mirror = await WithRowsAsync("a=1 b=1 c=1", mode, skipUnchanged: false);
        var result = await mirror.ExportAsync(Meanwhile(mirror, "INSERT INTO inventory_items SELECT inventory_namespace, inventory_name, target_name, "
            + "'x', cluster, resource_namespace, payload, exported_at FROM inventory_items WHERE source_uid = 'a'", "a=2"), at: 1);
        Assert.Equal(3, Assert.IsType<ExportResult.Exported>(result).Outcome.Deleted);
        Assert.Equal("a=2", await mirror.RowsAsync());
    }

    public static TheoryData<string, string> PartitionKeys { get; } = new()
    {
        { "HASH (inventory_name)", "FOR VALUES WITH (MODULUS 1, REMAINDER 0)" },
        {
            "HASH (inventory_namespace, source_uid)",
            "FOR VALUES WITH (MODULUS 2, REMAINDER 0); CREATE TABLE part1 PARTITION OF inventory_items FOR VALUES WITH (MODULUS 2, REMAINDER 1)"
        },
        { "LIST (inventory_namespace)", "FOR VALUES IN ('platform')" },
        { "RANGE (target_name)", "DEFAULT" },
    };

    [Theory, MemberData(nameof(PartitionKeys))]
    public async Task A_table_partitioned_by_identity_columns_works_with_every_option(string key, string partition)
    {
        foreach (var mode in new[] { KollectDatabaseSinkMode.Ensure, KollectDatabaseSinkMode.Existing })
            foreach (var skip in new[] { false, true })
            {
                var mirror = await PartitionedAsync(mode, skip, key, partition);
                await mirror.ExportedAsync(Mirror.Items("a=1 b=1 a=2"));
                await mirror.ExportedAsync(Mirror.Items("a=2 b=1"), at: 1);
                var dry = Assert.IsType<ExportResult.DryRun>(await mirror.ExportAsync(Mirror.Items("a=3 c=1"), at: 2, dryRun: true));
                Assert.Equal((1, 1, 1), (dry.Outcome.Inserted, dry.Outcome.Updated, dry.Outcome.Deleted));
                var outcome = await mirror.ExportedAsync([.. Mirror.Items("a=3 c=1 c=2"), Mirror.Rejected("b")], at: 2);
                Assert.Equal((1, 1, 0, 1), (outcome.Inserted, outcome.Updated, outcome.Deleted, outcome.Duplicates));
                Assert.Equal("a=3 b=1 c=2", await mirror.RowsAsync());
                Assert.Equal(2, (await mirror.ExportedAsync(Mirror.Items("c=2 d=1"), at: 3)).Deleted);
                var adopted = await mirror.ExportedAsync(Mirror.Items("c=2 e=1"), at: 4, cluster: "west");
                Assert.Equal((1, 1), (adopted.Inserted, adopted.Adopted));
                Assert.IsType<ExportResult.Superseded>(await mirror.ExportAsync(Mirror.Items("z=1"), at: 2));
                await mirror.ExportedAsync([], at: 5);
                Assert.Equal("c=2@west e=1@west", await mirror.RowsAsync());
            }
    }

    [Fact]
    public async Task A_row_without_a_partition_fails_the_export_with_its_remedy()
    {
        var mirror = await PartitionedAsync(KollectDatabaseSinkMode.Existing, skipUnchanged: false, "LIST (inventory_name)", "FOR VALUES IN ('all')");
        await mirror.ExportedAsync(Mirror.Items("a=1"));
        Assert.Contains("add a partition", Message(await mirror.ExportAsync(Mirror.Items("a=1"), inventory: "other")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("PARTITION BY HASH (inventory_name)", "has no partition")]
    [InlineData("PARTITION BY LIST (inventory_name)", "has no partition")]
    [InlineData("PARTITION BY RANGE (exported_at)", "is partitioned by (exported_at)")]
    public async Task A_partitioned_table_that_takes_no_row_is_a_gap_and_its_remedy_works(string partitioned, string says)
    {
        var mirror = await PostgresMirror.CreateAsync() with { Mode = KollectDatabaseSinkMode.Existing };
        var takesKey = says.Contains("no partition", StringComparison.Ordinal);
        var table = takesKey ? CreateTable : CreateTable[..CreateTable.IndexOf(", PRIMARY", StringComparison.Ordinal)] + ")";
        await mirror.Database.ExecuteAsync($"{table} {partitioned}");
        var refused = Assert.IsType<Failure.Refused>(Assert.IsType<ExportResult.Failed>(await mirror.ExportAsync(Mirror.Items("a=1"))).Failure);
        Assert.Contains(says, refused.Gaps.Head.What, StringComparison.Ordinal);
        await mirror.Database.ExecuteAsync(refused.Gaps.Head.Remedy);
        var mended = takesKey ? mirror : mirror with { Table = "kollect_items" };
        await mended.ExportedAsync(Mirror.Items("a=1"));
        await mended.ExportedAsync(Mirror.Items("a=2"), at: 1);
        Assert.Equal("a=2", await mended.RowsAsync());
    }

    private const string CreateTable =
        "CREATE TABLE inventory_items (inventory_namespace text NOT NULL, inventory_name text NOT NULL, target_name text NOT NULL, source_uid text NOT NULL, "
        + "cluster text NOT NULL DEFAULT '', resource_namespace text NOT NULL DEFAULT '', payload jsonb NOT NULL, exported_at timestamptz NOT NULL, "
        + "PRIMARY KEY (inventory_namespace, inventory_name, target_name, source_uid))";

    private static async Task<PostgresMirror> WithRowsAsync(string items, KollectDatabaseSinkMode mode, bool skipUnchanged)
    {
        var mirror = await PostgresMirror.CreateAsync();
        await mirror.ExportedAsync(Mirror.Items(items));
        return mirror with { Mode = mode, SkipUnchanged = skipUnchanged };
    }

    private static async Task<PostgresMirror> PartitionedAsync(KollectDatabaseSinkMode mode, bool skipUnchanged, string key, string partition)
    {
        var mirror = await PostgresMirror.CreateAsync() with { Mode = mode, SkipUnchanged = skipUnchanged };
        await mirror.Database.ExecuteAsync($"{CreateTable} PARTITION BY {key}; CREATE TABLE part PARTITION OF inventory_items {partition}");
        return mirror;
    }

    /// <summary>Runs <paramref name="sql"/> on another connection after the preflight and before the first write.</summary>
    private static IEnumerable<RowOrRejection> Meanwhile(PostgresMirror mirror, string sql, string items)
    {
        mirror.Database.ExecuteAsync(sql).GetAwaiter().GetResult();
        foreach (var item in Mirror.Items(items))
            yield return item;
    }

    /// <summary>Runs <paramref name="sql"/> while the export waits for another one, between its preflight and its first look at the rows.</summary>
    private static async Task<ExportResult> WhileWaitingAsync(PostgresMirror mirror, string sql, Func<Task<ExportResult>> export)
    {
        await using var other = new NpgsqlConnection(mirror.Database.ConnectionString());
        await other.OpenAsync(TestContext.Current.CancellationToken);
        await using var transaction = await other.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await using (var locks = new NpgsqlCommand(ExportStatements.Lock, other, transaction))
        {
            var name = new ExportStatements(new TableName("public", mirror.Table)).LockName(new Scope("platform", "all", "east"));
            locks.Parameters.Add(new NpgsqlParameter { Value = name });
            await locks.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }

        var result = export();
        await Eventually.HoldsAsync(async () => result.IsCompleted || await mirror.Database.ScalarAsync<long>(
            "SELECT count(*) FROM pg_locks l JOIN pg_database d ON d.oid = l.database "
            + "WHERE l.locktype = 'advisory' AND NOT l.granted AND d.datname = current_database()") > 0);
        await mirror.Database.ExecuteAsync(sql);
        await transaction.RollbackAsync(TestContext.Current.CancellationToken);
        return await result;
    }

    private static void AssertNamed(ExportResult result, string shape)
    {
        var names = new[] { "\"skips\"", "\"rewrites\"", "\"drops\"", "\"keeps\"", "\"child\"" };
        var message = Message(result);

        // The server itself refuses an upsert into a table with such a rule.
        Assert.True(
            message.Contains(names[Shapes.Keys.ToList().IndexOf(shape)], StringComparison.Ordinal)
            || (shape == "a rule on insert" && message.Contains("(0A000)", StringComparison.Ordinal)),
            message);
        Assert.StartsWith("export: ", message, StringComparison.Ordinal);
    }

    private static string Message(ExportResult result) => Assert.IsType<ExportResult.Failed>(result).Failure.Message;
}
