using System.Diagnostics;
using static Kollect.Shell.Tests.Operator.Manifests;

namespace Kollect.Shell.Tests.Operator;

/// <summary>Sinks as kubectl shows them, with a real PostgreSQL.</summary>
public sealed class SinkControllerTests
{
    [Fact]
    public async Task A_sink_becomes_ready_and_follows_its_Secret()
    {
        var database = await PostgresServer.CreateDatabaseAsync();
        await using var server = await KubernetesServer.StartAsync();
        await using var running = await RunningOperator.StartAsync(server);

        await server.ApplyAsync(PostgresSink() + Secret(database.Url()));
        await WaitAsync(server, "ConnectionVerified");
        Golden.Verify(Ageless((await server.KubectlAsync("get", "kdb")).Required), "kubectl/get-kdb.txt");

        var broken = Stopwatch.StartNew();
        await server.ApplyAsync(Secret(database.Url("nobody", "wrong")));
        await WaitAsync(server, "ConnectionVerified=False");
        Assert.InRange(broken.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(7));
        Assert.Equal("ConnectionTestFailed", await ReasonAsync(server));

        await server.ApplyAsync(Secret(database.Url()));
        await WaitAsync(server, "ConnectionVerified");
        Assert.Equal("ConnectionOK", await ReasonAsync(server));

        Assert.Equal(0, (await server.KubectlAsync("delete", "secret", "dsn")).ExitCode);
        await WaitAsync(server, "Ready=False");
        Assert.Equal("SecretResolveFailed", await ReasonAsync(server));
        var message = await JsonPathAsync(server, """{.status.conditions[?(@.type=="Ready")].message}""");
        Assert.Equal($"secret: Secret {server.Namespace}/dsn was not found; create it", message);
    }

    [Fact]
    public async Task A_corrected_Secret_of_a_failing_sink_shows_within_seconds_whatever_the_interval()
    {
        var database = await PostgresServer.CreateDatabaseAsync();
        await using var server = await KubernetesServer.StartAsync();
        await using var running = await RunningOperator.StartAsync(server, RunningOperator.Alone with { SecretInterval = TimeSpan.FromHours(24) });
        await server.ApplyAsync(PostgresSink() + PostgresSink("second", "other") + Secret(database.Url("nobody", "wrong")));
        await WaitAsync(server, "Ready=False");
        await WaitAsync(server, "Ready=False", "second");

        await server.ApplyAsync(Secret(database.Url("nobody", "wrong again")) + Secret(database.Url(), "other"));
        await WaitAsync(server, "ConnectionVerified", "second", 8);
        await server.ApplyAsync(Secret(database.Url()));
        await WaitAsync(server, "ConnectionVerified", seconds: 8);
    }

    [Fact]
    public async Task Every_situation_is_shown_by_kubectl()
    {
        var database = await PostgresServer.CreateDatabaseAsync();
        using var hanging = new SilentServer();
        await using var server = await KubernetesServer.StartAsync();
        await server.ApplyAsync(
            Secret(database.Url()) + Secret(database.Url("nobody", "wrong"), "wrong") + Secret("postgresql://a:b@127.0.0.1:1/x", "closed")
            + Secret(hanging.PostgresUrl, "silent")
            + PostgresSink("probe-ok") + PostgresSink("secret-missing", "missing")
            + PostgresSink("probe-refused", "wrong") + PostgresSink("probe-failed", "closed")
            + PostgresSink("probe-disabled", spec: "connectionTest: false") + PostgresSink("spec-invalid", spec: "options: {role: postgres}")
            + PostgresSink("tls-insecure", spec: "tls: {insecureSkipVerify: true}, connectionTest: false".Replace(", ", "\n  ", StringComparison.Ordinal))
            + PostgresSink("first-probe", "silent"));
        await using var running = await RunningOperator.StartAsync(server);

        await WaitAsync(server, "ConnectionVerified", "probe-ok");
        await WaitAsync(server, "Ready=False", "secret-missing");
        await WaitAsync(server, "Ready=False", "probe-refused");
        await WaitAsync(server, "Ready=False", "probe-failed");
        await WaitAsync(server, "Ready", "probe-disabled");
        await WaitAsync(server, "Ready=False", "spec-invalid");
        await WaitAsync(server, "TLSInsecure", "tls-insecure");
        await WaitAsync(server, "Reconciling", "first-probe");
        string[] columns =
        [
            "NAME:.metadata.name",
            Column("READY", "Ready"),
            Column("REASON", "Ready", "reason"),
            Column("VERIFIED", "ConnectionVerified"),
            Column("DEGRADED", "Degraded"),
            Column("STALLED", "Stalled"),
            Column("RECONCILING", "Reconciling"),
            Column("INSECURE", "TLSInsecure"),
        ];
        var table = await server.KubectlAsync("get", "kdb", "-o", "custom-columns=" + string.Join(',', columns));
        Golden.Verify(table.Required, "kubectl/situations.txt");

        var events = (await server.KubectlAsync(
            "get", "events.events.k8s.io", "-o", "jsonpath={range .items[*]}{.regarding.name} {.type} {.reason}{'\\n'}{end}")).Required;
        Assert.Equal(
            [
                "probe-disabled Normal ConnectionTestDisabled",
                "probe-failed Warning ConnectionTestFailed",
                "probe-ok Normal ConnectionOK",
                "probe-refused Warning ConnectionTestFailed",
                "secret-missing Warning SecretResolveFailed",
                "spec-invalid Warning InvalidSpec",
                "tls-insecure Normal ConnectionTestDisabled",
            ],
            events.Split('\n', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal));

        static string Column(string title, string condition, string field = "status") => $"{title}:.status.conditions[?(@.type==\"{condition}\")].{field}";
    }

