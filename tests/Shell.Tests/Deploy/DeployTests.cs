using System.Text.Json.Nodes;

namespace Kollect.Shell.Tests.Deploy;

/// <summary>The kustomize base as rendered by kubectl.</summary>
public sealed class DeployTests
{
    /// <summary>ClusterRoles that are not the operator's.</summary>
    private static readonly string[] OfPeople = ["kollect-view", "kollect-edit", "kollect-sink-edit"];

    [Theory]
    [InlineData("Shell/Host/deploy")]
    [InlineData("Shell/Host/deploy/monitoring")]
    [InlineData("crds")]
    public async Task Kustomize_warns_of_nothing(string folder)
    {
        Kubectl.RequireInstalled();
        var rendered = await Kubectl.RunAsync(["kustomize", Repository.At(folder)]);
        Assert.Equal((0, ""), (rendered.ExitCode, rendered.Errors));
    }

    [Fact]
    public async Task The_rendered_objects_are_those_of_the_golden()
    {
        var objects = (await Rendered.ReadAsync()).Text.Split("\n---\n").Select(text => text.Trim('\n'));
        Golden.Verify(string.Join("\n---\n", objects.Order(StringComparer.Ordinal)), "deploy/rendered.yaml");
    }

    /// <summary>They would take sinks and inventories along, and the operator that removes their finalizers goes with this folder.</summary>
    [Fact]
    public async Task Deleting_the_operator_deletes_no_definition_and_no_namespace()
    {
        var rendered = await Rendered.ReadAsync();
        Assert.Empty(rendered.All("CustomResourceDefinition"));
        Assert.Empty(rendered.All("Namespace"));
    }

