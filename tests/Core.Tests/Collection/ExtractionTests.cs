using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using Kollect.Core.Backends.Postgres;
using Kollect.Core.Collection;
using Kollect.Core.Snapshots;
using Kollect.Core.Tests.Backends.MongoDb;
using static Kollect.Core.Tests.Manifests.InventoryManifests;

namespace Kollect.Core.Tests.Collection;

public sealed class ExtractionTests
{
    private const string Deployment = """
        {
          "metadata": {
            "name": "web", "namespace": "shop", "uid": "7e1c", "labels": { "app": "web", "example.com/team": "shop" },
            "annotations": { "port": "8080", "note": "a\u0000b" }, "managedFields": [ { "manager": "kubectl" } ]
          },
          "spec": {
            "replicas": 3, "big": 9007199254740993, "ratio": 0.30000000000000004, "nothing": null,
            "template": { "spec": { "containers": [
              { "name": "web", "image": "web:1", "env": [ { "name": "A", "value": "1" } ] },
              { "name": "proxy", "image": "proxy:2" }
            ] } }
          },
          "status": { "conditions": [ { "type": "Available", "status": "True" } ] }
        }
        """;

    private const string Attributes = """
        { "name": "any", "path": "$.spec.replicas" }, { "name": "anyList", "path": "$..image" }, { "name": "anyObject", "path": "$.metadata.labels" },
        { "name": "team", "path": "$.metadata.labels['example.com/team']", "type": "string" },
        { "name": "replicasAsText", "path": "$.spec.replicas", "type": "string" },
        { "name": "big", "path": "$.spec.big", "type": "int" }, { "name": "port", "path": "$.metadata.annotations.port", "type": "int" },
        { "name": "ratio", "path": "$.spec.ratio", "type": "number" }, { "name": "portNumber", "path": "$.metadata.annotations.port", "type": "number" },
        { "name": "available", "path": "$.status.conditions[?(@.type==\"Available\")].status", "type": "bool" },
        { "name": "images", "path": "$.spec.template.spec.containers[*].image", "type": "list" },
        { "name": "containers", "path": "$.spec.template.spec.containers", "type": "list" },
        { "name": "oneInAList", "path": "$.spec.replicas", "type": "list" }, { "name": "noneInAList", "path": "$.spec.volumes[*].name", "type": "list" },
        { "name": "labels", "path": "$.metadata.labels", "type": "object" }, { "name": "note", "path": "$.metadata.annotations.note" },
        { "name": "kind", "path": "$.kind" },
        { "name": "optional", "path": "$.spec.absent", "optional": true }, { "name": "null", "path": "$.spec.nothing", "optional": true }
        """;

    private const string WrongAttributes = """
        { "name": "missing", "path": "$.spec.absent" }, { "name": "null", "path": "$.spec.nothing" },
        { "name": "missingList", "path": "$.spec.volumes", "type": "list" },
        { "name": "two", "path": "$.spec.template.spec.containers[*].image", "type": "string" },
        { "name": "objectAsText", "path": "$.spec", "type": "string" },
        { "name": "listAsText", "path": "$.status.conditions", "type": "string", "optional": true },
        { "name": "textAsInt", "path": "$.metadata.name", "type": "int" }, { "name": "ratioAsInt", "path": "$.spec.ratio", "type": "int" },
        { "name": "textAsNumber", "path": "$.metadata.name", "type": "number" }, { "name": "numberAsBool", "path": "$.spec.replicas", "type": "bool" },
        { "name": "textAsObject", "path": "$.metadata.name", "type": "object" },
        { "name": "managedFields", "path": "$.metadata.managedFields" }, { "name": "fine", "path": "$.spec.replicas" }
        """;

    private const string PrunedResource = """
        { "attributes": [ { "name": "name", "path": "$.metadata.name" } ],
          "export": { "mode": "Resource", "as": "object",
                      "prune": [ "$.status", "$..env", "$.metadata['labels','annotations']", "$.spec.template.spec.containers[0]", "$.absent" ] } }
        """;

