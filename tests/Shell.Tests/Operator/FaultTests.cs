using System.Globalization;
using static Kollect.Shell.Tests.Operator.Manifests;

namespace Kollect.Shell.Tests.Operator;

/// <summary>No fault of the API server leaves a sink stale: changes made during the fault take effect after it.</summary>
public sealed class FaultTests
{
    private const string OfOperator = "\"user\":\"operator\"";

    [Fact]
    public Task The_API_server_restarts() => ChangesTakeEffectAsync(async world =>
    {
        await world.Server.OutageAsync(TimeSpan.FromSeconds(3));
        await Eventually.HoldsAsync(async () => (await world.Server.KubectlAsync("get", "namespaces")).ExitCode == 0);
        await world.ChangeEverythingAsync();
    });

    [Fact]
    public Task Watches_are_dropped() => ChangesTakeEffectAsync(async world =>
    {
        await world.Server.DropWatchesAsync();
        await world.ChangeEverythingAsync();
        await world.Server.DropWatchesAsync();
    });

    [Fact]
    public Task Objects_change_while_no_watch_is_open() => ChangesTakeEffectAsync(async world =>
    {
        await world.Server.FailAsync($$"""{"match":{{{OfOperator}},"verb":"watch"},"times":100,"answer":{"status":503} }""");
        await world.Server.DropWatchesAsync();
        await world.ChangeEverythingAsync();
        await world.Server.ClearFaultsAsync();
    });

    [Fact]
    public Task Missed_changes_can_only_be_listed() => ChangesTakeEffectAsync(async world =>
    {
        await world.Server.ResetRequestsAsync();
        await world.Server.FailAsync($$"""{"match":{{{OfOperator}},"verb":"watch"},"times":100,"answer":{"status":503} }""");
        await world.Server.DropWatchesAsync();
        await world.ChangeEverythingAsync();
        await world.Server.CompactAsync();
        await world.Server.ClearFaultsAsync();
        await Eventually.HoldsAsync(async () => (await world.Server.RequestsAsync()).Counts.ContainsKey("operator list kollectdatabasesinks.kollect.dev"));
    });

    [Fact]
    public Task The_API_server_throttles_requests() => ChangesTakeEffectAsync(async world =>
    {
        await world.Server.FailAsync($$"""{"match":{{{OfOperator}}},"times":30,"answer":{"status":429,"retryAfter":1} }""");
        await world.Server.DropWatchesAsync();
        await world.ChangeEverythingAsync();
    });

    [Theory]
    [InlineData(500)]
    [InlineData(503)]
    [InlineData(504)]
    public Task The_API_server_fails_for_a_while(int status) => ChangesTakeEffectAsync(async world =>
    {
        await world.Server.FailAsync(string.Create(
            CultureInfo.InvariantCulture, $$"""{"match":{{{OfOperator}}},"times":1000,"answer":{"status":{{status}} } }"""));
        await world.Server.DropWatchesAsync();
        await world.ChangeEverythingAsync();
        await world.Server.ClearFaultsAsync();
    });

    [Theory]
    [InlineData("{\"status\":409}")]
    [InlineData("{\"status\":500}")]
    [InlineData("{\"status\":404}")]
    public Task A_status_cannot_be_written_at_first(string answer) => ChangesTakeEffectAsync(async world =>
    {
        await world.Server.FailAsync($$"""{"match":{{{OfOperator}},"verb":"patch","path":"/status$"},"times":12,"answer":{{answer}} }""");
        await world.ChangeEverythingAsync();
    });

    [Fact]
    public Task No_event_can_be_written() => ChangesTakeEffectAsync(async world =>
    {
        await world.Server.FailAsync($$"""{"match":{{{OfOperator}},"verb":"create"},"times":1000,"answer":{"status":403,"reason":"Forbidden"} }""");
        await world.ChangeEverythingAsync();
    });

    [Fact]
    public Task Connections_are_dropped() => ChangesTakeEffectAsync(async world =>
    {
        await world.Server.FailAsync($$"""{"match":{{{OfOperator}}},"times":20,"drop":true}""");
        await world.Server.DropWatchesAsync();
        await world.ChangeEverythingAsync();
    });

