using System.Text.Json.Nodes;
using Kollect.Operator.Kubernetes;

namespace Kollect.Host.Uninstall;

/// <summary>An object of the cluster as it was read.</summary>
internal sealed record FoundObject(Resource Resource, JsonObject Json)
{
    public string Kind => Text("kind");

    public ObjectName Name => new(Text("metadata", "namespace"), Text("metadata", "name"));

    public string Uid => Text("metadata", "uid");

    public bool IsTerminating => Text("metadata", "deletionTimestamp").Length > 0;

    public IEnumerable<string> Finalizers => Json["metadata"]?["finalizers"]?.AsArray().Select(it => it!.ToString()) ?? [];

    /// <summary>Installed by us; another one may have the same name.</summary>
    public bool IsOurs => Text("metadata", "labels", "app.kubernetes.io/name") == "kollect";

    /// <summary>Why the object is not ready, as its condition says; empty = it says nothing.</summary>
    public string Why => Json["status"]?["conditions"]?.AsArray()
        .Where(it => it?["type"]?.ToString() == "Ready" && it["status"]?.ToString() == "False")
        .Select(it => $"{it!["reason"]}: {it["message"]}").FirstOrDefault() ?? "";

    public override string ToString() => $"{Kind} {Name}";

    private string Text(params IEnumerable<string> path) => path.Aggregate((JsonNode?)Json, (node, key) => node?[key])?.ToString() ?? "";
}