    [Fact]
    public async Task Every_definition_of_the_repository_is_applied()
    {
        var definitions = Directory.EnumerateFiles(Repository.At("crds"), "*.yaml").Select(file => File.ReadAllText(file));
        var rendered = (await Rendered.ReadAsync("crds")).All("CustomResourceDefinition").Select(crd => crd.Text("metadata.name")).ToArray();
        Assert.NotEmpty(rendered);
        Assert.Equal(rendered.Length, definitions.Count());
        Assert.All(rendered, name => Assert.Contains(definitions, text => text.Contains($"  name: {name}\n", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task The_pod_does_not_run_as_root_and_can_write_only_to_its_temporary_folder()
    {
        var rendered = await Rendered.ReadAsync();
        var (pod, container) = (rendered.Pod, rendered.Container);
        Assert.Equal("restricted", Rendered.Namespace["metadata"]!["labels"]!["pod-security.kubernetes.io/enforce"]!.ToString());
        Assert.Equal(
            ("true", "65532", "RuntimeDefault"),
            (pod.Text("securityContext.runAsNonRoot"), pod.Text("securityContext.runAsUser"), pod.Text("securityContext.seccompProfile.type")));
        Assert.Equal(
            ("false", "true"),
            (container.Text("securityContext.allowPrivilegeEscalation"), container.Text("securityContext.readOnlyRootFilesystem")));
        Assert.Equal(["ALL"], container.Texts("securityContext.capabilities.drop"));
        var writable = Assert.Single(container.At("volumeMounts").AsArray(), mount => mount!["readOnly"]?.GetValue<bool>() != true)!;
        Assert.Equal("/tmp", writable.Text("mountPath"));
        Assert.NotNull(Volume(rendered, "tmp").At("emptyDir.sizeLimit"));
    }

    [Fact]
    public async Task The_page_says_how_many_objects_the_limit_of_memory_carries()
    {
        var limit = (await Rendered.ReadAsync()).Container.Text("resources.limits.memory");
        var row = Assert.Single(File.ReadLines(Repository.At("docs/operate/sizing.md")), line => line.EndsWith("(as deployed) |", StringComparison.Ordinal));
        Assert.EndsWith($"| {limit} (as deployed) |", row, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Secrets_can_only_be_read_by_name_and_no_rule_has_a_wildcard()
    {
        var rendered = await Rendered.ReadAsync();
        var roles = rendered.All("ClusterRole").Concat(rendered.All("Role"));
        var rules = roles.Where(role => !OfPeople.Contains(role.Text("metadata.name"))).SelectMany(role => role["rules"]?.AsArray() ?? []).ToArray();
        Assert.DoesNotContain(rules, rule => rule!.ToJsonString().Contains('*', StringComparison.Ordinal));
        Assert.Equal(["get"], Assert.Single(rules, rule => rule!.Texts("resources").Contains("secrets"))!.Texts("verbs"));
        Assert.DoesNotContain(rules, rule => rule!.Texts("verbs").Contains("delete"));
        Assert.All(rendered.All("ClusterRole"), everywhere => Assert.DoesNotContain("leases", everywhere.ToJsonString(), StringComparison.Ordinal));
    }

    /// <summary>Kubernetes, "Using RBAC Authorization": the built-in role edit has what view has, and admin what edit has.</summary>
    [Fact]
    public async Task No_built_in_role_lets_people_write_sinks_or_reach_into_other_namespaces()
    {
        var rendered = await Rendered.ReadAsync();
        var roles = OfPeople.Select(name => rendered.One("ClusterRole", name)).ToArray();
        Assert.Equal(
            ["aggregate-to-view", "aggregate-to-edit", ""],
            roles.Select(role => string.Join(' ', role.At("metadata.labels").AsObject().Select(it => it.Key.Split('/')[1]).Except(["name"]))));
        Assert.All(
            roles[0].At("rules").AsArray().Concat(roles[1].At("rules").AsArray()).Where(rule => rule!.Texts("verbs").Contains("create")),
            rule => Assert.Equal(["kollectinventories", "kollectprofiles", "kollecttargets"], rule!.Texts("resources")));
        Assert.Equal(["get", "list", "watch"], Assert.Single(roles[0].At("rules").AsArray())!.Texts("verbs"));
        Assert.Equal(["kollectdatabasesinks"], Assert.Single(roles[2].At("rules").AsArray())!.Texts("resources"));
    }

    [Fact]
    public async Task Only_the_account_of_the_pod_gets_permissions()
    {
        var rendered = await Rendered.ReadAsync();
        var account = rendered.One("ServiceAccount", rendered.Pod.Text("serviceAccountName"));
        Assert.Equal("false", account.Text("automountServiceAccountToken"));
        foreach (var binding in rendered.All("ClusterRoleBinding").Concat(rendered.All("RoleBinding")))
        {
            var subject = Assert.Single(binding.At("subjects").AsArray())!;
            Assert.Equal(
                ("ServiceAccount", account.Text("metadata.namespace"), account.Text("metadata.name")),
                (subject.Text("kind"), subject.Text("namespace"), subject.Text("name")));
            rendered.One(binding.Text("roleRef.kind"), binding.Text("roleRef.name"));
        }
    }

    [Fact]
    public async Task Every_selector_finds_the_pods()
    {
        var rendered = await Rendered.ReadAsync();
        var labels = rendered.Deployment.Labels("spec.template.metadata.labels");
        Assert.Equal(labels, rendered.Deployment.Labels("spec.selector.matchLabels"));
        Assert.Equal(labels, rendered.One("PodDisruptionBudget", "kollect-operator").Labels("spec.selector.matchLabels"));
        Assert.All(rendered.Pod.At("topologySpreadConstraints").AsArray(), spread => Assert.Equal(labels, spread!.Labels("labelSelector.matchLabels")));
        Assert.All(rendered.All("Service"), service => Assert.Equal(labels, service.Labels("spec.selector")));
    }

    [Fact]
    public async Task Services_and_probes_lead_to_the_ports_of_the_program()
    {
        var rendered = await Rendered.ReadAsync();
        var ports = rendered.Container.At("ports").AsArray().ToDictionary(port => port!.Text("name"), port => port!.Number("containerPort"));
        Assert.Equal((9443, 8080, 2), (ports["webhook"], ports["http"], ports.Count));
        Assert.Equal(9443, Target("kollect-webhook", 443));
        Assert.Equal(8080, Target("kollect-metrics", 8080));
        Assert.Equal(("/healthz", "/readyz"), (Probe("livenessProbe"), Probe("readinessProbe")));

        int Target(string service, int port) =>
            ports[Assert.Single(rendered.One("Service", service).At("spec.ports").AsArray(), found => found!.Number("port") == port)!.Text("targetPort")];

        string Probe(string name)
        {
            Assert.Equal("http", rendered.Container.Text($"{name}.httpGet.port"));
            return rendered.Container.Text($"{name}.httpGet.path");
        }
    }

    [Fact]
    public async Task The_webhook_reviews_created_and_changed_objects_and_cannot_block_a_deletion()
    {
        var webhook = (await Rendered.ReadAsync()).Webhook;
        var rule = Assert.Single(webhook.At("rules").AsArray())!;
        Assert.Equal(["CREATE", "UPDATE"], rule.Texts("operations"));
        Assert.Equal(
            [
                "kollectclusterinventories", "kollectclusterscopes", "kollectclustertargets", "kollectdatabasesinks", "kollectinventories", "kollectprofiles",
                "kollectscopes", "kollecttargets",
            ],
            rule.Texts("resources").Order(StringComparer.Ordinal));
        Assert.Equal("/validate", webhook.Text("clientConfig.service.path"));
        Assert.Equal(
            ("Ignore", "None", "Equivalent", 5),
            (webhook.Text("failurePolicy"), webhook.Text("sideEffects"), webhook.Text("matchPolicy"), webhook.Number("timeoutSeconds")));
    }

    [Fact]
    public async Task The_certificate_is_issued_for_the_service_of_the_webhook_and_mounted_in_the_folder_of_the_flag()
    {
        var rendered = await Rendered.ReadAsync();
        var called = rendered.Webhook.At("clientConfig.service");
        var service = rendered.One("Service", called.Text("name"));
        Assert.Contains(service.At("spec.ports").AsArray(), port => port!.Number("port") == called.Number("port"));
        var certificate = Assert.Single(rendered.All("Certificate"));
        Assert.Contains($"{service.Text("metadata.name")}.{service.Text("metadata.namespace")}.svc", certificate.Texts("spec.dnsNames"));
        rendered.One(certificate.Text("spec.issuerRef.kind"), certificate.Text("spec.issuerRef.name"));

        var configuration = rendered.One("ValidatingWebhookConfiguration", "kollect-operator");
        var injected = configuration["metadata"]!["annotations"]!["cert-manager.io/inject-ca-from"]!.ToString();
        Assert.Equal($"{certificate.Text("metadata.namespace")}/{certificate.Text("metadata.name")}", injected);

        var volume = Volume(rendered, "webhook-certificate");
        Assert.Equal(certificate.Text("spec.secretName"), volume.Text("secret.secretName"));
        var mount = Assert.Single(rendered.Container.At("volumeMounts").AsArray(), mount => mount!.Text("name") == "webhook-certificate")!;
        var arguments = rendered.Container.Texts("args");
        Assert.Equal(mount.Text("mountPath"), arguments[arguments.IndexOf("--webhook-cert-dir") + 1]);
    }

    [Fact]
    public async Task The_operator_accepts_the_flags_of_the_Deployment()
    {
        var arguments = (await Rendered.ReadAsync()).Container.Texts("args");
        Assert.Equal("operator", arguments[0]);
        var help = (await Program.Kollect.RunAsync(["operator", "--help"])).Output;
        Assert.All(
            arguments.Where(argument => argument.StartsWith("--", StringComparison.Ordinal)),
            flag => Assert.Contains($"  {flag} ", help, StringComparison.Ordinal));
    }

    private static JsonNode Volume(Rendered rendered, string name) =>
        Assert.Single(rendered.Pod.At("volumes").AsArray(), volume => volume!.Text("name") == name)!;
}