    [Fact]
    public Task The_token_is_rotated() => ChangesTakeEffectAsync(async world =>
    {
        await world.Account.RotateAsync();
        await world.Server.DropWatchesAsync();
        await world.ChangeEverythingAsync();
    });

    [Fact]
    public async Task A_sink_deleted_while_no_watch_is_open_is_no_longer_reconciled()
    {
        await using var world = await World.CreateAsync();
        await world.Server.FailAsync($$"""{"match":{{{OfOperator}},"verb":"watch"},"times":100,"answer":{"status":503} }""");
        await world.Server.DropWatchesAsync();
        await world.KubectlAsync("delete", "kdb/of-secret");
        await world.Server.CompactAsync();
        await world.Server.ClearFaultsAsync();
        await world.Server.ResetRequestsAsync();
        await world.ApplyAsync(PostgresSink("of-spec", "missing"));
        await SinkControllerTests.WaitAsync(world.Server, "Ready=False", "of-spec", 20);
        await world.ApplyAsync(Secret(world.Database.Url("nobody", "wrong"), "changing"));
        var reads = await SecretReadsAsync(world);
        await Eventually.HoldsAsync(async () => await SecretReadsAsync(world) >= reads + 6); // each of the Secrets twice
        Assert.DoesNotContain(await world.Server.WritesAsync(), write => write is { User: "operator", Name: "of-secret" });
    }

    private static async Task<int> SecretReadsAsync(World world) => (await world.Server.RequestsAsync()).Counts.GetValueOrDefault("operator get secrets");

    private static async Task ChangesTakeEffectAsync(Func<World, Task> faultAndChange)
    {
        await using var world = await World.CreateAsync();
        await faultAndChange(world);
        (string Condition, string Sink)[] expected =
        [
            ("ConnectionVerified=False", "of-secret"),
            ("Ready=False", "of-spec"),
            ("ConnectionVerified", "of-mended-secret"),
            ("ConnectionVerified", "new"),
        ];
        await Task.WhenAll(expected.Select(it => SinkControllerTests.WaitAsync(world.Server, it.Condition, it.Sink, 40)));
        Assert.Equal("SecretResolveFailed", await SinkControllerTests.ReasonAsync(world.Server, "of-spec"));
    }

    /// <summary>Two sinks that work and one that does not; <see cref="ChangeEverythingAsync"/> reverses all three and adds a fourth.</summary>
    private sealed class World : IAsyncDisposable
    {
        private readonly RunningOperator running;

        private World(KubernetesServer server, OperatorAccount account, TestDatabase database, RunningOperator running) =>
            (Server, Account, Database, this.running) = (server, account, database, running);

        public KubernetesServer Server { get; }

        public OperatorAccount Account { get; }

        public TestDatabase Database { get; }

        public static async Task<World> CreateAsync()
        {
            var database = await PostgresServer.CreateDatabaseAsync();
            var server = await KubernetesServer.StartAsync();
            var account = await OperatorAccount.CreateAsync(server);
            var running = await RunningOperator.StartAsync(server, kubeconfig: account.Kubeconfig);
            var world = new World(server, account, database, running);
            await world.ApplyAsync(
                Secret(database.Url(), "changing") + Secret(database.Url(), "staying") + Secret(database.Url("nobody", "wrong"), "broken")
                + PostgresSink("of-secret", "changing") + PostgresSink("of-spec", "staying") + PostgresSink("of-mended-secret", "broken"));
            await SinkControllerTests.WaitAsync(server, "ConnectionVerified", "of-secret", 20);
            await SinkControllerTests.WaitAsync(server, "ConnectionVerified", "of-spec", 20);
            await SinkControllerTests.WaitAsync(server, "ConnectionVerified=False", "of-mended-secret", 20);
            return world;
        }

        public Task ChangeEverythingAsync() => ApplyAsync(
            Secret(Database.Url("nobody", "wrong"), "changing") + Secret(Database.Url(), "broken")
            + PostgresSink("of-spec", "missing") + PostgresSink("new", "staying"));

        public Task ApplyAsync(string manifests) => Server.ApplyAsync(manifests);

        public async Task KubectlAsync(params string[] arguments) => _ = (await Server.KubectlAsync(arguments)).Required;

        public async ValueTask DisposeAsync()
        {
            await running.DisposeAsync();
            await Server.DisposeAsync();
            Account.Dispose();
        }
    }
}
