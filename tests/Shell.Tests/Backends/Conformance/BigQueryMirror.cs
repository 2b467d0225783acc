using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Kollect.Core.Backends.BigQuery;
using Kollect.Core.Sinks;
using Kollect.Models.V1Alpha1;

namespace Kollect.Shell.Tests.Backends.Conformance;

/// <summary>BigQuery; rows are read back by the official Node client.</summary>
internal sealed record BigQueryMirror(BigQueryServer Server, string Dataset, string Credentials) : Mirror
{
    /// <summary>True = no other test uses the server.</summary>
    private bool Own { get; init; }

    /// <summary>Null = the address of the server.</summary>
    public Uri? Endpoint { get; init; }

    public override string Backend => "BigQuery";

    public override Seq<Difference> Differences => Seq(
        Difference.AdoptsNothing,
        Difference.CountsTheTimeRow,
        Difference.CountsTheTimeRowAmongChanges,
        Difference.CountsTheTimeRowOfSharedItems,
        Difference.ForgetsAnEmptyScope,
        Difference.RepairsInFull).Concat(Difference.NoHistory);

    protected override Task<IReadOnlyList<string>> HistoryAsync() => throw new NotSupportedException();

    public override Seq<string> HostileNames => Seq("select", "Ünïcödé", "two words - and a dash", "__", "1", new string('a', 1_024));

    public override Seq<Gap> Gaps => Seq(
        new Gap("does not exist", () => ArrangedAsync(null)),
        new Gap("payload", () => ArrangedAsync(Columns(without: "payload"))),
        new Gap("payload", () => ArrangedAsync([.. Columns(without: "payload"), Column("payload", "STRING", "REQUIRED")])),
        new Gap("cluster", () => ArrangedAsync([.. Columns(without: "cluster"), Column("cluster", "STRING", "REPEATED")])),
        new Gap("is of type VIEW", () => ArrangedAsync(Columns(), ("view", new JsonObject { ["query"] = "SELECT 1" }))),
        new Gap("is of type EXTERNAL", () => ArrangedAsync(Columns(), ("externalDataConfiguration", new JsonObject { ["sourceFormat"] = "CSV" }))),
        new Gap("has the collation und:ci", () =>
        {
            var collated = Column("source_uid", "STRING", "REQUIRED");
            collated["collation"] = "und:ci";
            return ArrangedAsync([.. Columns(without: "source_uid"), collated]);
        }),
        new Gap("is deleted with all its rows at", () => ArrangedAsync(Columns(), ("expirationTime", JsonValue.Create("4102444800000")))),
        new Gap("are deleted after 60 days", () => ArrangedAsync(
            Columns(), ("timePartitioning", new JsonObject { ["type"] = "DAY", ["expirationMs"] = "5184000000" }))),
        new Gap("team", () => ArrangedAsync([.. Columns(), Column("team", "STRING", "REQUIRED")])));

    protected override (string Key, string Value) Connection => ("credentials.json", Credentials);

    /// <summary>A new dataset on a server that several tests may share.</summary>
    public static async Task<BigQueryMirror> OverAsync(BigQueryServer server)
    {
        var credentials = await server.ServiceAccountAsync(name: "user-of-secret");
        return new(server, await server.CreateDatasetAsync(), credentials);
    }

    /// <summary>A new dataset on a private server; a given project is used instead.</summary>
    public static async Task<BigQueryMirror> CreateAsync() => await OverAsync(await BigQueryServer.StartAsync()) with { Own = true };

    /// <param name="needs">A feature that a given project lacks; with such a project the test is skipped.</param>
    public static async Task<BigQueryMirror> CreateOwnAsync(string needs) =>
        await OverAsync(await BigQueryServer.StartAsync(new BigQueryOptions { Needs = needs })) with { Own = true };

    protected override Sink SinkOf(SinkSettings settings) => new BigQuerySink(
        settings, Server.Project, Dataset, Table, None, Endpoint ?? new Uri(Server.Endpoint), Secret);

    public override async Task<IReadOnlyList<StoredRow>> StoredAsync()
    {
        try
        {
            return [.. (await Server.DumpAsync(Server.Project, Dataset, Table)).Select(line => StoredRow.Parse(line, payloadIsText: true))];
        }
        catch (InvalidOperationException error) when (error.Message.Contains("Not found: Table", StringComparison.Ordinal))
        {
            return [];
        }
    }

    public override Task InsertAsync(string uid, string? exportedAt = null) => Server.LoadAsync(
        Server.Project,
        Dataset,
        Table,
        [
            """{"inventory_namespace":"platform","inventory_name":"all","target_name":"deployments","cluster":"east","resource_namespace":"","""
            + $$"""
            "source_uid":"{{uid}}","payload":{"value":"other"},"exported_at":"{{exportedAt ?? $"{Monday:yyyy-MM-dd HH:mm:ss}+00:00"}}"}
            """,
        ]);

