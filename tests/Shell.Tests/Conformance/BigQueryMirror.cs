using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Kollect.Core.BigQuery;
using Kollect.Core.Sinks;

namespace Kollect.Shell.Tests.Conformance;

/// <summary>BigQuery; rows are read back by the official Node client.</summary>
internal sealed record BigQueryMirror(BigQueryStandIn Server, string Dataset, string Credentials) : Mirror
{
    private const string Project = "kollect-test";

    private static int datasets;

    /// <summary>The server is the test's alone.</summary>
    private bool Own { get; init; }

    /// <summary>Null = where the server listens.</summary>
    public Uri? Endpoint { get; init; }

    public override string Backend => "BigQuery";

    public override Seq<Difference> Differences => Seq1(Difference.AdoptsNothing);

    public override Seq<string> HostileNames => Seq("select", "Ünïcödé", "two words - and a dash", "__", "1", new string('a', 1_024));

    public override Seq<Gap> Gaps => Seq(
        new Gap("does not exist", () => ArrangedAsync(null)),
        new Gap("payload", () => ArrangedAsync(Columns(without: "payload"))),
        new Gap("payload", () => ArrangedAsync([.. Columns(without: "payload"), Column("payload", "STRING", "REQUIRED")])),
        new Gap("cluster", () => ArrangedAsync([.. Columns(without: "cluster"), Column("cluster", "STRING", "REPEATED")])),
        new Gap("team", () => ArrangedAsync([.. Columns(), Column("team", "STRING", "REQUIRED")])));

    protected override (string Key, string Value) Connection => ("credentials.json", Credentials);

    /// <summary>A dataset of its own on a server that many tests may share.</summary>
    public static async Task<BigQueryMirror> OverAsync(BigQueryStandIn server)
    {
        var dataset = $"d{Interlocked.Increment(ref datasets)}";
        await server.PostAsync(
            $"bigquery/v2/projects/{Project}/datasets",
            new JsonObject { ["datasetReference"] = new JsonObject { ["projectId"] = Project, ["datasetId"] = dataset }, ["location"] = "EU" });
        return new(server, dataset, await server.PostAsync("stand-in/service-account", new JsonObject { ["name"] = "user-of-secret" }));
    }

    public static async Task<BigQueryMirror> CreateOwnAsync() => await OverAsync(await BigQueryStandIn.StartAsync()) with { Own = true };

    protected override Sink SinkOf(SinkSettings settings) => new Sink.BigQuery(
        settings with { Endpoint = Endpoint ?? Server.Endpoint }, Project, Dataset, Table, None, Secret);

    public override async Task<IReadOnlyList<StoredRow>> StoredAsync() =>
        [.. (await Server.DumpAsync(Project, Dataset, Table)).Select(line => StoredRow.Parse(line, payloadIsText: true))];

    public override Task<Mirror> WithWrongPasswordAsync()
    {
        // The account exists; the key is not its own.
        using var key = RSA.Create(2_048);
        var account = JsonNode.Parse(Credentials)!.AsObject();
        account["private_key"] = key.ExportPkcs8PrivateKeyPem();
        return Task.FromResult<Mirror>(this with { Credentials = account.ToJsonString() });
    }

    public override Mirror WithClosedPort() => this with { Endpoint = new Uri("http://127.0.0.1:1/") };

    public override Task BreakAsync() => Server.PostAsync("stand-in/faults", new JsonArray(
        [.. new[] { "jobs.insert", "jobs.query", "jobs.get", "upload" }.Select(on => new JsonObject { ["on"] = on, ["times"] = 1_000, ["drop"] = "before" })]));

    public override Task RepairAsync() => Server.DeleteAsync("stand-in/faults");

    public override ValueTask DisposeAsync() => Own ? Server.DisposeAsync() : ValueTask.CompletedTask;

    private async Task<Mirror> ArrangedAsync(JsonNode[]? columns)
    {
        if (columns is not null)
            await Server.PostAsync($"bigquery/v2/projects/{Project}/datasets/{Dataset}/tables", new JsonObject
            {
                ["tableReference"] = new JsonObject { ["projectId"] = Project, ["datasetId"] = Dataset, ["tableId"] = Table },
                ["schema"] = new JsonObject { ["fields"] = new JsonArray(columns) },
            });
        return this with { Mode = ProvisioningMode.Existing };
    }

    private static JsonNode[] Columns(string without = "") =>
        [.. Desired.Columns.AsEnumerable().Where(it => it.Name != without).Select(it => Column(it.Name, it.Type, "REQUIRED"))];

    private static JsonObject Column(string name, string type, string mode) => new() { ["name"] = name, ["type"] = type, ["mode"] = mode };
}