    private const string PrunedByObject = """
        { "export": { "mode": "Resource", "as": "object", "dedupeIdentity": true, "prune": {
            "jsonPointers": [ "/metadata/labels/example.com~1team", "/spec/template/spec/containers/1", "/status" ],
            "jsonPaths": [ "$.spec.template.spec.containers[*].name" ], "scrubKeys": [ "Ratio" ] } } }
        """;

    private static readonly JsonSerializerOptions Readable = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private static readonly Target Target = Parsed<Target>("KollectTarget", JsonNode.Parse("""{ "profileRef": "deployments" }""")!);

    [Theory]
    [InlineData("attributes", $$"""{ "attributes": [ {{Attributes}} ] }""")]
    [InlineData("problems", $$"""{ "attributes": [ {{WrongAttributes}} ] }""")]
    [InlineData("resource", """{ "export": { "mode": "Resource" } }""")]
    [InlineData("pruned", PrunedResource)]
    [InlineData("pruned-by-object", PrunedByObject)]
    [InlineData("included", """{ "export": { "mode": "Resource", "include": "StatusOnly" } }""")]
    public void An_object_becomes_an_item(string golden, string profile)
    {
        var collected = Assert.IsType<Extracted.Collected>(Extraction.Item(Deployments(profile), Target, Encoding.UTF8.GetBytes(Deployment)));
        var item = JsonNode.Parse(collected.Item.Json.Span)!.ToJsonString(Readable);
        Golden.Verify($"{item}\n{string.Concat(collected.Problems.Map(problem => $"problem {problem}\n"))}", $"collection/{golden}.txt");
    }

    [Fact]
    public void An_item_without_attributes_identifies_its_object_and_target()
    {
        var profile = Deployments($$"""{ "attributes": [ {{WrongAttributes}} ] }""");
        var collected = Assert.IsType<Extracted.Collected>(Extraction.Item(profile, Target, """{"metadata":{"uid":"u"}}"""u8.ToArray()));
        Assert.Equal(("all", "u", 12), (collected.Item.TargetName, collected.Item.Uid, collected.Problems.Count));
        Assert.Equal(
            """{"targetNamespace":"platform","targetName":"all","namespace":"","name":"","group":"apps","version":"v1","kind":"Deployment","""
            + "\"uid\":\"u\",\"attributes\":{}}",
            Encoding.UTF8.GetString(collected.Item.Json.Span));
    }

