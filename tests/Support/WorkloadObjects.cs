using System.Globalization;
using static Kollect.Tests.Support.ClusterObjects;

namespace Kollect.Tests.Support;

/// <summary>Objects of six kinds, in the form of the API server's answers.</summary>
internal static class WorkloadObjects
{
    private const string Since = "2024-02-29T12:00:00Z";

    public static object ConfigMap(Identity it) => new
    {
        apiVersion = "v1",
        kind = "ConfigMap",
        metadata = Metadata(it, "v1", "f:data"),
        data = new Dictionary<string, string>
        {
            ["application.yaml"] = string.Concat(Enumerable.Range(0, 8 + (it.Number % 24))
                .Select(i => Invariant($"{it.App}:\n  upstream-{i}: http://{it.App}-{i}.{it.Namespace}.svc:8080\n"))),
            ["revision"] = Invariant($"{it.Revision}"),
            // Characters that are special in JSON, SQL or BSON.
            ["$set.motd"] = Invariant($"Grüße, 你好 🐘 – it's \"{it.Name}\"\\ '; --\u2028\t9007199254740993"),
        },
    };

    public static object Deployment(Identity it) => new
    {
        apiVersion = "apps/v1",
        kind = "Deployment",
        metadata = Metadata(it, "apps/v1", "f:spec"),
        spec = new
        {
            replicas = 1 + (it.Number % 5),
            revisionHistoryLimit = 10,
            selector = new { matchLabels = Selector(it) },
            strategy = new { type = "RollingUpdate", rollingUpdate = new { maxSurge = "25%", maxUnavailable = "25%" } },
            template = new { metadata = new { labels = Selector(it) }, spec = PodSpec(it) },
        },
        status = new
        {
            replicas = 1 + (it.Number % 5),
            readyReplicas = 1 + (it.Number % 5),
            observedGeneration = 1,
            conditions = new[] { Condition("Available", "MinimumReplicasAvailable"), Condition("Progressing", "NewReplicaSetAvailable") },
        },
    };

    public static object Job(Identity it) => new
    {
        apiVersion = "batch/v1",
        kind = "Job",
        metadata = Metadata(it, "batch/v1", "f:spec"),
        spec = new
        {
            parallelism = 1,
            completions = 1,
            backoffLimit = 6,
            suspend = false,
            template = new { metadata = new { labels = Selector(it) }, spec = PodSpec(it, "Never") },
        },
        status = new { succeeded = 1, startTime = Since, completionTime = Since, conditions = new[] { Condition("Complete", "CompletionsReached") } },
    };

    public static object Pod(Identity it) => new
    {
        apiVersion = "v1",
        kind = "Pod",
        metadata = Metadata(it, "v1", "f:spec"),
        spec = PodSpec(it, node: Invariant($"node-{it.Number:000}")),
        status = new
        {
            phase = "Running",
            podIP = Invariant($"10.{it.Number}.{it.Index / 250 % 250}.{it.Index % 250}"),
            startTime = Since,
            qosClass = "Burstable",
            conditions = new[] { "Initialized", "Ready", "ContainersReady", "PodScheduled" }.Select(type => Condition(type)),
            containerStatuses = new[] { new { name = it.App, ready = true, restartCount = it.Number % 3, image = Image(it), imageID = $"sha256:{it.Uid}" } },
        },
    };

    public static object Service(Identity it) => new
    {
        apiVersion = "v1",
        kind = "Service",
        metadata = Metadata(it, "v1", "f:spec"),
        spec = new
        {
            type = it.Number % 7 == 0 ? "LoadBalancer" : "ClusterIP",
            clusterIP = Invariant($"172.20.{it.Number}.{it.Index % 250}"),
            ipFamilies = new[] { "IPv4" },
            selector = Selector(it),
            ports = new[]
            {
                new { name = "http", port = 80 + it.Revision, targetPort = 8080, protocol = "TCP" },
                new { name = "metrics", port = 9090, targetPort = 9090, protocol = "TCP" },
            },
        },
        status = new { loadBalancer = new { } },
    };

    public static object ServiceAccount(Identity it) => new
    {
        apiVersion = "v1",
        kind = "ServiceAccount",
        metadata = Metadata(it, "v1", "f:imagePullSecrets"),
        automountServiceAccountToken = it.Revision % 2 == 1,
        imagePullSecrets = new[] { new { name = "registry" } },
        secrets = new[] { new { name = $"{it.Name}-token-{it.Uid[..5]}" }, new { name = $"{it.Name}-dockercfg-{it.Uid[^5..]}" } },
    };

    private static object Metadata(Identity it, string apiVersion, string fields) => new
    {
        name = it.Name,
        @namespace = it.Namespace,
        uid = it.Uid,
        creationTimestamp = Since,
        labels = new Dictionary<string, string>(Selector(it))
        {
            ["app.kubernetes.io/version"] = Invariant($"1.{it.Number}.{it.Revision}"),
            ["app.kubernetes.io/part-of"] = it.Namespace.Split('-')[0],
            ["app.kubernetes.io/managed-by"] = "Helm",
        },
        annotations = new Dictionary<string, string>
        {
            ["meta.helm.sh/release-name"] = it.App,
            ["meta.helm.sh/release-namespace"] = it.Namespace,
            ["example.com/contact"] = $"https://people.example.com/teams/{it.Namespace}/on-call?service={it.Name}",
        },
        managedFields = new[]
        {
            new
            {
                manager = "helm",
                operation = "Update",
                apiVersion,
                time = Since,
                fieldsType = "FieldsV1",
                fieldsV1 = new Dictionary<string, object>
                {
                    ["f:metadata"] = new Dictionary<string, object>
                    {
                        ["f:labels"] = Owned("app.kubernetes.io/name", "app.kubernetes.io/instance"),
                        ["f:annotations"] = Owned("meta.helm.sh/release-name"),
                    },
                    [fields] = Owned("."),
                },
            },
        },
    };

    private static object PodSpec(Identity it, string restart = "Always", string? node = null) => new
    {
        nodeName = node,
        restartPolicy = restart,
        serviceAccountName = it.App,
        terminationGracePeriodSeconds = 30,
        securityContext = new { runAsNonRoot = true, runAsUser = 1000 + it.Number },
        containers = new[]
        {
            new
            {
                name = it.App,
                image = Image(it),
                ports = new[] { new { name = "http", containerPort = 8080, protocol = "TCP" } },
                env = new[]
                {
                    new { name = "LOG_LEVEL", value = "info" },
                    new { name = "UPSTREAM", value = $"http://gateway.{it.Namespace}.svc:8080" },
                    new { name = "RELEASE", value = Invariant($"{it.Revision}") },
                },
                resources = new { limits = new { cpu = Invariant($"{it.Number}m"), memory = "512Mi" }, requests = new { cpu = "10m", memory = "64Mi" } },
                readinessProbe = new { httpGet = new { path = "/ready", port = 8080 }, periodSeconds = 10, failureThreshold = 3 },
            },
        },
    };

    private static Dictionary<string, string> Selector(Identity it) => new() { ["app.kubernetes.io/name"] = it.App, ["app.kubernetes.io/instance"] = it.Name };

    private static string Image(Identity it) => Invariant($"registry.example.com/{it.Namespace.Split('-')[0]}/{it.App}:1.{it.Number}.{it.Revision}");

    private static object Condition(string type, string? reason = null) => new { type, status = "True", reason, lastTransitionTime = Since };

    private static Dictionary<string, object> Owned(params string[] fields) =>
        fields.ToDictionary(field => field == "." ? field : $"f:{field}", _ => (object)new { });

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