    public override Seq<ForeignWrite> ForeignWrites => Seq(
        new ForeignWrite(ForeignWrite.Insert, uid => InsertAsync(uid)) { Adds = true },
        Foreign("update", "UPDATE {0} SET payload = JSON '{{\"value\":\"foreign\"}}' WHERE {1}") with { Changes = true },
        Foreign("delete", "DELETE FROM {0} WHERE {1}") with { Removes = true },
        Foreign("truncate", "TRUNCATE TABLE {0}") with { Removes = true, Truncates = true });

    /// <summary>It sees the number of rows and the newest time; where items cannot be stored, some rows fewer than items are right.</summary>
    public override bool LookFinds(IReadOnlyCollection<ForeignWrite> writes, bool hasRejected) =>
        !writes.Any(it => it.Changes)
        && !(writes.Any(it => it.Adds) && writes.Any(it => it.Removes))
        && !(hasRejected && writes.Any(it => it.Adds || it.Removes));

    public override bool WritesDifferences => true;

    public override DnsEndPoint Address
    {
        get
        {
            GivenServer.BigQuery.RequireNone("connections that may be cut");
            return new DnsEndPoint("127.0.0.1", new Uri(Server.Endpoint).Port);
        }
    }

    public override Mirror Through(int port) => At(new UriBuilder(Server.Endpoint) { Port = port }.Uri);

    /// <summary>A job runs on without its connection; one that writes a table waits for those before it.</summary>
    public override Task SettledAsync() => Foreign("nothing", "DELETE FROM {0} WHERE FALSE").WriteAsync("");

    /// <summary>GoogleSQL, "Timestamp type": the years 1 to 9999, to the microsecond.</summary>
    public override (Seq<string> Past, Seq<string> Future) FarTimes => (
        Seq1("0001-01-01 00:00:00+00:00"), Seq("9999-12-31 23:59:59.999999+00:00", "2999-01-01 00:00:00.000001+00:00"));

    public override Task<Mirror> WithWrongPasswordAsync()
    {
        // The account exists, but the key belongs to another account.
        using var key = RSA.Create(2_048);
        var account = JsonNode.Parse(Credentials)!.AsObject();
        account["private_key"] = key.ExportPkcs8PrivateKeyPem();
        return Task.FromResult<Mirror>(this with { Credentials = account.ToJsonString() });
    }

    public override Mirror WithClosedPort() => At(new Uri("http://127.0.0.1:1/"));

    private BigQueryMirror At(Uri address)
    {
        var account = JsonNode.Parse(Credentials)!.AsObject();
        account["token_uri"] = new Uri(address, "token").AbsoluteUri;
        return this with { Endpoint = address, Credentials = account.ToJsonString() };
    }

    public override Task BreakAsync()
    {
        string[] requests = ["jobs.insert", "jobs.query", "jobs.get", "upload"];
        return Server.FaultsAsync($"[{string.Join(',', requests.Select(on => $$"""{"on":"{{on}}","times":1000,"drop":"before"}"""))}]");
    }

    public override Task RepairAsync() => Server.ClearFaultsAsync();

    public override ValueTask DisposeAsync() => Own ? Server.DisposeAsync() : ValueTask.CompletedTask;

    /// <param name="statement">{0} is the table, {1} a condition for one row.</param>
    private ForeignWrite Foreign(string name, string statement) => new(name, uid => Server.QueryAsync(
        Server.Project,
        Dataset,
        Table,
        string.Format(
            CultureInfo.InvariantCulture, statement, $"`{Server.Project}`.`{Dataset}`.`{Table}`", $"inventory_name = 'all' AND source_uid = '{uid}'")));

    private async Task<Mirror> ArrangedAsync(JsonNode[]? columns, params (string Name, JsonNode? Value)[] more)
    {
        if (columns is not null)
            await CreateTableAsync(columns, more);
        return this with { Mode = KollectDatabaseSinkMode.Existing };
    }

    /// <summary>The table with these columns, and further fields of its resource.</summary>
    public Task CreateTableAsync(JsonNode[] columns, params (string Name, JsonNode? Value)[] more)
    {
        var resource = new JsonObject
        {
            ["tableReference"] = new JsonObject { ["projectId"] = Server.Project, ["datasetId"] = Dataset, ["tableId"] = Table },
            ["schema"] = new JsonObject { ["fields"] = new JsonArray(columns) },
        };
        foreach (var (name, value) in more)
            resource[name] = value;
        return Server.CreateTableAsync(Server.Project, Dataset, resource.ToJsonString());
    }

    public static JsonNode[] Columns(string without = "") =>
        [.. Core.Backends.Columns.All.AsEnumerable().Where(it => it.Name != without).Select(it => Column(it.Name, it.BigQueryType, "REQUIRED"))];

    private static JsonObject Column(string name, string type, string mode) => new() { ["name"] = name, ["type"] = type, ["mode"] = mode };
}

/// <summary>One server for all tests of a class; the first test that uses it starts it.</summary>
public sealed class SharedBigQuery : IAsyncDisposable
{
    private readonly Lazy<Task<BigQueryServer>> server = new(() => BigQueryServer.StartAsync());

    public Task<BigQueryServer> ServerAsync => server.Value;

    public async ValueTask DisposeAsync()
    {
        if (server is { IsValueCreated: true, Value.IsCompletedSuccessfully: true })
            await (await server.Value).DisposeAsync();
    }
}
