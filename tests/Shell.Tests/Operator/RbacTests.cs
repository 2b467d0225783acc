using System.Globalization;
using System.Text;
using static Kollect.Shell.Tests.Operator.Inventories.InventoryManifests;
using static Kollect.Shell.Tests.Operator.Manifests;

namespace Kollect.Shell.Tests.Operator;

/// <summary>The roles of Shell/Host/deploy, enforced by the API server: they allow every call of the operator, and the operator uses every rule.</summary>
public sealed class RbacTests
{
    [Fact]
    public async Task The_rendered_roles_cover_exactly_the_calls_that_are_made()
    {
        var database = await PostgresServer.CreateDatabaseAsync();
        await using var server = await KubernetesServer.StartAsync(new KubernetesOptions { EnforceRbac = true });
        var rendered = (await server.KubectlAsync("kustomize", Repository.At("Shell/Host/deploy"))).Required;
        var roles = string.Join("\n---\n", rendered.Split("\n---\n").Where(IsOfRbac));
        await server.ApplyAsync(await File.ReadAllTextAsync(Repository.At("Shell/Host/deploy/namespace.yaml"), TestContext.Current.CancellationToken));
        await server.ApplyAsync(roles);
        var token = Guid.NewGuid().ToString("N");
        await server.AddTokenAsync(token, AccountIn(roles), "system:serviceaccounts");
        using var folder = new Program.TemporaryFolder();
        await using var program = await OperatorProgram.StartAsync(
            folder.Write("kubeconfig", server.KubeconfigOf(token)), 0, "--leader-election-namespace", "kollect-system");

        await server.ApplyAsync(
            Profile("services", "Service") + Target("services", "services") + Inventory()
            + Profile("services", "Service", @namespace: "kollect-system") + ClusterTarget() + Secret(database.Url(), @namespace: "kollect-system")
            + PostgresSink("warehouse", @namespace: "kollect-system") + ClusterInventory());
        await server.ApplyAsync(
            Secret(database.Url()) + PostgresSink()
            + PostgresSink("quiet", spec: "connectionTest: false", annotations: "kollect.dev/test-connection: \"true\""));
        await SinkControllerTests.WaitAsync(server, "ConnectionVerified", "inventory", 20);
        await SinkControllerTests.WaitAsync(server, "ConnectionVerified", "quiet", 20);
        await Eventually.HoldsAsync(async () =>
            !(await server.GetAsync("kdb", "quiet"))["metadata"]!["annotations"]!.AsObject().ContainsKey("kollect.dev/test-connection"));
        await SinkControllerTests.WaitAsync(server, "Synced", "all", kind: "kinv");
        await SinkControllerTests.WaitAsync(server, "Synced", "everything", kind: "kcinv");
        await SinkControllerTests.WaitAsync(server, "Ready", "services", kind: "ktgt");
        await SinkControllerTests.WaitAsync(server, "Ready", "services", kind: "kctgt");
        Assert.Equal(0, (await server.KubectlAsync("delete", "kinv/all", "kcinv/everything")).ExitCode);
        var leaseUpdates = $"{AccountIn(roles)} update leases.coordination.k8s.io";
        await Eventually.HoldsAsync(async () => (await server.RequestsAsync()).Counts.GetValueOrDefault(leaseUpdates) > 0, 20);

        var (counts, used) = await server.RequestsAsync();
        Assert.DoesNotContain(await server.WritesAsync(), write => write.Code == 403);
        Assert.DoesNotContain(program.Log, line => line.Contains("forbidden", StringComparison.OrdinalIgnoreCase));
        var calls = new StringBuilder();
        foreach (var call in counts.Keys.Where(key => key.StartsWith("system:serviceaccount:", StringComparison.Ordinal)).Order(StringComparer.Ordinal))
            calls.Append(CultureInfo.InvariantCulture, $"{call[(call.IndexOf(' ') + 1)..]}\n");
        Golden.Verify(calls.ToString(), "deploy/api-calls.txt");
        // Users choose what the collector role grants; the operator uses every other rule.
        Assert.Equal(
            RulesOf(string.Join("\n---\n", roles.Split("\n---\n").Where(it => it.Contains("name: kollect-operator", StringComparison.Ordinal)))),
            used.Count(rule => rule != "system:masters" && !rule.Contains("kollect-collector", StringComparison.Ordinal)));
        Assert.Contains(used, rule => rule.Contains("kollect-collector-common", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_role_in_one_namespace_is_enough_for_an_operator_of_one_namespace()
    {
        var database = await PostgresServer.CreateDatabaseAsync();
        await using var server = await KubernetesServer.StartAsync(new KubernetesOptions { EnforceRbac = true });
        var roles = await File.ReadAllTextAsync(Repository.At("Shell/Host/deploy/one-namespace.yaml"), TestContext.Current.CancellationToken);
        await server.ApplyAsync(Namespace("team") + roles);
        var token = Guid.NewGuid().ToString("N");
        await server.AddTokenAsync(token, AccountIn(roles), "system:serviceaccounts");
        using var folder = new Program.TemporaryFolder();
        await using var program = await OperatorProgram.StartAsync(
            folder.Write("kubeconfig", server.KubeconfigOf(token)), 0, "--namespace", "team", "--leader-election-namespace", "team");

        await server.ApplyAsync(
            Profile("services", "Service", @namespace: "team") + Target("services", "services", "team") + Inventory(@namespace: "team")
            + Secret(database.Url(), @namespace: "team") + PostgresSink(@namespace: "team")
            + PostgresSink(
                "quiet", @namespace: "team", spec: "connectionTest: false", annotations: "kollect.dev/test-connection: \"true\""));
        await SinkControllerTests.WaitAsync(server, "ConnectionVerified", seconds: 20, @namespace: "team");
        await SinkControllerTests.WaitAsync(server, "ConnectionVerified", "quiet", 20, @namespace: "team");
        await SinkControllerTests.WaitAsync(server, "Synced", "all", 20, "kinv", "team");
        await SinkControllerTests.WaitAsync(server, "Ready", "services", 20, "ktgt", "team");
        Assert.Equal(0, (await server.KubectlAsync("delete", "kinv/all", "-n", "team")).ExitCode);
        Assert.DoesNotContain(await server.WritesAsync(), write => write.Code == 403);
        Assert.DoesNotContain(program.Log, line => line.Contains("forbidden", StringComparison.OrdinalIgnoreCase));
    }

    private static bool IsOfRbac(string document) =>
        document.Contains("rbac.authorization.k8s.io/v1", StringComparison.Ordinal) || document.Contains("kind: ServiceAccount\n", StringComparison.Ordinal);

    /// <summary>The service account that the roles are bound to.</summary>
    private static string AccountIn(string roles)
    {
        var subject = System.Text.RegularExpressions.Regex.Match(roles, @"- kind: ServiceAccount\s+name: (\S+)\s+namespace: (\S+)");
        Assert.True(subject.Success, roles);
        return $"system:serviceaccount:{subject.Groups[2].Value}:{subject.Groups[1].Value}";
    }

    private static int RulesOf(string roles) => roles.Split('\n').Count(line => line.StartsWith("- apiGroups:", StringComparison.Ordinal));
}
