using System.Text.Json.Nodes;
using Kollect.Host.Install;
using Kollect.Operator.Kubernetes;
using Kollect.Operator.Kubernetes.Transport;
using YamlDotNet.RepresentationModel;

namespace Kollect.Host.Uninstall;

/// <summary>Finds in a cluster what <c>kollect crds</c>, <c>kollect install</c> and people have created there.</summary>
internal sealed class InstalledObjects(KubernetesApi api, string @namespace)
{
    /// <summary>The Leases and the pods of an operator have names that begin with this.</summary>
    private const string Operator = "kollect-operator";

    private static readonly Resource Leases = new("coordination.k8s.io", "v1", "leases", Namespaced: true);
    private static readonly Resource Pods = new("", "v1", "pods", Namespaced: true);
    private static readonly Resource Events = new("events.k8s.io", "v1", "events", Namespaced: true);
    private static readonly Resource Definitions = new("apiextensions.k8s.io", "v1", "customresourcedefinitions", Namespaced: false);
    private static readonly Resource Namespaces = new("", "v1", "namespaces", Namespaced: false);

    private static readonly Resource[] Workloads =
    [
        new("apps", "v1", "deployments", Namespaced: true), new("apps", "v1", "statefulsets", Namespaced: true),
        new("apps", "v1", "daemonsets", Namespaced: true), new("batch", "v1", "cronjobs", Namespaced: true),
        new("batch", "v1", "jobs", Namespaced: true), Pods, new("", "v1", "services", Namespaced: true),
        new("", "v1", "persistentvolumeclaims", Namespaced: true),
    ];

    private readonly Dictionary<string, IReadOnlyList<DiscoveredResource>> served = new(StringComparer.Ordinal);

    public Task<IReadOnlyList<FoundObject>> InventoriesAsync(CancellationToken cancel) =>
        ListAsync([Own("kollectinventories"), Own("kollectclusterinventories", namespaced: false)], cancel);

    public Task<IReadOnlyList<FoundObject>> SinksAsync(CancellationToken cancel) => ListAsync([Own("kollectdatabasesinks")], cancel);

    public Task<IReadOnlyList<FoundObject>> TargetsAndProfilesAsync(CancellationToken cancel) =>
        ListAsync(
            [
                Own("kollecttargets"), Own("kollectclustertargets", namespaced: false), Own("kollectprofiles"), Own("kollectscopes"),
                Own("kollectclusterscopes", namespaced: false),
            ],
            cancel);

    /// <summary>Whatever any set of options installs, in the reverse order; the namespace and the CRDs are left out.</summary>
    public async Task<IReadOnlyList<FoundObject>> OfOperatorAsync(CancellationToken cancel)
    {
        var found = new List<FoundObject>();
        foreach (var document in Documents().Where(it => InstallManifest.Kind(it) != "Namespace"))
        {
            var name = document.Map("metadata").Find("namespace") is YamlScalarNode ns ? ns.Value! : "";
            if (await ResourceAsync(document, cancel) is { } resource)
                found.AddRange(await FindAsync(resource, new ObjectName(name, InstallManifest.Name(document)), cancel));
        }

        found.Reverse();
        return [.. found.Where(it => it.IsOurs)];
    }

    /// <summary>Of the operator; the Deployment's are deleted with it, and stop in order.</summary>
    public Task<IReadOnlyList<FoundObject>> PodsAsync(CancellationToken cancel) => NamedAsync(Pods, "app.kubernetes.io/name=kollect", cancel);

    public Task<IReadOnlyList<FoundObject>> LeasesAsync(CancellationToken cancel) => NamedAsync(Leases, "", cancel);

    public async Task<IReadOnlyList<FoundObject>> DefinitionsAsync(CancellationToken cancel)
    {
        var found = new List<FoundObject>();
        foreach (var crd in EmbeddedCrds.Names)
            found.AddRange(await FindAsync(Definitions, new ObjectName("", crd), cancel));
        return found;
    }

    /// <summary>Names of further CRDs of the group: another operator of the family, which has inventories, targets and profiles of our kinds.</summary>
    public async Task<IReadOnlyList<string>> OtherDefinitionsAsync(CancellationToken cancel) =>
    [
        .. (await api.DiscoverAsync("kollect.dev", "v1alpha1", cancel)).Select(it => $"{it.Resource.Plural}.kollect.dev").Except(EmbeddedCrds.Names),
    ];

