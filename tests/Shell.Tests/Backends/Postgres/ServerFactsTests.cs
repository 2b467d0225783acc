using Kollect.Core.Exports;
using Kollect.Core.Failures;
using Kollect.Models.V1Alpha1;
using Kollect.Shell.Tests.Backends.Conformance;

namespace Kollect.Shell.Tests.Backends.Postgres;

/// <summary>What the preflight finds about a server, a database or a table that an administrator made; each remedy is run.</summary>
public sealed class ServerFactsTests
{
    private const string Columns =
        "inventory_namespace text NOT NULL, inventory_name text NOT NULL, target_name text NOT NULL, source_uid text NOT NULL, "
        + "cluster text NOT NULL DEFAULT '', resource_namespace text NOT NULL DEFAULT '', payload jsonb NOT NULL, exported_at timestamptz NOT NULL";

    private const string Identity = "(inventory_namespace, inventory_name, target_name, source_uid)";

    [Theory]
    [InlineData("SQL_ASCII")]
    [InlineData("LATIN1")]
    [InlineData("EUC_JP")]
    public async Task A_database_of_another_encoding_is_a_gap_before_anything_is_created(string encoding)
    {
        var mirror = await PostgresMirror.CreateAsync();
        var name = $"{mirror.Database.Name}_x";
        await mirror.Database.ExecuteAsync($"CREATE DATABASE {name} ENCODING '{encoding}' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0");
        try
        {
            var refused = Refused(await (mirror with { Url = mirror.Database.Url(database: name) }).ExportAsync(Mirror.Items("a=1")));
            Assert.Equal(
                $"the database has the encoding {encoding}, which cannot hold every text of Kubernetes; only UTF8 can", Assert.Single(refused.Gaps).What);
        }
        finally
        {
            await mirror.Database.ExecuteAsync($"DROP DATABASE {name}");
        }
    }

    [Theory]
    [InlineData("role")]
    [InlineData("url")]
    [InlineData("database")]
    [InlineData("option")]
    public async Task Names_that_the_server_quotes_in_its_texts_change_nothing(string where)
    {
        var mirror = await PostgresMirror.CreateAsync();
        switch (where)
        {
            case "role":
                var role = await mirror.Database.CreateRoleAsync("quoting_", "pw", "SUPERUSER");
                await mirror.Database.ExecuteAsync($"ALTER ROLE \"{role}\" SET quote_all_identifiers = on");
                mirror = mirror with { Url = mirror.Database.Url(role, "pw") };
                break;
            case "url":
                mirror = mirror with { Url = mirror.Database.Url(parameters: "options=-c%20quote_all_identifiers%3Don") };
                break;
            case "database":
                await mirror.Database.ExecuteAsync($"ALTER DATABASE {mirror.Database.Name} SET quote_all_identifiers = on");
                break;
            default:
                mirror = mirror with { Options = HashMap(("quote_all_identifiers", "on")) };
                break;
        }

        await mirror.ExportedAsync(Mirror.Items("a=1"));
        await mirror.ExportedAsync(Mirror.Items("a=2"), at: 1);
        await (mirror with { Mode = KollectDatabaseSinkMode.Existing }).ExportedAsync(Mirror.Items("a=3"), at: 2);
        Assert.Equal("a=3", await mirror.RowsAsync());
    }

    [Fact]
    public async Task Read_only_transactions_of_a_role_are_a_gap_and_its_remedy_works()
    {
        var mirror = await PostgresMirror.CreateAsync();
        var role = await mirror.Database.CreateRoleAsync("reading_", "pw", "SUPERUSER");
        await mirror.Database.ExecuteAsync($"ALTER ROLE \"{role}\" SET default_transaction_read_only = on");
        await RemediedAsync(mirror with { Url = mirror.Database.Url(role, "pw") }, "default_transaction_read_only is on", role);
    }

    // The folder of a server that is stopped becomes that of a standby by this file; without a primary it replays its own log.
    [Fact]
    public async Task A_hot_standby_is_named()
    {
        await using var mirror = await PostgresMirror.CreateOwnAsync();
        await mirror.ExportedAsync(Mirror.Items("a=1"));
        var data = await mirror.Database.ScalarAsync<string>("SHOW data_directory");
        await mirror.BreakAsync();
        await File.WriteAllTextAsync(Path.Combine(data, "standby.signal"), "", TestContext.Current.CancellationToken);
        await mirror.RepairAsync();
        var refused = Refused(await mirror.ExportAsync(Mirror.Items("a=2"), at: 1));
        Assert.Equal("the server is a hot standby and takes no writes", Assert.Single(refused.Gaps).What);
    }

