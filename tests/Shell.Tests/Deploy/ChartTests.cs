using System.Text.Json.Nodes;

namespace Kollect.Shell.Tests.Deploy;

/// <summary>The Helm chart gives what <c>kollect install</c> and <c>kollect crds</c> print.</summary>
public sealed class ChartTests
{
    private const string Definition = "CustomResourceDefinition";

    /// <summary>Labels that Helm's "Labels and Annotations" page asks for, and the policy that keeps the CRDs.</summary>
    private static readonly string[] OfHelm =
        ["metadata.labels/helm.sh/chart", "metadata.labels/app.kubernetes.io/managed-by", "metadata.annotations/helm.sh/resource-policy"];

    public static TheoryData<string> Names => Installation.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public async Task The_chart_equals_what_install_prints(string name)
    {
        var installation = Installation.Of(name);
        var chart = await Chart.RenderAsync(installation.Namespace, installation.Values);
        var expected = (await installation.PrintAsync()).Objects;
        Assert.True(expected.Remove($"Namespace /{installation.Namespace}")); // helm install --create-namespace
        SameObjects.Verify(expected, Without(chart.Objects, Definition), OfHelm);
    }

    [Fact]
    public async Task The_chart_brings_the_definitions_of_the_repository_and_keeps_them()
    {
        var files = Directory.GetFiles(Repository.At("crds"), "*.yaml").Select(file => new Rendered(File.ReadAllText(file)).Objects.Single());
        var chart = (await Chart.RenderAsync("kollect-system", "{}")).Objects
            .Where(it => it.Key.StartsWith(Definition, StringComparison.Ordinal)).ToDictionary();
        Assert.All(chart.Values, crd => Assert.Equal("keep", crd["metadata"]!["annotations"]!["helm.sh/resource-policy"]!.ToString()));
        SameObjects.Verify(files.ToDictionary(), chart, OfHelm);
        Assert.Empty((await Chart.RenderAsync("kollect-system", """{"crds": {"install": false} }""")).All(Definition));
    }

    /// <summary>A chart is packed from its own folder, so that these files are copies. UPDATE_SNAPSHOTS=1 copies them.</summary>
    [Fact]
    public void The_files_of_the_chart_are_those_of_the_repository()
    {
        var copies = Directory.GetFiles(Repository.At("crds"), "*.yaml").ToDictionary(file => $"crds/{Path.GetFileName(file)}");
        foreach (var file in new[] { "kollect.json", "prometheusrule.yaml" })
            copies.Add(file, Repository.At($"Shell/Host/deploy/monitoring/{file}"));
        var folder = Repository.At($"{Chart.Folder}/files");
        Assert.Equal(
            copies.Keys.Order(StringComparer.Ordinal),
            Directory.GetFiles(folder, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(folder, file)).Order(StringComparer.Ordinal));
        foreach (var (copy, file) in copies)
        {
            if (Environment.GetEnvironmentVariable("UPDATE_SNAPSHOTS") == "1")
                File.Copy(file, Path.Combine(folder, copy), overwrite: true);
            Assert.Equal(File.ReadAllText(file), File.ReadAllText(Path.Combine(folder, copy)));
        }
    }

