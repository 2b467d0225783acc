using System.Text;
using System.Text.Json.Nodes;
using Kollect.Shell.Manifests;
using Kollect.Shell.Tests.Manifests;

namespace Kollect.Shell.Tests.Deploy;

/// <summary>Objects that are applied, e.g. those of <c>kubectl apply -k Shell/Host/deploy</c>.</summary>
internal sealed class Rendered
{
    private readonly ManifestSet manifests;

    public Rendered(string text)
    {
        Text = text;
        manifests = ManifestText.Read("rendered", Encoding.UTF8.GetBytes(text));
        Assert.Empty(manifests.Problems);
    }

    /// <summary>YAML; the order of the objects depends on the version of kubectl.</summary>
    public string Text { get; }

    public JsonNode Deployment => One("Deployment", "kollect-operator");

    public JsonNode Pod => Deployment.At("spec.template.spec");

    public JsonNode Container => Assert.Single(Pod.At("containers").AsArray())!;

    public JsonNode Webhook => Assert.Single(One("ValidatingWebhookConfiguration", "kollect-operator").At("webhooks").AsArray())!;

    /// <summary>The namespace of all of them, which is applied with the CRDs.</summary>
    public static JsonNode Namespace =>
        Assert.Single(new Rendered(File.ReadAllText(Repository.At("Shell/Host/deploy/namespace.yaml"))).All("Namespace"));

    public static async Task<Rendered> ReadAsync(string folder = "Shell/Host/deploy")
    {
        Kubectl.RequireInstalled();
        return new Rendered((await Kubectl.RunAsync(["kustomize", folder])).Required);
    }

    /// <summary>Every object by kind, namespace and name: <c>Role kollect-system/kollect-operator</c>.</summary>
    public Dictionary<string, JsonNode> Objects => manifests.Documents.Select(document => JsonNode.Parse(document.Bytes().Span)!)
        .ToDictionary(it => $"{it.Text("kind")} {it["metadata"]!["namespace"]}/{it.Text("metadata.name")}", StringComparer.Ordinal);

    public JsonNode One(string kind, string name) => Assert.Single(All(kind), found => found.Text("metadata.name") == name);

    public IEnumerable<JsonNode> All(string kind) =>
        manifests.Documents.Filter(document => document.Kind == kind).Select(document => JsonNode.Parse(document.Bytes().Span)!);
}

/// <summary>Fields of an object by their path, e.g. <c>spec.template.spec</c>.</summary>
internal static class Fields
{
    public static JsonNode At(this JsonNode root, string path) =>
        path.Split('.').Aggregate(root, (node, name) => node[name] ?? throw new InvalidOperationException($"no {path}: {name} is missing in {node}"));

    public static string Text(this JsonNode root, string path) => root.At(path).ToString();

    public static string[] Texts(this JsonNode root, string path) => [.. root.At(path).AsArray().Select(item => item!.ToString())];

    public static int Number(this JsonNode root, string path) => root.At(path).GetValue<int>();

    /// <summary><c>a=1,b=2</c></summary>
    public static string Labels(this JsonNode root, string path) =>
        string.Join(',', root.At(path).AsObject().Select(label => $"{label.Key}={label.Value}").Order(StringComparer.Ordinal));
}
