using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using Kollect.Core.Manifests;
using static Kollect.Core.Tests.Manifests.InventoryManifests;
using static Kollect.Core.Tests.Manifests.SinkManifests;

namespace Kollect.Core.Tests.Manifests;

public sealed class ManifestValidationTests
{
    private static readonly JsonSerializerOptions Readable = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static TheoryData<string> Ids => new(InventoryExamples.ById.Keys);

    public static TheoryData<string, string> PlainManifests => new()
    {
        { "KollectInventory", InventorySpec },
        { "KollectClusterInventory", ClusterInventorySpec },
        { "KollectProfile", ProfileSpec },
        { "KollectTarget", TargetSpec },
        { "KollectClusterTarget", TargetSpec },
    };

    [Theory]
    [MemberData(nameof(Ids))]
    public void Every_rule_has_an_example(string id)
    {
        var manifest = InventoryExamples.ById[id];
        var result = Validate(manifest);
        Assert.Contains(result.Problems.Concat(result.Warnings), problem => problem.Id == id);
        var metadata = id.StartsWith("KDB4", StringComparison.Ordinal) ? $"{manifest["metadata"]!.ToJsonString(Readable)}\n" : "";
        Golden.Verify($"{manifest["kind"]}\n{metadata}{manifest["spec"]!.ToJsonString(Readable)}\n\n{Describe(result)}", $"validation/{id}.txt");
    }

    [Theory]
    [MemberData(nameof(PlainManifests))]
    public void A_plain_manifest_of_each_kind_has_neither_problems_nor_warnings(string kind, string spec)
    {
        Assert.Equal("", Describe(Validate(Manifest(kind, With(spec)))));
        Assert.True(Parse(Manifest(kind, With(spec))).IsRight);
    }

    [Fact]
    public void A_problem_of_the_schema_is_reported_once() =>
        Assert.Equal(
            ["KDB002 spec.targetGVK.kind: is required but missing"],
            Validate(Manifest("KollectProfile", With("""{ "targetGVK": { "version": "v1" } }"""))).Problems.Map(problem => problem.ToString()).ToArray());

    [Property(MaxTest = 1_000)]
    public Property Validation_of_any_manifest_is_deterministic_and_agrees_with_the_parser()
    {
        var text = Gen.OneOf(
            ArbMap.Default.GeneratorFor<string>().Select(value => value ?? ""),
            Gen.Elements(
                "", " ", "\0", "a", "a-b", "a.b", "$.a", "$", "cel:", "0s", "1h", "Resource", "Secret", "v1", "In", "Exists", "a/b", new string('x', 2000)));
        var json = Gen.OneOf(
            text.Select(value => JsonValue.Create(value).ToJsonString()),
            Gen.Elements(
                "null", "7", "true", "[]", "{}", "[[]]", "[null]",
                """["a","a"]""", """[{"name":"a"}]""", """{"name":7,"namespace":[]}""", """{"matchLabels":{"a":"b"}}"""),
            text.Select(value => $"[{JsonValue.Create(value).ToJsonString()}]"),
            text.Select(value => new JsonArray(new JsonObject
            {
                ["name"] = value,
                ["path"] = value,
                ["key"] = value,
                ["operator"] = value,
                ["namespace"] = value,
            }).ToJsonString()),
            text.Select(value => new JsonObject { ["matchLabels"] = new JsonObject { [value] = value } }.ToJsonString()));
        string[] fields =
        [
            "databaseSinkRefs", "exportMinInterval", "suspend", "snapshotSinkRefs", "httpEndpoint", "sinkNamespace", "targetRefs", "targetSelector",
            "namespaceSelector", "namespaces", "dedupe", "targetGVK", "targetGVK/kind", "targetGVK/group", "attributes", "export", "export/mode", "export/as",
            "export/prune", "profileRef", "profileNamespace", "labelSelector", "labelSelector/matchExpressions", "names", "watchMode",
        ];
        var cases =
            from manifest in Gen.Elements(PlainManifests.Select(row => row.Data).ToArray())
            from changes in (from field in Gen.Elements(fields) from value in json select (field, (string?)value)).ListOf()
            select (Kind: manifest.Item1, Spec: manifest.Item2, Changes: changes);
        return Prop.ForAll(Arb.From(cases), given =>
        {
            var manifest = Manifest(given.Kind, Changed(given.Spec, given.Changes));
            var result = Validate(manifest);
            Assert.Equal(Describe(result), Describe(Validate(manifest)));
            Assert.Equal(result.IsValid, Parse(manifest).IsRight);
        });
    }

    /// <summary>Omits a change below a value that another change has replaced by something else than an object.</summary>
    private static JsonObject Changed(string spec, IEnumerable<(string Path, string? Json)> changes)
    {
        var root = With(spec);
        foreach (var change in changes)
        {
            var parent = change.Path.Split('/')[0];
            if (!change.Path.Contains('/') || root[parent] is null or JsonObject)
                root = With(root.ToJsonString(), change);
        }

        return root;
    }

    private static string Describe(ValidationResult result) =>
        string.Concat(result.Problems.Map(problem => $"problem {problem}\n")) + string.Concat(result.Warnings.Map(warning => $"warning {warning}\n"));
}
