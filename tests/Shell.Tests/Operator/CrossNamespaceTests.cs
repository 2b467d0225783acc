using System.Text.Json;
using System.Text.RegularExpressions;
using Kollect.Core.Secrets;
using static Kollect.Shell.Tests.Operator.Inventories.InventoryManifests;
using static Kollect.Shell.Tests.Operator.Manifests;

namespace Kollect.Shell.Tests.Operator;

/// <summary>Sinks of the namespace <c>mallory</c> that name Secrets of the namespace <c>victim</c>.</summary>
public sealed partial class CrossNamespaceTests
{
    private const string Needs = "an operator over all namespaces";
    private static readonly string Namespaces = Namespace("mallory") + Namespace("victim");

    /// <summary>The policy that asks for no grant asks for one here: the server is not the one of the login's owner.</summary>
    [Theory]
    [InlineData(CrossNamespacePolicy.Granted)]
    [InlineData(CrossNamespacePolicy.Allow)]
    public async Task A_login_of_another_is_not_sent_to_a_server_of_the_sinks_author(CrossNamespacePolicy policy)
    {
        using var listening = new SilentServer();
        await using var server = await KubernetesServer.StartAsync(new KubernetesOptions { Needs = Needs });
        await server.ApplyAsync(
            Namespaces + Secret(listening.PostgresUrl, @namespace: "mallory") + Login("login", "username: app, password: hunter2")
            + Login("keyless", "colour: mauve") + LoginSink("existing", "login") + LoginSink("keyless", "keyless") + LoginSink("missing", "nothing"));
        await using var running = await RunningOperator.StartAsync(server, RunningOperator.Alone with { CrossNamespaceSecrets = policy });
        var existing = await RefusedAsync(server, "existing");
        Assert.Equal(existing, (await RefusedAsync(server, "missing")).Replace("nothing", "login", StringComparison.Ordinal));
        Assert.Equal(existing, (await RefusedAsync(server, "keyless")).Replace("keyless", "login", StringComparison.Ordinal));
        Assert.Equal(0, listening.Connections);
        Assert.DoesNotContain(running.Log, line => line.Contains("hunter2", StringComparison.Ordinal) || line.Contains("mauve", StringComparison.Ordinal));

        Assert.Equal(0, (await server.KubectlAsync(Command(existing))).ExitCode);
        await Eventually.HoldsAsync(() => Task.FromResult(listening.Connections > 0));
    }

    [Fact]
    public async Task A_connection_string_of_another_is_used_only_while_it_is_granted()
    {
        var database = await PostgresServer.CreateDatabaseAsync();
        await using var server = await KubernetesServer.StartAsync(new KubernetesOptions { Needs = Needs });
        await server.ApplyAsync(
            Namespaces + Namespace("other") + Secret(database.Url(), @namespace: "victim")
            + DsnSink("existing", "dsn") + DsnSink("missing", "nothing") + DsnSink("existing", "dsn", "other")
            + Profile(@namespace: "mallory") + Target(@namespace: "mallory") + Inventory("existing", @namespace: "mallory")
            + ConfigMap("web", @namespace: "mallory"));
        await using var running = await RunningOperator.StartAsync(server);
        var existing = await RefusedAsync(server, "existing");
        Assert.Equal(existing, (await RefusedAsync(server, "missing")).Replace("nothing", "dsn", StringComparison.Ordinal));
        Assert.False(await database.ScalarAsync<bool>("select to_regclass('inventory_items') is not null"));

        Assert.Equal(0, (await server.KubectlAsync(Command(existing))).ExitCode);
        await SinkControllerTests.WaitAsync(server, "ConnectionVerified", "existing", 15, @namespace: "mallory");
        await SinkControllerTests.WaitAsync(server, "Synced", "all", 20, "kinv", "mallory");
        Assert.Equal(1, await database.ScalarAsync<long>("select count(*) from inventory_items"));

        // The command for a second namespace takes nothing from the first one.
        var second = await server.KubectlAsync(Command(await RefusedAsync(server, "existing", "other")));
        Assert.NotEqual(0, second.ExitCode);
        Assert.Contains("mallory", second.Errors, StringComparison.Ordinal);

        Assert.Equal(0, (await server.KubectlAsync("annotate", "secret", "dsn", "-n", "victim", $"{SecretAccess.Annotation}-")).ExitCode);
        Assert.Equal(existing, await RefusedAsync(server, "existing"));
        Assert.Equal(0, (await server.KubectlAsync("annotate", "secret", "dsn", "-n", "victim", $"{SecretAccess.Annotation}=*")).ExitCode);
        await SinkControllerTests.WaitAsync(server, "ConnectionVerified", "existing", 15, @namespace: "mallory");
        await SinkControllerTests.WaitAsync(server, "ConnectionVerified", "existing", 15, @namespace: "other");
    }

    [Fact]
    public async Task A_granted_login_of_another_is_used_with_an_own_connection_string()
    {
        var database = await PostgresServer.CreateDatabaseAsync();
        var login = new Npgsql.NpgsqlConnectionStringBuilder(database.ConnectionString());
        await using var server = await KubernetesServer.StartAsync(new KubernetesOptions { Needs = Needs });
        await server.ApplyAsync(
            Namespaces + Secret(database.Url("nobody", "wrong"), @namespace: "mallory")
            + Login("login", $"username: \"{login.Username}\", password: \"{login.Password}\"", "kollect.dev/allowed-sink-namespaces: \"x, mallory\"")
            + LoginSink("granted", "login"));
        await using var running = await RunningOperator.StartAsync(server);
        await SinkControllerTests.WaitAsync(server, "ConnectionVerified", "granted", 15, @namespace: "mallory");
    }