    /// <summary>Empty where <c>kollect install</c> was not applied to it, or others use it too.</summary>
    public async Task<IReadOnlyList<FoundObject>> NamespaceAsync(CancellationToken cancel)
    {
        var found = await InstalledNamespaceAsync(cancel);
        return found.All(it => it.IsTerminating) || (await WorkloadsOfOthersAsync(cancel)).Count == 0 ? found : [];
    }

    /// <summary>For their sake the namespace stays: <c>kollect install --namespace</c> may have named one that there was before.</summary>
    public async Task<IReadOnlyList<FoundObject>> WorkloadsOfOthersAsync(CancellationToken cancel) =>
        (await InstalledNamespaceAsync(cancel)).Count == 0
            ? []
            : [.. (await ListAsync(Workloads, cancel, new Selection(@namespace, ""))).Where(it => !it.IsOurs)];

    /// <summary>Notes of the Warnings about rows that could not be removed; the API server keeps events for an hour.</summary>
    public async Task<IReadOnlyList<string>> RowsLeftBehindAsync(CancellationToken cancel) =>
    [
        .. (await ListAsync([Events], cancel)).Select(it => it.Json)
            .Where(it => it["reason"]?.ToString() == "RowsLeftBehind" && it["reportingController"]?.ToString() == "kollect.dev/operator")
            .Select(it => it["note"]?.ToString() ?? ""),
    ];

    private async Task<IReadOnlyList<FoundObject>> InstalledNamespaceAsync(CancellationToken cancel) =>
        [.. (await FindAsync(Namespaces, new ObjectName("", @namespace), cancel)).Where(it => it.IsOurs)];

    private static Resource Own(string plural, bool namespaced = true) => new("kollect.dev", "v1alpha1", plural, namespaced);

    private IEnumerable<YamlMappingNode> Documents() => Enum.GetValues<WebhookMode>()
        .SelectMany(mode => InstallManifest.Build(InstallOptions.Default with { Namespace = @namespace, Webhook = mode, Monitoring = true }))
        .DistinctBy(document => (InstallManifest.Kind(document), InstallManifest.Name(document)));

    /// <summary>Null = the cluster does not have the kind, e.g. of cert-manager.</summary>
    private async Task<Resource?> ResourceAsync(YamlMappingNode document, CancellationToken cancel)
    {
        var apiVersion = document.Text("apiVersion");
        if (!served.TryGetValue(apiVersion, out var resources))
        {
            var slash = apiVersion.IndexOf('/');
            var (group, version) = slash < 0 ? ("", apiVersion) : (apiVersion[..slash], apiVersion[(slash + 1)..]);
            served[apiVersion] = resources = await api.DiscoverAsync(group, version, cancel);
        }

        return resources.FirstOrDefault(it => it.Kind == InstallManifest.Kind(document))?.Resource;
    }

    private async Task<IReadOnlyList<FoundObject>> FindAsync(Resource resource, ObjectName name, CancellationToken cancel) =>
        await api.GetAsync(resource, name, cancel) is { } json ? [new FoundObject(resource, JsonNode.Parse(json)!.AsObject())] : [];

    private async Task<IReadOnlyList<FoundObject>> NamedAsync(Resource resource, string labels, CancellationToken cancel) =>
        [.. (await ListAsync([resource], cancel, new Selection(@namespace, labels))).Where(it => it.Name.Name.StartsWith(Operator, StringComparison.Ordinal))];

    /// <summary>Nothing of a kind that is not served.</summary>
    private async Task<IReadOnlyList<FoundObject>> ListAsync(IEnumerable<Resource> resources, CancellationToken cancel, Selection? selection = null)
    {
        var found = new List<FoundObject>();
        foreach (var resource in resources)
            try
            {
                await foreach (var page in api.ListAsync(resource, selection ?? Selection.All, cancel))
                    found.AddRange(page.Items.Select(json => new FoundObject(resource, JsonNode.Parse(json)!.AsObject())));
            }
            catch (ApiException absent) when (absent.Kind == ApiError.NotFound)
            {
            }

        return found;
    }
}