    [Theory]
    [InlineData("password", true)]
    [InlineData("dbPassword", true)]
    [InlineData("API_KEY", true)]
    [InlineData("tls", true)]
    [InlineData("valueFrom", true)]
    [InlineData("passwordPolicy", false)]
    [InlineData("image", false)]
    public void The_object_form_of_prune_replaces_values_of_sensitive_fields(string field, bool isReplaced)
    {
        var profile = Deployments("""{ "export": { "mode": "Resource", "prune": {} } }""");
        var item = Json(profile, $$$"""
            { "metadata": { "uid": "u" }, "spec": { "values": [ { "{{{field}}}": { "key": "hunter2", "secretKeyRef": {} } } ] } }
            """);
        Assert.Equal(isReplaced, !item.Contains("hunter2", StringComparison.Ordinal));
        Assert.Equal(isReplaced, item.Contains($"{{\"{field}\":{{\"redacted\":true,\"reason\":\"sensitive-key\"}}}}", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("7")]
    [InlineData("{}\\")]
    [InlineData("{\"a\":\"\\")]
    [InlineData("{}")]
    [InlineData("""{"metadata":[]}""")]
    [InlineData("""{"metadata":{"uid":""}}""")]
    [InlineData("""{"metadata":{"uid":7}}""")]
    public void An_object_without_an_identity_is_rejected(string json) =>
        Assert.IsType<Extracted.Rejected>(Extraction.Item(Deployments("{}"), Target, Encoding.UTF8.GetBytes(json)));

    [Fact]
    public void An_object_that_is_nested_too_deeply_is_rejected() =>
        Assert.Equal(
            new Extracted.Rejected("is not JSON, or is nested deeper than 500 levels"),
            Extraction.Item(Deployments("{}"), Target, Encoding.UTF8.GetBytes($$"""{ "a": {{new string('[', 1_000)}}{{new string(']', 1_000)}} }""")));

    [Fact]
    public void A_list_and_a_watch_give_the_same_bytes()
    {
        var profile = Deployments("""{ "export": { "mode": "Resource" } }""");
        var ofWatch = JsonNode.Parse(Deployment)!.AsObject();
        ofWatch["kind"] = "Deployment";
        ofWatch["apiVersion"] = "apps/v1";
        var watched = ofWatch.ToJsonString(new JsonSerializerOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        Assert.Equal(Json(profile, Deployment), Json(profile, watched));
    }

    [Fact]
    public void Lone_surrogates_and_bytes_that_are_not_UTF8_are_replaced()
    {
        byte[] json = [.. "{\"metadata\":{\"uid\":\"a\\ud800\",\"name\":\""u8, 0xFF, .. "\"},\"\\udc00\":[\"\\ud800\"]}"u8];
        var profile = Deployments("""{ "attributes": [ { "name": "all", "path": "$..*" } ], "export": { "mode": "Resource", "prune": [ "$..x" ] } }""");
        Assert.Equal("a\uFFFD", Assert.IsType<Extracted.Collected>(Extraction.Item(profile, Target, json)).Item.Uid);
    }

    [Fact]
    public void A_prune_beyond_the_limit_of_values_omits_the_object()
    {
        var profile = Deployments("""{ "export": { "mode": "Resource", "prune": [ "$..*..*" ] } }""");
        var wide = $$"""{"metadata":{"uid":"u"},"a":[{{string.Join(',', Enumerable.Repeat("[[[1],[2]],[[3]]]", 20_000))}}]}""";
        var collected = Assert.IsType<Extracted.Collected>(Extraction.Item(profile, Target, Encoding.UTF8.GetBytes(wide)));
        Assert.StartsWith(
            "resource: with path \"$..*..*\" more than 250,000 values are visited in this object",
            collected.Problems.Single().ToString(),
            StringComparison.Ordinal);
        Assert.DoesNotContain("resource", Encoding.UTF8.GetString(collected.Item.Json.Span), StringComparison.Ordinal);
    }

    [Property]
    public Property The_content_of_a_Secret_is_never_collected()
    {
        var values = Gen.Elements("abcdefghij".ToCharArray()).ArrayOf(12).Select(letters => new string(letters)).ToArbitrary();
        return Prop.ForAll(values, values, values, (one, other, text) =>
        {
            var secret = $$$"""
                { "apiVersion": "v1", "kind": "Secret", "type": "Opaque",
                  "data": { "{{{one}}}": "{{{other}}}" }, "stringData": { "a": "{{{text}}}" }, "d\u0061ta": { "b": "{{{other}}}" },
                  "metadata": { "name": "s", "uid": "u", "annotations": {
                    "kept": "yes", "kubectl.kubernetes.io/last-applied-configuration": "{\"data\":{\"x\":\"{{{one}}}\"}}" } } }
                """;
            var profile = Parsed<Profile>("KollectProfile", JsonNode.Parse("""
                { "targetGVK": { "version": "v1", "kind": "Secret" }, "export": { "mode": "Resource" },
                  "attributes": [ { "name": "all", "path": "$..*" }, { "name": "root", "path": "$" },
                                  { "name": "union", "path": "$['data','stringData']" }, { "name": "filter", "path": "$[?(@.a)]" } ] }
                """)!);
            var item = Json(profile, secret);
            Assert.All(new[] { one, other, text }, value => Assert.DoesNotContain(value, item, StringComparison.Ordinal));
            Assert.Contains("\"kept\":\"yes\"", item, StringComparison.Ordinal);
            Assert.Contains("Opaque", item, StringComparison.Ordinal);
        });
    }

    [Property(MaxTest = 500, Arbitrary = [typeof(SomeJson)])]
    public void Any_object_is_kept_digit_by_digit_and_no_path_throws(SomeJson spec)
    {
        var profile = Deployments("""
            { "export": { "mode": "Resource", "prune": [ "$.absent", "$..absent[?(@>1)]" ] },
              "attributes": [ { "name": "filters", "path": "$..[?(@>1)]" }, { "name": "equal", "path": "$..[?(@==$.spec)]" },
                              { "name": "unequal", "path": "$..[?(@!=0.5)]" }, { "name": "int", "path": "$.spec.a", "type": "int", "optional": true },
                              { "name": "text", "path": "$.spec.a", "type": "string", "optional": true } ] }
            """);
        var item = JsonDocument.Parse(Json(profile, $$"""{ "metadata": { "uid": "u" }, "spec": {{spec.Text}} }""")).RootElement;
        var kept = item.GetProperty("attributes").GetProperty("resource").GetProperty("spec");
        Assert.Equal(PlainJson(spec.Text), PlainJson(kept.GetRawText()));
    }

    [Property(MaxTest = 3_000)]
    public Property Extraction_never_throws_for_damaged_bytes()
    {
        var profile = Deployments($$"""{ "attributes": [ {{Attributes}} ], "export": { "mode": "Resource", "prune": [ "$..env" ] } }""");
        var damage = from position in Gen.Choose(0, Deployment.Length - 1) from with in Gen.Choose(0, 255) select (position, with);
        return Prop.ForAll(Arb.From(damage.ListOf()), damages =>
        {
            var json = Encoding.UTF8.GetBytes(Deployment);
            foreach (var (position, with) in damages)
                json[position] = (byte)with;
            Assert.NotNull(Extraction.Item(profile, Target, json));
        });
    }

    [Fact]
    public void Every_object_of_a_real_cluster_is_kept_whole_and_becomes_a_row()
    {
        var rules = new ItemRules(new Scope("platform", "all", ""), Limits.Instance, None, IncludeSecrets: true);
        var count = 0;
        foreach (var line in File.ReadLines(SharedData.Require("items.ndjson")))
        {
            var given = JsonNode.Parse(line)!["attributes"]!["resource"]!.AsObject();
            given["metadata"]!["uid"] = $"uid-{count++}";
            var parts = ((string)given["apiVersion"]!).Split('/');
            var gvk = new JsonObject { ["group"] = parts.Length > 1 ? parts[0] : "", ["version"] = parts[^1], ["kind"] = (string)given["kind"]! };
            var attributes = new JsonArray(
                new JsonObject { ["name"] = "name", ["path"] = "$.metadata.name", ["type"] = "string" },
                new JsonObject { ["name"] = "everything", ["path"] = "$..*" });
            var spec = new JsonObject { ["targetGVK"] = gvk, ["attributes"] = attributes, ["export"] = new JsonObject { ["mode"] = "Resource" } };
            var profile = Parsed<Profile>("KollectProfile", spec);
            var collected = Assert.IsType<Extracted.Collected>(Extraction.Item(profile, Target, Encoding.UTF8.GetBytes(given.ToJsonString())));
            Assert.Empty(collected.Problems);
            Assert.IsType<RowOrRejection.Accepted>(ItemReader.Read(collected.Item.Json, rules, count));
            var item = JsonNode.Parse(collected.Item.Json.Span)!;
            if ((string)given["kind"]! != "Secret")
                Assert.True(JsonNode.DeepEquals(given, item["attributes"]!["resource"]), line);
            Assert.Equal((string)given["metadata"]!["name"]!, (string)item["attributes"]!["name"]!);
        }

        Assert.True(count > 100);
    }

    /// <summary>The same JSON with uniform escapes; numbers are unchanged.</summary>
    private static string PlainJson(string json) => JsonSerializer.Serialize(JsonDocument.Parse(json).RootElement);

    private static string Json(Profile profile, string json) =>
        Encoding.UTF8.GetString(Assert.IsType<Extracted.Collected>(Extraction.Item(profile, Target, Encoding.UTF8.GetBytes(json))).Item.Json.Span);

    private static Profile Deployments(string spec)
    {
        var json = JsonNode.Parse(spec)!.AsObject();
        json["targetGVK"] = new JsonObject { ["group"] = "apps", ["version"] = "v1", ["kind"] = "Deployment" };
        return Parsed<Profile>("KollectProfile", json);
    }
}