    [Fact]
    public async Task A_sink_without_connection_test_is_probed_only_when_annotated()
    {
        var database = await PostgresServer.CreateDatabaseAsync();
        await using var server = await KubernetesServer.StartAsync();
        await using var running = await RunningOperator.StartAsync(server);
        await server.ApplyAsync(Secret(database.Url()) + PostgresSink(spec: "connectionTest: false"));
        await WaitAsync(server, "Ready");
        Assert.Equal("ConnectionTestDisabled", await ReasonAsync(server));
        Assert.Equal("", await JsonPathAsync(server, "{.status.lastProbeTime}"));

        await server.AnnotateAsync("kdb", "inventory", "kollect.dev/test-connection=true");
        await WaitAsync(server, "ConnectionVerified");
        await server.WaitAsync("kdb", "inventory", "jsonpath={.metadata.generation}=1", seconds: 1);
        await Eventually.HoldsAsync(async () =>
            !(await JsonPathAsync(server, "{.metadata.annotations}")).Contains("test-connection", StringComparison.Ordinal));
        Assert.Equal("ConnectionOK", await ReasonAsync(server));
    }

    [Theory]
    [InlineData("postgres", "postgres: {databaseRef: {name: none}, table: t}", "{.status.preview.postgres.expectedDDL}", "CREATE TABLE \"public\".\"t\"")]
    [InlineData("mongodb", "mongodb: {databaseRef: {name: none}, database: d, collection: c}", "{.status.preview.mongodb.expectedIndexKeys}", "source_uid")]
    [InlineData(
        "bigquery",
        "bigquery: {project: acme-prod, dataset: d, table: t, secretRef: {name: none}}",
        "{.status.preview.bigquery.mergeStatement}",
        "MERGE `acme-prod`.`d`.`t`")]
    public async Task The_preview_is_shown_while_its_annotation_is_set(string type, string block, string path, string expected)
    {
        await using var server = await KubernetesServer.StartAsync();
        await using var running = await RunningOperator.StartAsync(server);
        await server.ApplyAsync(
            $$"""
            apiVersion: kollect.dev/v1alpha1
            kind: KollectDatabaseSink
            metadata: {name: inventory}
            spec:
              type: {{type}}
              connectionTest: false
              {{block}}
            """);
        await WaitAsync(server, "Ready");
        Assert.Equal("", await JsonPathAsync(server, "{.status.preview}"));
        await server.AnnotateAsync("kdb", "inventory", "kollect.dev/preview=true");
        await Eventually.HoldsAsync(async () => (await JsonPathAsync(server, path)).Contains(expected, StringComparison.Ordinal));
        await server.AnnotateAsync("kdb", "inventory", "kollect.dev/preview-");
        await Eventually.HoldsAsync(async () => await JsonPathAsync(server, "{.status.preview}") == "");
    }

    [Fact]
    public async Task A_sink_that_replaces_another_of_its_name_starts_anew()
    {
        var database = await PostgresServer.CreateDatabaseAsync();
        await using var server = await KubernetesServer.StartAsync();
        await using var running = await RunningOperator.StartAsync(server);
        await server.ApplyAsync(Secret(database.Url()) + PostgresSink());
        await WaitAsync(server, "ConnectionVerified");
        await server.DeleteAsync("kdb", "inventory");
        await server.ApplyAsync(PostgresSink(secret: "other"));
        await WaitAsync(server, "Ready=False");
        Assert.Equal("SecretResolveFailed", await ReasonAsync(server));
    }

    internal static Task WaitAsync(
        KubernetesServer server, string condition, string name = "inventory", int seconds = 5, string kind = "kdb", string? @namespace = null) =>
        server.WaitAsync(kind, name, $"condition={condition}", @namespace, seconds);

    internal static Task<string> ReasonAsync(KubernetesServer server, string sink = "inventory") =>
        JsonPathAsync(server, """{.status.conditions[?(@.type=="Ready")].reason}""", sink);

    private static Task<string> JsonPathAsync(KubernetesServer server, string path, string sink = "inventory") => server.JsonPathAsync("kdb", sink, path);

    // The age, which differs from run to run, becomes 3s.
    internal static string Ageless(string table) => System.Text.RegularExpressions.Regex.Replace(table, @"\d+s\b", "3s");
}
