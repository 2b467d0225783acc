using System.Globalization;
using System.Net;
using Kollect.Core.Backends.Postgres;
using Kollect.Core.Sinks;
using Kollect.Host.Demo;
using Kollect.Models.V1Alpha1;
using Npgsql;

namespace Kollect.Shell.Tests.Backends.Conformance;

/// <summary>PostgreSQL; rows are read back by SQL.</summary>
internal sealed record PostgresMirror(TestDatabase Database) : Mirror
{
    private const string Columns =
        "inventory_namespace text NOT NULL, inventory_name text NOT NULL, target_name text NOT NULL, source_uid text NOT NULL, "
        + "cluster text NOT NULL DEFAULT '', resource_namespace text NOT NULL DEFAULT '', exported_at timestamptz NOT NULL";

    private const string Key = "PRIMARY KEY (inventory_namespace, inventory_name, target_name, source_uid)";

    /// <summary>The server, if the test has a private one that it may stop; otherwise null.</summary>
    private PrivatePostgres? Own { get; init; }

    public string Schema { get; init; } = "public";

    /// <summary>Null = the URL of the superuser.</summary>
    public string? Url { get; init; }

    public override string Backend => "PostgreSQL";

    public override Seq<Difference> Differences => KeepsLedger ? Seq1(Difference.KeepsTheTimeInTheLedger) : Empty;

    public override Seq<string> HostileNames => Seq(
        "x\"; DROP TABLE inventory_items; --", "Ünïcödé 🦊", "select", "it's\\a\\name", new string('a', Identifier.MaxBytes));

    public override Seq<Gap> Gaps => Seq(
        new Gap("does not exist", () => Arranged("SELECT")),
        new Gap("column payload of", () => Arranged($"CREATE TABLE inventory_items ({Columns}, {Key})")),
        new Gap("has type json", () => Arranged($"CREATE TABLE inventory_items ({Columns}, payload json NOT NULL, {Key})")),
        new Gap("column \"team\"", () => Arranged($"CREATE TABLE inventory_items ({Columns}, payload jsonb NOT NULL, team text NOT NULL, {Key})")),
        new Gap("unique index", () => Arranged($"CREATE TABLE inventory_items ({Columns}, payload jsonb NOT NULL)")),
        new Gap("rule \"drops\"", () => Arranged(
            $"CREATE TABLE inventory_items ({Columns}, payload jsonb NOT NULL, {Key}); CREATE RULE drops AS ON INSERT TO inventory_items DO INSTEAD NOTHING")),
        new Gap("has no partition", () => Arranged(
            $"CREATE TABLE inventory_items ({Columns}, payload jsonb NOT NULL, {Key}) PARTITION BY HASH (inventory_name)")),
        new Gap("is a view", () => Arranged("CREATE VIEW inventory_items AS SELECT 1 AS source_uid WHERE false")),
        new Gap("INSERT", async () =>
        {
            await Database.ExecuteAsync($"CREATE TABLE inventory_items ({Columns}, payload jsonb NOT NULL, {Key})");
            var role = await Database.CreateRoleAsync("reader_", "pw");
            await Database.ExecuteAsync($"GRANT SELECT ON inventory_items TO {role}");
            return this with { Url = Database.Url(role, "pw"), Mode = KollectDatabaseSinkMode.Existing };
        }));

    protected override (string Key, string Value) Connection => ("url", Url ?? Database.Url());

    public static async Task<PostgresMirror> CreateAsync() => new(await PostgresServer.CreateDatabaseAsync());

    public static async Task<PostgresMirror> CreateOwnAsync()
    {
        var server = await PostgresServer.StartOwnAsync(("fsync", "off"));
        return new(new TestDatabase(server, "postgres")) { Own = server };
    }

    protected override Sink SinkOf(SinkSettings settings) => new PostgresSink(settings, Secret, Schema, Table);

    /// <summary>A session of another client.</summary>
    public async Task<NpgsqlConnection> ConnectAsync()
    {
        var connection = new NpgsqlConnection(Database.ConnectionString() + ";Pooling=false");
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        return connection;
    }

    public override async Task<IReadOnlyList<StoredRow>> StoredAsync()
    {
        try
        {
            return await Database.RowsAsync($"SELECT to_jsonb(t)::text FROM {new TableName(Schema, Table)} t", row => StoredRow.Parse(row.GetString(0)));
        }
        catch (PostgresException error) when (error.SqlState == PostgresErrorCodes.UndefinedTable)
        {
            return [];
        }
    }