    [Fact]
    public async Task Every_value_has_its_effect()
    {
        var chart = await Chart.RenderAsync("kollect-system", """
            {
              "image": {"digest": "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef", "pullPolicy": "Always"},
              "imagePullSecrets": [{"name": "registry"}],
              "extraArgs": ["--deny-private-sinks"], "extraEnv": [{"name": "OTEL_EXPORTER_OTLP_ENDPOINT", "value": "http://collector:4318"}],
              "webhook": {"failurePolicy": "Fail"},
              "rbac": {"collectCommonKinds": false, "aggregateToUserRoles": false},
              "serviceAccount": {"annotations": {"iam.gke.io/gcp-service-account": "kollect@shop.iam.gserviceaccount.com"} },
              "resources": {"limits": {"memory": "1Gi"} }, "temporarySize": "5Gi",
              "podAnnotations": {"a": "b"}, "podLabels": {"c": "d"}, "priorityClassName": "system-cluster-critical",
              "nodeSelector": {"disk": "ssd"}, "tolerations": [{"key": "dedicated", "operator": "Exists"}],
              "affinity": {"nodeAffinity": {} },
              "podDisruptionBudget": {"maxUnavailable": "50%"},
              "networkPolicy": {"enabled": true, "metricsFrom": [{"namespaceSelector": {} }], "egress": [{"ports": [{"port": 5432}]}]}
            }
            """);
        var (pod, container) = (chart.Pod, chart.Container);
        Assert.Equal("kollect@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef", container.Text("image"));
        Assert.Equal("Always", container.Text("imagePullPolicy"));
        Assert.Equal("registry", pod.At("imagePullSecrets")[0]!.Text("name"));
        Assert.Equal("--deny-private-sinks", container.Texts("args")[^1]);
        Assert.Equal("http://collector:4318", container.At("env")[0]!.Text("value"));
        Assert.Equal("Fail", chart.Webhook.Text("failurePolicy"));
        Assert.DoesNotContain(chart.All("ClusterRole"), role => role.Text("metadata.name") == "kollect-collector-common");
        Assert.DoesNotContain("aggregate-to-edit", chart.Text, StringComparison.Ordinal);
        Assert.Equal(
            "kollect@shop.iam.gserviceaccount.com",
            chart.One("ServiceAccount", "kollect-operator").At("metadata.annotations")["iam.gke.io/gcp-service-account"]!.ToString());
        Assert.Equal(("1Gi", "100m"), (container.Text("resources.limits.memory"), container.Text("resources.requests.cpu")));
        Assert.Equal("5Gi", Assert.Single(pod.At("volumes").AsArray(), it => it!.Text("name") == "tmp")!.Text("emptyDir.sizeLimit"));
        Assert.Equal(("b", "d"), (chart.Deployment.Text("spec.template.metadata.annotations.a"), chart.Deployment.Text("spec.template.metadata.labels.c")));
        Assert.Equal("system-cluster-critical", pod.Text("priorityClassName"));
        Assert.Equal(("ssd", "linux"), (pod.Text("nodeSelector.disk"), pod.At("nodeSelector")["kubernetes.io/os"]!.ToString()));
        Assert.Equal("Exists", pod.At("tolerations")[0]!.Text("operator"));
        Assert.NotNull(pod.At("affinity.nodeAffinity"));
        Assert.Equal("50%", chart.One("PodDisruptionBudget", "kollect-operator").Text("spec.maxUnavailable"));
        var policy = chart.One("NetworkPolicy", "kollect-operator");
        Assert.Equal(["Ingress", "Egress"], policy.Texts("spec.policyTypes"));
        Assert.Equal(["webhook", "http"], policy.At("spec.ingress").AsArray().Select(rule => rule!.At("ports")[0]!.Text("port")));
        Assert.Equal(5432, policy.At("spec.egress")[0]!.At("ports")[0]!.Number("port"));
        Assert.NotNull(policy.At("spec.ingress")[1]!.At("from")[0]!.At("namespaceSelector"));
    }

    [Theory]
    [InlineData("""{"shards": 65}""", "shards")]
    [InlineData("""{"replicas": "2"}""", "replicas")]
    [InlineData("""{"webhook": {"mode": "maybe"} }""", "mode")] // webhook.mode, and since Helm 3.18 /webhook/mode
    [InlineData("""{"webhok": {} }""", "webhok")]
    public async Task The_schema_refuses_wrong_values(string values, string name)
    {
        var (exitCode, output, errors) = await Chart.TryRenderAsync("kollect-system", values);
        Assert.Equal((1, ""), (exitCode, output));
        Assert.Contains(name, errors, StringComparison.Ordinal);
    }

    [Fact]
    public void The_page_describes_every_value()
    {
        var page = ChartValues.Page();
        Assert.All(page.Split('\n').Where(line => line.StartsWith("- ", StringComparison.Ordinal)), line => Assert.DoesNotMatch(@"\): ?$", line));
        Golden.VerifyPage(page, "helm.md");
    }

    private static Dictionary<string, JsonNode> Without(Dictionary<string, JsonNode> objects, string kind) =>
        objects.Where(it => !it.Key.StartsWith(kind, StringComparison.Ordinal)).ToDictionary();
}
