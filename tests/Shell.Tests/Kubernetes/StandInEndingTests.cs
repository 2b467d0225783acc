namespace Kollect.Shell.Tests.Kubernetes;

/// <summary>Deletion of objects and namespaces in the stand-in API server, as kubectl observes it.</summary>
public sealed class StandInEndingTests
{
    private const string Namespace = """
        apiVersion: v1
        kind: Namespace
        metadata: {name: ending}
        ---

        """;

    [Fact]
    public async Task A_namespace_waits_for_the_finalizers_of_its_contents_and_accepts_no_new_object()
    {
        await using var server = await KubernetesServer.StartAsync();
        const string Both = "example.com/one, example.com/two";
        await server.ApplyAsync(Namespace + ConfigMap("held", Both) + ConfigMap("second", Both) + ConfigMap("free"));
        await server.DeleteAsync("namespace", "ending");
        await server.WaitAsync("namespace", "ending", "jsonpath={.status.phase}=Terminating");

        Assert.Equal("configmap/held\nconfigmap/second\n", (await server.KubectlAsync("get", "configmaps", "-n", "ending", "-o", "name")).Required);
        var held = (await server.GetAsync("configmap", "held", "ending"))["metadata"]!;
        Assert.Equal(0, (int)held["deletionGracePeriodSeconds"]!);
        Assert.NotNull(held["deletionTimestamp"]);
        var space = await server.GetAsync("namespace", "ending");
        Assert.Equal("""["kubernetes"]""", space["spec"]!["finalizers"]!.ToJsonString());
        Assert.Equal(
            [
                "NamespaceContentRemaining True Some resources are remaining: configmaps. has 2 resource instances",
                "NamespaceFinalizersRemaining True Some content in the namespace has finalizers remaining: "
                    + "example.com/one in 2 resource instances, example.com/two in 2 resource instances",
            ],
            space["status"]!["conditions"]!.AsArray().Select(it => $"{it!["type"]} {it["status"]} {it["message"]}"));

        const string Refused = "is forbidden: unable to create new content in namespace ending because it is being terminated";
        await AssertRefusedAsync("configmaps", ConfigMap("new"), "create");
        await AssertRefusedAsync("configmaps", ConfigMap("new"), "apply", "--server-side");
        await AssertRefusedAsync("events.events.k8s.io", Event, "create");

        Assert.Contains(
            """{"reason":"NamespaceTerminating","message":"namespace ending is being terminated","field":"metadata.namespace"}""",
            // kubectl prints causes in its log only.
            (await server.KubectlWithInputAsync(ConfigMap("new"), "create", "-v=8", "-f", "-")).Errors.Replace("\\\"", "\"", StringComparison.Ordinal),
            StringComparison.Ordinal);

        await server.PatchAsync("configmap", "held", """{"metadata":{"finalizers":null}}""", "ending");
        await server.WaitAsync("configmap", "held", "delete", "ending");
        Assert.Equal("Terminating", await server.JsonPathAsync("namespace", "ending", "{.status.phase}"));
        await server.PatchAsync("configmap", "second", """{"metadata":{"finalizers":[]}}""", "ending");
        await server.WaitAsync("namespace", "ending", "delete");

        async Task AssertRefusedAsync(string resource, string manifest, params string[] command) => Assert.Contains(
            $"{resource} \"new\" {Refused}", (await server.KubectlWithInputAsync(manifest, [.. command, "-f", "-"])).Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_namespace_with_a_finalizer_of_its_own_waits_for_that_too()
    {
        await using var server = await KubernetesServer.StartAsync();
        await server.ApplyAsync(
            Namespace.Replace("name: ending", "name: ending, finalizers: [example.com/own]", StringComparison.Ordinal) + ConfigMap("free"));
        await server.DeleteAsync("namespace", "ending");
        Assert.Equal("", (await server.KubectlAsync("get", "configmaps", "-n", "ending", "-o", "name")).Required);
        Assert.Equal("Terminating []", await server.JsonPathAsync("namespace", "ending", "{.status.phase} {.spec.finalizers}"));
        await server.PatchAsync("namespace", "ending", """{"metadata":{"finalizers":null}}""");
        await server.WaitAsync("namespace", "ending", "delete");
    }

    /// <summary>As apiextensions-apiserver does it; discovery says it before the first object is deleted.</summary>
    [Fact]
    public async Task A_definition_takes_its_objects_along_and_serves_nothing_new_meanwhile()
    {
        await using var server = await KubernetesServer.StartAsync();
        await server.ApplyAsync(Definition);
        await server.WaitAsync("crd", "things.example.com", "condition=Established");
        await server.ApplyAsync(Thing("held", "example.com/one") + Thing("free"));
        await server.DeleteAsync("crd", "things.example.com");
        Assert.Equal("thing.example.com/held\n", (await server.KubectlAsync("get", "things", "-o", "name")).Required);
        const string Reason = "{.status.conditions[?(@.type=='Terminating')].reason}";
        Assert.Equal("InstanceDeletionPending", await server.JsonPathAsync("crd", "things.example.com", Reason));
        Assert.DoesNotContain("create", (await server.KubectlAsync("get", "--raw", "/apis/example.com/v1")).Required, StringComparison.Ordinal);
        Assert.Contains(
            "create not allowed while custom resource definition is terminating",
            (await server.KubectlWithInputAsync(Thing("new"), "create", "-f", "-")).Errors,
            StringComparison.Ordinal);

        await server.ApplyAsync(Definition.Replace("kind: Thing,", "kind: Thing, shortNames: [th],", StringComparison.Ordinal)); // keeps nothing
        await server.PatchAsync("thing", "held", """{"metadata":{"finalizers":null}}""");
        await server.WaitAsync("crd", "things.example.com", "delete");
        Assert.NotEqual(0, (await server.KubectlAsync("get", "--raw", "/apis/example.com/v1")).ExitCode);
    }

    private const string Definition = """
        apiVersion: apiextensions.k8s.io/v1
        kind: CustomResourceDefinition
        metadata: {name: things.example.com}
        spec:
          group: example.com
          scope: Namespaced
          names: {plural: things, singular: thing, kind: Thing, listKind: ThingList}
          versions:
          - name: v1
            served: true
            storage: true
            schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true} }
        """;

    private static string Thing(string name, string finalizers = "") => $$"""
        ---
        apiVersion: example.com/v1
        kind: Thing
        metadata: {name: {{name}}, finalizers: [{{finalizers}}] }

        """;

    [Fact]
    public async Task Roles_and_Secrets_of_a_namespace_wait_for_no_finalizer()
    {
        await using var server = await KubernetesServer.StartAsync();
        await server.ApplyAsync(Namespace + ConfigMap("held", "example.com/one") + Role + """
            apiVersion: v1
            kind: Secret
            metadata: {name: password, namespace: ending}
            """);
        await server.DeleteAsync("namespace", "ending");
        await Eventually.HoldsAsync(async () => (await server.KubectlAsync("get", "secrets,roles", "-n", "ending", "-o", "name")).Required.Length == 0);
        Assert.Equal("configmap/held\n", (await server.KubectlAsync("get", "configmaps", "-n", "ending", "-o", "name")).Required);
        await server.PatchAsync("configmap", "held", """{"metadata":{"finalizers":null}}""", "ending");
        await server.WaitAsync("namespace", "ending", "delete");
    }

    private const string Role = """
        apiVersion: rbac.authorization.k8s.io/v1
        kind: Role
        metadata: {name: reader, namespace: ending}
        rules: []
        ---

        """;

    [Fact]
    public async Task An_object_in_deletion_can_be_changed_but_accepts_no_new_finalizer()
    {
        await using var server = await KubernetesServer.StartAsync();
        await server.ApplyAsync(Deployment);
        Assert.Equal("1", await GenerationAsync());
        await server.DeleteAsync("deployment", "held");
        Assert.Equal("2", await GenerationAsync());
        await server.PatchAsync("deployment", "held", """{"spec":{"replicas":2}}""");
        Assert.Equal("3", await GenerationAsync());

        const string Refused = "metadata.finalizers: Forbidden: no new finalizers can be added if the object is being deleted, "
            + "found new finalizers []string{\"example.com/late\"}";
        var patched = await server.KubectlAsync(
            "patch", "deployment", "held", "--type", "merge", "-p", """{"metadata":{"finalizers":["example.com/one","example.com/late"]}}""");
        Assert.Contains(Refused, patched.Errors, StringComparison.Ordinal);
        var applied = await server.KubectlWithInputAsync(
            Deployment.Replace("/one", "/late", StringComparison.Ordinal),
            "apply", "--server-side", "--force-conflicts", "--field-manager", "other", "-f", "-");
        Assert.Contains(Refused, applied.Errors, StringComparison.Ordinal);

        await server.PatchAsync("deployment", "held", """{"metadata":{"finalizers":[]}}""");
        await server.WaitAsync("deployment", "held", "delete");

        Task<string> GenerationAsync() => server.JsonPathAsync("deployment", "held", "{.metadata.generation}");
    }

    [Fact]
    public async Task Finalizers_are_set_and_removed_by_server_side_apply()
    {
        await using var server = await KubernetesServer.StartAsync();
        await server.ApplyAsync(Namespace + ConfigMap("held", "example.com/one, example.com/two"));
        await ApplyAsync("example.com/mine");
        Assert.Equal("""["example.com/one","example.com/two","example.com/mine"]""", await FinalizersAsync());
        await ApplyAsync("");
        Assert.Equal("""["example.com/one","example.com/two"]""", await FinalizersAsync());

        async Task ApplyAsync(string finalizers) =>
            _ = (await server.KubectlWithInputAsync(ConfigMap("held", finalizers), "apply", "--server-side", "--field-manager", "mine", "-f", "-")).Required;
        Task<string> FinalizersAsync() => server.JsonPathAsync("configmap", "held", "{.metadata.finalizers}", "ending");
    }

    private const string Deployment = """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: held, finalizers: [example.com/one]}
        spec: {replicas: 1}
        """;

    private const string Event = """
        apiVersion: events.k8s.io/v1
        kind: Event
        metadata: {name: new, namespace: ending}
        eventTime: "2024-02-29T12:00:00.000000Z"
        regarding: {kind: ConfigMap, name: held, namespace: ending}
        """;

    private static string ConfigMap(string name, string finalizers = "") => $$"""
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: {{name}}, namespace: ending, finalizers: [{{finalizers}}]}
        ---

        """;
}