    protected override Task<IReadOnlyList<string>> HistoryAsync() => Database.RowsAsync(
        $"SELECT to_jsonb(t)::text FROM {new TableName(Schema, Table + "_history")} t", row => row.GetString(0));

    public override Task InsertAsync(string uid, string? exportedAt = null) => Database.ExecuteAsync(
        $$"""
        INSERT INTO {{new TableName(Schema, Table)}} (inventory_namespace, inventory_name, target_name, source_uid, cluster, payload, exported_at)
        VALUES ('platform', 'all', 'deployments', '{{uid}}', 'east', '{"value": "other"}', '{{exportedAt ?? $"{Monday:O}"}}')
        """);

    public override Seq<ForeignWrite> ForeignWrites => Seq(
        new ForeignWrite(ForeignWrite.Insert, uid => InsertAsync(uid)) { Adds = true },
        Foreign("update", "UPDATE {0} SET payload = '{{\"value\": \"foreign\"}}' WHERE {1}") with { Changes = true },
        Foreign("delete", "DELETE FROM {0} WHERE {1}") with { Removes = true },
        Foreign("truncate", "TRUNCATE {0}") with { Removes = true, Truncates = true },
        Foreign("rename", "UPDATE {0} SET source_uid = source_uid || md5(random()::text) WHERE {1}") with { Adds = true, Removes = true },
        Foreign("label", "UPDATE {0} SET cluster = 'west' WHERE {1}") with { Removes = true },
        Foreign("there and back", "UPDATE {0} SET cluster = 'west', payload = payload || '{{}}' WHERE {1}; UPDATE {0} SET cluster = 'east' WHERE {1}"),
        Foreign("vacuum", "VACUUM (FREEZE) {0}"));

    public override bool LookFinds(IReadOnlyCollection<ForeignWrite> writes, bool hasRejected) => true;

    public override bool WritesDifferences => KeepsLedger;

    public override DnsEndPoint Address => new(new Uri(Database.Url()).IdnHost, new Uri(Database.Url()).Port);

    public override Mirror Through(int port) => this with { Url = new UriBuilder(Database.Url()) { Host = "127.0.0.1", Port = port }.Uri.AbsoluteUri };

    /// <summary>PostgreSQL manual 8.5: 4713 BC to 294276 AD, and infinity.</summary>
    public override (Seq<string> Past, Seq<string> Future) FarTimes => (
        Seq("-infinity", "4713-11-24 00:00:00+00 BC", "0044-03-15 12:00:00+00 BC"),
        Seq("infinity", "294276-12-31 23:59:59.999999+00", "10000-01-01 00:00:00+00"));

    public override async Task<Mirror> NamedAsync(string name)
    {
        await Database.ExecuteAsync($"CREATE SCHEMA {Identifier.Quote(name)}");
        return this with { Schema = name, Table = name };
    }

    public override async Task<Mirror> WithWrongPasswordAsync() =>
        this with { Url = Database.Url(await Database.CreateRoleAsync("role-of-secret-", "right"), "wrong-of-secret") };

    public override Mirror WithClosedPort() => this with { Url = "postgresql://role-of-secret:pass-of-secret@127.0.0.1:1/database-of-secret" };

    public override Task BreakAsync() => Own!.StopAsync("immediate", TestContext.Current.CancellationToken);

    public override Task RepairAsync() => Own!.StartAsync(TestContext.Current.CancellationToken);

    public override ValueTask DisposeAsync() => Own?.DisposeAsync() ?? ValueTask.CompletedTask;

    /// <param name="statements">{0} is the table, {1} a condition for one row. Each has a transaction of its own: VACUUM runs in none.</param>
    private ForeignWrite Foreign(string name, string statements) => new(name, async uid =>
    {
        foreach (var statement in statements.Split("; "))
            await Database.ExecuteAsync(string.Format(
                CultureInfo.InvariantCulture, statement, new TableName(Schema, Table), $"inventory_name = 'all' AND source_uid = '{uid}'"));
    });

    private async Task<Mirror> Arranged(string sql)
    {
        await Database.ExecuteAsync(sql);
        return this with { Mode = KollectDatabaseSinkMode.Existing };
    }
}
