using System.Net;
using Kollect.Core.Backends.MongoDb;
using Kollect.Core.Sinks;
using Kollect.Models.V1Alpha1;

namespace Kollect.Shell.Tests.Backends.Conformance;

/// <summary>MongoDB; rows are read back by the official Node driver.</summary>
internal sealed record MongoDbMirror(MongoDbServer Server, string Database) : Mirror
{
    public static readonly MongoDbUser Exporter = new("user-of-secret", "pass-of-secret");

    /// <summary>A user that may read everything and write nothing.</summary>
    public static readonly MongoDbUser Reader = new("reader", "pw", ["find", "listCollections", "listIndexes"]);

    private const string Identity = """{"inventory_namespace":1,"inventory_name":1,"target_name":1,"source_uid":1}""";

    /// <summary>True = no other test uses the server.</summary>
    private bool Own { get; init; }

    /// <summary>Null = the connection string of the exporter.</summary>
    public string? Uri { get; init; }

    public override string Backend => "MongoDB";

    public override Seq<Difference> Differences => Seq(Difference.CannotRollBack, Difference.OvertakenHalfway, Difference.MixesSnapshots)
        .Concat(KeepsLedger ? Seq1(Difference.KeepsTheTimeInTheLedger) : Empty)
        .Concat(Difference.NoHistory);

    public override Seq<string> HostileNames => Seq(
        "x\"; db.dropDatabase(); //", "Ünïcödé 🦊", "it's\\a\\name", "a.b.c", " a ", "{}", new string('a', 255 - Database.Length - 1));

    public override Seq<Gap> Gaps => Seq(
        new Gap("does not exist", async () => await ArrangedAsync()),
        new Gap("no usable unique index", async () => await ArrangedAsync("""{"create":"inventory_items"}""")),
        new Gap("kollect_identity is not unique", async () => await ArrangedAsync(Index(Identity, "kollect_identity"))),
        new Gap("no usable unique index", async () => await ArrangedAsync(Index("""{"source_uid":1}""", "kollect_identity", ""","unique":true"""))),
        new Gap("other of", async () => await ArrangedAsync(Index(Identity, "other")) with { Mode = KollectDatabaseSinkMode.Ensure }),
        new Gap(
            "instead of", async () => await ArrangedAsync(Index("""{"source_uid":1}""", "kollect_identity")) with { Mode = KollectDatabaseSinkMode.Ensure }),
        new Gap("is capped", async () => await ArrangedAsync(
            """{"create":"inventory_items","capped":true,"size":1000000}""", Index(Identity, "kollect_identity", ""","unique":true"""))),
        new Gap("deletes live rows 60 s after", async () => await ArrangedAsync(
            Index(Identity, "kollect_identity", ""","unique":true"""), Index("""{"exported_at":1}""", "old", ""","expireAfterSeconds":60"""))),
        new Gap("insert, update, remove", async () =>
            await ArrangedAsync(Index(Identity, "kollect_identity", ""","unique":true""")) with { Uri = await Server.UriOfAsync(Reader, Database) }));

    protected override (string Key, string Value) Connection => ("uri", Uri ?? Server.Uri);

    /// <summary>A new database on a server that several tests may share.</summary>
    public static MongoDbMirror Over(MongoDbServer server) => new(server, server.NewDatabase());

    /// <summary>A new database on a private server; a given server is used instead.</summary>
    public static async Task<MongoDbMirror> CreateAsync() => Over(await StartServerAsync()) with { Own = true };

    public static async Task<MongoDbMirror> CreateOwnAsync(string needs) => Over(await StartServerAsync(needs)) with { Own = true };

    /// <param name="needs">A feature that a given server lacks, which skips the test; null = a given server suffices.</param>
    public static Task<MongoDbServer> StartServerAsync(string? needs = null) =>
        MongoDbServer.StartAsync(new MongoDbOptions { Users = [Exporter, Reader], Needs = needs });

    protected override Sink SinkOf(SinkSettings settings) => new MongoDbSink(settings, Secret, Database, Table);

    public override async Task<IReadOnlyList<StoredRow>> StoredAsync() =>
        [.. (await Server.RowsAsync(Database, Table, Server.User)).Select(document => StoredRow.Parse(document))];

    protected override async Task<IReadOnlyList<string>> HistoryAsync() => [.. await Server.RowsAsync(Database, Table + "_history", Server.User)];