    // A superuser may replace the function in a single database: what CockroachDB answers, read by the whole preflight.
    [Fact]
    public async Task CockroachDB_is_refused_by_name_and_asked_nothing_else()
    {
        var mirror = await PostgresMirror.CreateAsync();
        await mirror.Database.ExecuteAsync(
            """
            CREATE OR REPLACE FUNCTION pg_catalog.version() RETURNS text LANGUAGE sql STABLE AS
                $$ SELECT 'CockroachDB CCL v23.1.11 (x86_64-pc-linux-gnu, built 2023/09/27 01:53:43, go1.19.10)' $$
            """);
        Assert.StartsWith(
            "the server is CockroachDB CCL v23.1.11: its advisory locks lock nothing",
            Assert.Single(Refused(await mirror.ExportAsync(Mirror.Items("a=1"))).Gaps).What,
            StringComparison.Ordinal);
        await using var destination = mirror.Open();
        Assert.IsType<ProbeResult.Failed>(await destination.ProbeAsync(TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("source_uid")]
    [InlineData("cluster")]
    public async Task A_collation_that_takes_different_texts_for_equal_is_a_gap_and_its_remedy_works(string column)
    {
        var mirror = await ArrangedAsync(
            $"{IgnoringCase}; CREATE TABLE inventory_items ("
            + Columns.Replace($"{column} text", $"{column} text COLLATE ignoring_case", StringComparison.Ordinal) + $", PRIMARY KEY {Identity})");
        await RemediedAsync(mirror, $"column {column} of \"public\".\"inventory_items\" has a nondeterministic collation");
        await mirror.ExportedAsync(Mirror.Items("a=1 A=2"), at: 1);
        Assert.Equal("A=2 a=1", await mirror.RowsAsync());
    }

    [Fact]
    public async Task So_is_an_index_of_such_a_collation_beside_the_right_one()
    {
        var mirror = await ArrangedAsync(
            $"{IgnoringCase}; CREATE TABLE inventory_items ({Columns}, PRIMARY KEY {Identity}); CREATE UNIQUE INDEX ignoring ON inventory_items "
            + "(inventory_namespace, inventory_name, target_name, source_uid COLLATE ignoring_case)");
        await RemediedAsync(mirror, "unique index \"ignoring\"");
        await mirror.ExportedAsync(Mirror.Items("a=1 A=2"), at: 1);
        Assert.Equal("A=2 a=1", await mirror.RowsAsync());
    }

    private const string IgnoringCase = "CREATE COLLATION ignoring_case (provider = icu, locale = 'und-u-ks-level2', deterministic = false)";

    [Fact]
    public async Task Row_security_that_is_forced_on_the_owner_has_another_remedy()
    {
        var mirror = await PostgresMirror.CreateAsync() with { Mode = KollectDatabaseSinkMode.Existing };
        var role = await mirror.Database.CreateRoleAsync("owner_", "pw");
        await mirror.Database.ExecuteAsync(
            $"CREATE TABLE inventory_items ({Columns}, PRIMARY KEY {Identity}); ALTER TABLE inventory_items OWNER TO \"{role}\"; "
            + "ALTER TABLE inventory_items ENABLE ROW LEVEL SECURITY");
        await (mirror with { Url = mirror.Database.Url(role, "pw") }).ExportedAsync(Mirror.Items("a=0")); // the owner bypasses it
        await mirror.Database.ExecuteAsync("ALTER TABLE inventory_items FORCE ROW LEVEL SECURITY");
        await mirror.ExportedAsync(Mirror.Items("a=1"), at: 1); // so does a superuser
        await RemediedAsync(mirror with { Url = mirror.Database.Url(role, "pw") }, "although it owns the table (FORCE)", at: 2);
    }

    [Fact]
    public async Task A_published_table_without_a_replica_identity_is_a_gap_and_its_remedy_works()
    {
        var mirror = await ArrangedAsync(
            $"CREATE TABLE inventory_items ({Columns}); CREATE UNIQUE INDEX identity ON inventory_items {Identity}; "
            + "CREATE PUBLICATION everything FOR ALL TABLES");
        await RemediedAsync(mirror, "without a replica identity");
        await mirror.ExportedAsync(Mirror.Items("b=1"), at: 1);
        Assert.Equal("b=1", await mirror.RowsAsync());
    }

    [Fact]
    public async Task A_domain_that_is_NOT_NULL_is_a_column_that_nothing_fills()
    {
        var mirror = await ArrangedAsync(
            $"CREATE DOMAIN team AS text NOT NULL; CREATE TABLE inventory_items ({Columns}, team team, PRIMARY KEY {Identity})");
        Assert.Contains("column \"team\"", Refused(await mirror.ExportAsync(Mirror.Items("a=1"))).Message, StringComparison.Ordinal);
        await mirror.Database.ExecuteAsync("ALTER DOMAIN team SET DEFAULT 'nobody'");
        await mirror.ExportedAsync(Mirror.Items("a=1"));
    }

    [Fact]
    public async Task A_probe_and_a_plan_warn_of_what_may_fail_later()
    {
        var mirror = await ArrangedAsync(
            $"""
            CREATE TABLE clusters (cluster text PRIMARY KEY); INSERT INTO clusters VALUES ('east');
            CREATE UNLOGGED TABLE inventory_items ({Columns}, id bigserial UNIQUE, PRIMARY KEY {Identity}, CONSTRAINT one_uid UNIQUE (source_uid),
                CONSTRAINT short CHECK (length(source_uid) < 10));
            CREATE UNLOGGED TABLE notes (a text, b text, c text, d text, CONSTRAINT notes_of FOREIGN KEY (a, b, c, d) REFERENCES inventory_items);
            """);
        await using var destination = mirror.Open();
        var probe = Assert.IsType<ProbeResult.Succeeded>(await destination.ProbeAsync(TestContext.Current.CancellationToken));
        var plan = Assert.IsType<PlanResult.Planned>(await destination.PlanAsync(TestContext.Current.CancellationToken));
        var warnings = probe.Checked.Filter(line => line.StartsWith("warning: ", StringComparison.Ordinal));
        Assert.Equal(4, warnings.Count);
        foreach (var (line, says) in warnings.Zip(Seq("unlogged", "\"one_uid\"", "\"notes_of\"", "\"short\"")))
            Assert.Contains(says, line, StringComparison.Ordinal);
        Assert.All(warnings, line => Assert.Contains(line, plan.Preview.Remarks));

        Assert.Contains("23514", Message(await mirror.ExportAsync(Mirror.Items("a-very-long-uid=1"))), StringComparison.Ordinal);
        Assert.Contains("23505", Message(await TwiceAsync(mirror)), StringComparison.Ordinal);
        await mirror.Database.ExecuteAsync("INSERT INTO notes SELECT inventory_namespace, inventory_name, target_name, source_uid FROM inventory_items");
        Assert.Contains("23503", Message(await mirror.ExportAsync([], at: 1)), StringComparison.Ordinal);
    }

    private static async Task<ExportResult> TwiceAsync(Mirror mirror)
    {
        await mirror.ExportedAsync(Mirror.Items("a=1"));
        return await mirror.ExportAsync(Mirror.Items("a=1"), inventory: "other");
    }

    private static async Task<PostgresMirror> ArrangedAsync(string sql)
    {
        var mirror = await PostgresMirror.CreateAsync() with { Mode = KollectDatabaseSinkMode.Existing, KeepsLedger = false };
        await mirror.Database.ExecuteAsync(sql);
        return mirror;
    }

    /// <summary>The only gap says this, and an export works once its remedy was run.</summary>
    private static async Task RemediedAsync(PostgresMirror mirror, string says, string role = "", int at = 0)
    {
        var gap = Assert.Single(Refused(await mirror.ExportAsync(Mirror.Items("a=1"), at: at)).Gaps);
        Assert.Contains(says, gap.What, StringComparison.Ordinal);
        await mirror.Database.ExecuteAsync(gap.Remedy.Replace("<role of the sink>", $"\"{role}\"", StringComparison.Ordinal));
        await mirror.ExportedAsync(Mirror.Items("a=1"), at: at);
    }

    private static Failure.Refused Refused(ExportResult result) =>
        Assert.IsType<Failure.Refused>(Assert.IsType<ExportResult.Failed>(result).Failure);

    private static string Message(ExportResult result) => Assert.IsType<ExportResult.Failed>(result).Failure.Message;
}
