using System.Globalization;
using System.Text;
using static Kollect.Shell.Tests.Operator.Inventories.InventoryManifests;
using static Kollect.Shell.Tests.Operator.Manifests;

namespace Kollect.Shell.Tests.Operator;

/// <summary>The program as it is deployed: admission through the API server, health, metrics and shutdown.</summary>
public sealed class OperatorCommandTests
{
    [Fact]
    public async Task An_invalid_sink_is_refused_at_admission_and_a_valid_one_becomes_ready()
    {
        var database = await PostgresServer.CreateDatabaseAsync();
        var port = OperatorProgram.FreePort();
        await using var server = await KubernetesServer.StartAsync(WebhookAt(port));
        await using var program = await OperatorProgram.StartAsync(server.Kubeconfig, port, "--leader-election", "false");
        await server.ApplyAsync(Webhook(program.AuthorityPem));

        var refused = await server.KubectlWithInputAsync(
            PostgresSink(spec: "options: {role: postgres, statment_timeout: \"1\"}\n  layout: flat"), "apply", "-f", "-");
        Assert.Equal(1, refused.ExitCode);
        Golden.Verify(refused.Errors, "kubectl/apply-invalid.txt");

        var warned = await server.KubectlWithInputAsync(
            Secret(database.Url()) + PostgresSink(spec: "tls: {insecureSkipVerify: true}"), "apply", "-f", "-");
        Golden.Verify(warned.Required + warned.Errors, "kubectl/apply-warned.txt");
        await SinkControllerTests.WaitAsync(server, "TLSInsecure");
        var metrics = "";
        await Eventually.HoldsAsync(async () => (metrics = await program.GetAsync("metrics"))
            .Contains("kollect_reconcile_total{controller=\"databasesink\",result=\"success\"}", StringComparison.Ordinal));
        Assert.Contains("kollect_sink_connection_test_total{type=\"postgres\",result=", metrics, StringComparison.Ordinal);
        Assert.Contains("kollect_leader 1", metrics, StringComparison.Ordinal);
        Assert.Equal(0, (await server.KubectlAsync("apply", "--dry-run=server", "-f", Repository.At("crds/samples/mongodb.yaml"))).ExitCode);
        Assert.Equal(0, (await server.KubectlAsync("delete", "kdb", "inventory")).ExitCode);

        Assert.Equal("ok\n", await program.GetAsync("healthz"));
    }

    [Fact]
    public async Task Inventories_profiles_and_targets_are_validated_at_admission_and_exports_are_counted()
    {
        using var silent = new SilentServer();
        var database = await PostgresServer.CreateDatabaseAsync();
        var port = OperatorProgram.FreePort();
        await using var server = await KubernetesServer.StartAsync(WebhookAt(port));
        await using var program = await OperatorProgram.StartAsync(server.Kubeconfig, port, "--leader-election", "false");
        await server.ApplyAsync(Webhook(program.AuthorityPem));

        var refused = await server.KubectlWithInputAsync(
            Inventory("{name: inventory, namespace: elsewhere}, inventory, inventory") + ClusterInventory(spec: "targetRefs: [a, a]")
            + Profile(export: "{mode: Resource, prune: ['$.status[']}")
            + Profile("by-cel", export: "{mode: Attributes}\n  attributes: [{name: a, path: 'cel:object.spec'}]")
            + Target(spec: "names: [Web]") + ClusterTarget(spec: "labelSelector: {matchLabels: {'a b': c}}"),
            "apply",
            "-f",
            "-");
        Assert.Equal(1, refused.ExitCode);
        Golden.Verify(refused.Errors, "kubectl/apply-invalid-inventory.txt");

        var warned = await server.KubectlWithInputAsync(
            Profile() + Target() + Inventory("inventory, refuses, hangs", spec: "snapshotSinkRefs: [s3]\n  httpEndpoint: {port: 8080}"), "apply", "-f", "-");
        Golden.Verify(warned.Required + warned.Errors, "kubectl/apply-warned-inventory.txt");

        await server.ApplyAsync(
            Secret(database.Url()) + PostgresSink()
            + Secret(database.Url("nobody", "wrong"), "wrong") + PostgresSink("refuses", "wrong", "connectionTest: false")
            + Secret(silent.PostgresUrl, "silent") + PostgresSink("hangs", "silent", "connectionTest: false") + ConfigMap("web") + ConfigMap("api"));
        await Eventually.HoldsAsync(async () => await SyncedAsync(server, "refuses") == "False/ExportRefused");
        await Eventually.HoldsAsync(async () => await SyncedAsync(server, "inventory") == "True/Synced");
        await Eventually.HoldsAsync(async () => await SyncedAsync(server, "hangs") == "False/ExportFailed", 40);
        var metrics = await program.GetAsync("metrics");
        Assert.Contains("kollect_sink_errors_total{type=\"postgres\",class=\"transient\"} 1", metrics, StringComparison.Ordinal);
        Assert.Contains("kollect_export_rows_total{op=\"inserted\"} 2", metrics, StringComparison.Ordinal);
        Assert.Contains("kollect_sink_errors_total{type=\"postgres\",class=\"refused\"} 1", metrics, StringComparison.Ordinal);
        Assert.Contains("kollect_export_duration_seconds_count{type=\"postgres\"}", metrics, StringComparison.Ordinal);
        Assert.Contains("kollect_reconcile_total{controller=\"inventory\",result=\"success\"}", metrics, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_operator_stops_within_ten_seconds_while_a_probe_hangs()
    {
        using var silent = new SilentServer();
        await using var server = await KubernetesServer.StartAsync();
        await using var program = await OperatorProgram.StartAsync(server.Kubeconfig);
        await server.ApplyAsync(Secret(silent.PostgresUrl) + PostgresSink());
        await SinkControllerTests.WaitAsync(server, "Reconciling");
        var (time, exitCode) = await program.StopAsync();
        Assert.InRange(time, TimeSpan.Zero, TimeSpan.FromSeconds(10));
        Assert.Equal(0, exitCode);
        Assert.Equal("", (await server.KubectlAsync("get", "lease", "kollect-operator", "-o", "jsonpath={.spec.holderIdentity}")).Required);
    }

    private static async Task<string> SyncedAsync(KubernetesServer server, string sink) =>
        Inventories.World.Reason((await server.GetAsync("kinv", "all"))["status"], "Synced", sink);

    private static KubernetesOptions WebhookAt(int port) => new()
    {
        Services = new Dictionary<string, string>
        {
            ["kollect-system/kollect-webhook"] = string.Create(CultureInfo.InvariantCulture, $"https://127.0.0.1:{port}"),
        },
    };

    private static string Webhook(string authority) =>
        $$"""
        apiVersion: admissionregistration.k8s.io/v1
        kind: ValidatingWebhookConfiguration
        metadata: {name: kollect}
        webhooks:
        - name: specs.kollect.dev
          clientConfig:
            service: {namespace: kollect-system, name: kollect-webhook, path: /validate}
            caBundle: {{Convert.ToBase64String(Encoding.UTF8.GetBytes(authority))}}
          rules:
          - apiGroups: [kollect.dev]
            apiVersions: [v1alpha1]
            operations: [CREATE, UPDATE]
            resources:
            - kollectdatabasesinks
            - kollectinventories
            - kollectclusterinventories
            - kollectprofiles
            - kollecttargets
            - kollectclustertargets
            - kollectscopes
            - kollectclusterscopes
          failurePolicy: Fail
          sideEffects: None
          admissionReviewVersions: [v1]
        """;
}