    public override Task InsertAsync(string uid, string? exportedAt = null) => Server.LoadAsync(
        Database,
        Table,
        [
            """{"inventory_namespace":"platform","inventory_name":"all","target_name":"deployments","cluster":"east","resource_namespace":"","""
            + $$"""
            "source_uid":"{{uid}}","payload":{"value":"other"},
            """.Trim()
            + $$"""
            "exported_at":{"$date":{"$numberLong":"{{exportedAt ?? $"{Monday.ToUnixTimeMilliseconds()}"}}"} } }
            """,
        ],
        Server.User);

    public override Seq<ForeignWrite> ForeignWrites => Seq(
        new ForeignWrite(ForeignWrite.Insert, uid => InsertAsync(uid)) { Adds = true },
        Foreign("update", """{"update":TABLE,"updates":[{"q":ROW,"u":{"$set":{"payload.value":"foreign"}}}]}""") with { Changes = true },
        Foreign("delete", """{"delete":TABLE,"deletes":[{"q":ROW,"limit":1}]}""") with { Removes = true },
        Foreign("truncate", """{"delete":TABLE,"deletes":[{"q":{},"limit":0}]}""") with { Removes = true, Truncates = true });

    /// <summary>It sees counts and times: no payload under an old time, nor as many rows added as removed.</summary>
    public override bool LookFinds(IReadOnlyCollection<ForeignWrite> writes, bool hasRejected) =>
        !writes.Any(it => it.Changes) && !(writes.Any(it => it.Adds) && writes.Any(it => it.Removes));

    public override bool WritesDifferences => KeepsLedger;

    public override DnsEndPoint Address
    {
        get
        {
            GivenServer.MongoDb.RequireNone("connections that may be cut");
            return new DnsEndPoint("127.0.0.1", new Uri(Server.Uri).Port);
        }
    }

    /// <summary>A driver would ask the server for the members of its set, and connect to those.</summary>
    public override Mirror Through(int port) =>
        this with { Uri = new UriBuilder(Server.UriOf(Server.User, "directConnection=true")) { Port = port }.Uri.AbsoluteUri };

    /// <summary>A BSON date has 64 bits of milliseconds; those of JavaScript, which reads them back here, reach 100 million days.</summary>
    public override (Seq<string> Past, Seq<string> Future) FarTimes => (
        Seq("-8640000000000000", "-62135596800001"), Seq("8640000000000000", "253402300800000"));

    public override Task<Mirror> WithWrongPasswordAsync() =>
        Task.FromResult<Mirror>(this with { Uri = Server.UriOf((Server.User ?? Exporter) with { Password = "wrong-of-secret" }) });

    public override Mirror WithClosedPort() => this with { Uri = "mongodb://user-of-secret:pass-of-secret@127.0.0.1:1/" };

    /// <summary>The first bulk succeeds, after a write of the ledger; every later write ends in a closed connection.</summary>
    public override Task BreakAsync() => Server.FailAsync(
        """{"configureFailPoint":"failCommand","mode":{"skip":SKIP},"data":{"failCommands":["insert","update","delete"],"closeConnection":true}}"""
            .Replace("SKIP", KeepsLedger ? "2" : "1", StringComparison.Ordinal));

    public override Task RepairAsync() => Server.FailAsync("""{"configureFailPoint":"failCommand","mode":"off"}""");

    public override ValueTask DisposeAsync() => Own ? Server.DisposeAsync() : ValueTask.CompletedTask;

    /// <param name="command">TABLE is the name of the collection, ROW a filter for one row.</param>
    private ForeignWrite Foreign(string name, string command) => new(name, uid => Server.CommandAsync(
        Database,
        command
            .Replace("TABLE", $"\"{Table}\"", StringComparison.Ordinal)
            .Replace("ROW", $$"""{"inventory_name":"all","source_uid":"{{uid}}"}""", StringComparison.Ordinal),
        Server.User));

    private async Task<MongoDbMirror> ArrangedAsync(params string[] commands)
    {
        foreach (var command in commands)
            await Server.CommandAsync(Database, command, Server.User);
        return this with { Mode = KollectDatabaseSinkMode.Existing };
    }

    private static string Index(string keys, string name, string options = "") =>
        $$"""{"createIndexes":"inventory_items","indexes":[{"key":{{keys}},"name":"{{name}}"{{options}} }]}""";
}

/// <summary>One server for all tests of a class; the first test that uses it starts it.</summary>
public sealed class SharedMongoDb : IAsyncDisposable
{
    private readonly Lazy<Task<MongoDbServer>> server = new(() => MongoDbMirror.StartServerAsync());

    public Task<MongoDbServer> ServerAsync => server.Value;

    public async ValueTask DisposeAsync()
    {
        if (server is { IsValueCreated: true, Value.IsCompletedSuccessfully: true })
            await (await server.Value).DisposeAsync();
    }
}
