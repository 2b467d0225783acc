using System.Text;
using System.Text.Json;
using Kollect.Core.Manifests;
using Kollect.Fuzz.Tests.Engine;
using Kollect.Shell.Manifests;

namespace Kollect.Fuzz.Tests.Targets;

/// <summary>Files of manifests: the reader of YAML and JSON, Secrets, and the validation of every kind.</summary>
internal sealed class ManifestTarget() : FuzzTarget("manifests")
{
    public override InputForm Form => InputForm.Manifest;

    public override IReadOnlyList<string> Tokens =>
    [
        "apiVersion", "kind", "metadata", "name", "namespace", "annotations", "labels", "spec", "data", "stringData", "items", "List",
        "SecretList", "Secret",
        "v1", "kollect.dev/v1alpha1", .. KnownKinds.All, "type", "postgres", "mongodb", "bigquery", "options", "provisioning", "naming", "template",
        "{namespace}_{name}", "tls", "caBundle", "endpoint", "exportMinInterval", "5m", "attributes", "path", "$..*..*", "$.a[?(@.b==\"c\")]",
        "[-1]", "[::2]",
        "---\n", "...\n", "<<: *a\n", "&a ", "*a", "!!binary ", "!!merge", "|2-\n", ">+\n", "? ", "%YAML 1.1\n", "\"\\ud800\"", "databaseSinkRefs",
        "targetGVK",
        "namespaceSelector", "matchExpressions", "operator", "NotIn", "statement_timeout", "kubectl.kubernetes.io/last-applied-configuration",
    ];

    // Ten lines of aliases may become an object of 3 MiB, and each reading of it takes its size a few times.
    public override long MaxAllocated(int length) => (256L << 20) + (4_000L * length);

    public override string Run(byte[] input)
    {
        var set = ManifestText.Read("a.yaml", input);
        var known = KnownDocuments.Of(set);
        var problems = Join(known.Problems, known.Warnings, set.Documents.Bind(it => it.Json.LeftToSeq()).Bind(it => it));
        Assert.All(problems, problem => Assert.True(problem.Line > 0, $"without a line: {problem}"));
        var messages = problems.Map(it => it.Message).ToList();
        var read = set.Documents.AsEnumerable().Select(it => Checked(it, messages)).ToArray();
        Assert.Equal(set.Documents.Count, known.Documents.Count + known.Foreign.Count + set.Documents.Count(it => !Contains(known, it)));
        Messages.AreVisible(messages);
        return string.Join('\n', read.Concat(messages));
    }

    private static bool Contains(KnownDocuments known, ManifestDocument document) =>
        Join(known.Documents, known.Foreign).Exists(it => ReferenceEquals(it, document));

    private static string Checked(ManifestDocument document, List<string> messages) =>
        document.Json.Match(Right: json => Checked(document, json, messages), Left: problems => string.Join('\n', problems));

    private static string Checked(ManifestDocument document, ReadOnlyMemory<byte> json, List<string> messages)
    {
        Assert.True(json.Length <= 3 << 20);
        JsonDocument.Parse(json).Dispose();
        var again = Assert.Single(ManifestText.Read("again", json.Span).Documents);
        Assert.Equal(Text(json), again.Json.Match(Right: Text, Left: problems => string.Join('\n', problems)));
        Assert.Equal(document.ToString(), again.ToString());
        var secret = SecretManifests.IsSecret(document) ? $"{SecretManifests.Read(document)}" : "";
        KnownKinds.Find(document.Kind).Iter(validate => Validated(document, validate(json.Span), messages));
        return secret + Text(json);
    }

    private static void Validated(ManifestDocument document, ValidationResult result, List<string> messages)
    {
        Assert.All(result.Problems, problem => Assert.True(document.Source.LineOf(problem.Path) > 0));
        messages.AddRange(Join(result.Problems, result.Warnings).Map(it => it.ToString()));
    }

    private static string Text(ReadOnlyMemory<byte> json) => Encoding.UTF8.GetString(json.Span);
}