    [Fact]
    public async Task A_key_of_another_goes_to_no_endpoint_of_the_sinks_author_not_even_with_a_grant()
    {
        await using var bigQuery = await BigQueryServer.StartAsync(new BigQueryOptions { Needs = "a log of requests" });
        var (key, dataset) = (JsonEncodedText.Encode(await bigQuery.ServiceAccountAsync()).ToString(), await bigQuery.CreateDatasetAsync());
        await using var server = await KubernetesServer.StartAsync(new KubernetesOptions { Needs = Needs });
        await server.ApplyAsync(
            Namespaces + Secret(key, "key", "credentials.json", "victim") + Secret(key, "granted", "credentials.json", "victim")
            + Secret(key, "own", "credentials.json", "mallory"));
        Assert.Equal(0, (await server.KubectlAsync("annotate", "secret", "granted", "-n", "victim", $"{SecretAccess.Annotation}=*")).ExitCode);
        var before = (await bigQuery.LogAsync()).Count;
        await server.ApplyAsync(KeySink("existing", "key", "victim") + KeySink("missing", "nothing", "victim") + KeySink("granted", "granted", "victim"));
        await using var running = await RunningOperator.StartAsync(server);
        var existing = await RefusedAsync(server, "existing");
        Assert.Equal(existing, (await RefusedAsync(server, "missing")).Replace("nothing", "key", StringComparison.Ordinal));
        Assert.Equal(existing, (await RefusedAsync(server, "granted")).Replace("victim/granted", "victim/key", StringComparison.Ordinal));
        Assert.Equal(before, (await bigQuery.LogAsync()).Count);

        await server.ApplyAsync(KeySink("own", "own", "mallory"));
        await SinkControllerTests.WaitAsync(server, "ConnectionVerified", "own", 20, @namespace: "mallory");

        string KeySink(string name, string secret, string @namespace) =>
            $$"""
            apiVersion: kollect.dev/v1alpha1
            kind: KollectDatabaseSink
            metadata: {name: {{name}}, namespace: mallory}
            spec:
              type: bigquery
              cluster: east
              endpoint: "{{bigQuery.Endpoint}}"
              bigquery:
                secretRef: {name: {{secret}}, namespace: {{@namespace}}}
                project: {{bigQuery.Project}}
                dataset: {{dataset}}
                table: inventory_items
            ---

            """;
    }

    [Fact]
    public async Task A_certificate_authority_of_another_tells_nothing_of_its_Secret()
    {
        using var listening = new SilentServer();
        await using var server = await KubernetesServer.StartAsync(new KubernetesOptions { Needs = Needs });
        await server.ApplyAsync(
            Namespaces + Secret(listening.PostgresUrl, @namespace: "mallory") + Login("login", "username: app, password: hunter2")
            + PostgresSink("existing", @namespace: "mallory", spec: "tls: {caSecretRef: {name: login, namespace: victim} }")
            + PostgresSink("missing", @namespace: "mallory", spec: "tls: {caSecretRef: {name: nothing, namespace: victim} }"));
        await using var running = await RunningOperator.StartAsync(server);
        var existing = await RefusedAsync(server, "existing");
        Assert.DoesNotContain("username", existing, StringComparison.Ordinal);
        Assert.Equal(existing, (await RefusedAsync(server, "missing")).Replace("nothing", "login", StringComparison.Ordinal));
        Assert.Equal(0, listening.Connections);
    }

    private static string Login(string name, string data, string annotations = "") =>
        $$"""
        apiVersion: v1
        kind: Secret
        metadata: {name: {{name}}, namespace: victim, annotations: { {{annotations}} } }
        stringData: { {{data}} }
        ---

        """;

    private static string LoginSink(string name, string login) =>
        PostgresSink(name, @namespace: "mallory", spec: $"secretRef: {{name: {login}, namespace: victim}}");

    private static string DsnSink(string name, string secret, string @namespace = "mallory") =>
        PostgresSink(name, $"{secret}, namespace: victim", @namespace: @namespace);

    /// <summary>The message of the condition of a sink whose Secret is refused.</summary>
    private static async Task<string> RefusedAsync(KubernetesServer server, string sink, string @namespace = "mallory")
    {
        await SinkControllerTests.WaitAsync(server, "Ready=False", sink, 15, @namespace: @namespace);
        var ready = (await server.GetAsync("kdb", sink, @namespace))["status"]!["conditions"]!.AsArray().Single(it => (string)it!["type"]! == "Ready")!;
        Assert.Equal("SecretResolveFailed", (string)ready["reason"]!);
        return (string)ready["message"]!;
    }

    /// <summary>The arguments of the command in a message.</summary>
    private static string[] Command(string message) => KubectlAnnotate().Match(message).Groups["arguments"].Value.Split(' ');

    [GeneratedRegex(@"kubectl (?<arguments>annotate [^=]+=\S+)")]
    private static partial Regex KubectlAnnotate();
}
