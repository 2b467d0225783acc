using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Kollect.Core.Collection.JsonPaths;

namespace Kollect.Core.Tests.Collection;

public sealed class JsonPathTests
{
    private const string Deployment = """
        {
          "apiVersion": "apps/v1", "kind": "Deployment",
          "metadata": {
            "name": "web", "labels": { "app": "web", "example.com/team": "shop", "it's": "quoted", "a\\b": "backslash" }
          },
          "spec": {
            "replicas": 3, "ratio": 0.30000000000000004, "big": 9007199254740993, "paused": false, "nothing": null,
            "template": { "spec": { "containers": [
              { "name": "web", "image": "web:1", "ports": [ { "containerPort": 80 }, { "containerPort": 443 } ] },
              { "name": "proxy", "image": "proxy:2", "ports": [ { "containerPort": 9090 } ] },
              { "name": "log", "image": "log:3" }
            ] } }
          },
          "status": { "conditions": [ { "type": "Available", "status": "True" }, { "type": "Progressing", "status": "False", "code": 7 } ] }
        }
        """;

    private static readonly JsonElement Root = JsonDocument.Parse(Deployment).RootElement;

    private static readonly string[] Paths =
    [
        "$.spec.replicas", ".spec.replicas", "{.spec.replicas}", "{ $.spec.replicas }", "  $.spec.replicas ", "@.spec.replicas",
        "$['spec']['replicas']", "$.spec[\"replicas\"]", "$.['spec'].replicas", "$.spec.big", "$.spec.ratio", "$.spec.paused", "$.spec.nothing",
        "$.spec.absent.deeper",
        "$.metadata.labels['example.com/team']", @"$.metadata.labels.example\.com/team", @"$.metadata.labels['it\'s']",
        "$.metadata.labels[\"it's\"]", @"$.metadata.labels['a\\b']",
        "$.metadata.labels.*", "$.metadata.labels['app','example.com/team','absent']", "$.metadata['name','labels']['app']",
        "$.spec.template.spec.containers[0].name", "$.spec.template.spec.containers[-1].name",
        "$.spec.template.spec.containers[3].name", "$.spec.template.spec.containers[-4].name",
        "$.spec.template.spec.containers[*].image", "$.spec.template.spec.containers[*].ports[*].containerPort", "$.spec.template.spec.containers.name",
        "$.spec.template.spec.containers[0:2].name", "$.spec.template.spec.containers[1:].name", "$.spec.template.spec.containers[:-1].name",
        "$.spec.template.spec.containers[::2].name", "$.spec.template.spec.containers[-2:].name", "$.spec.template.spec.containers[5:9].name",
        "$.spec.template.spec.containers[0,-1].name", "$.spec.template.spec.containers[-1,0].name",
        "$..containerPort", "$..name", "$.metadata..*", "$.status..[0]", "$..['type','code']",
        "$.status.conditions[?(@.type==\"Available\")].status", "$.status.conditions[?(@.type=='Available')].status",
        "$.status.conditions[?( @.type != \"Available\" )].type",
        "$.status.conditions[?(@.code)].type", "$.status.conditions[?(@.code==7.0)].type", "$.status.conditions[?(@.code>6)].type",
        "$.status.conditions[?(@.code>=7)].type",
        "$.status.conditions[?(@.code<7)].type", "$.status.conditions[?(7<=@.code)].type", "$.status.conditions[?(@.code>\"6\")].type",
        "$.status.conditions[?(@.code!=\"7\")].type",
        "$.status.conditions[?(@.type>\"B\")].type", "$.spec.template.spec.containers[?(@.ports[*].containerPort==443)].name",
        "$.spec.template.spec.containers[?(@.ports[?(@.containerPort>1000)])].name",
        "$.spec.template.spec.containers[?(@.name==$.metadata.name)].image", "$.spec[?(@==false)]", "$.spec[?(@==null)]", "$.metadata.labels[?(@==\"web\")]",
        "$..[?(@.image==\"log:3\")].name", "{.}", "$.kind.x", "$.kind[0]", "$.kind.*",
    ];

    private static readonly string[] Invalid =
    [
        "", "  ", "spec.replicas", "cel: object.spec.replicas", "CEL:size(x)", "object.spec", "$spec", "$.", "$..",
        "$.spec.", "$.spec..", "$.a b", "$.a/b'c", "{.a", ".a}", "{.a}{.b}", "{.a} and {.b}",
        "$.spec[", "$.spec[0", "$.spec[0 1]", "$.spec[]", "$.spec[abc]", "$.spec['a", "$.spec['a'",
        "$.spec[\"a']", "$.spec[1.5]", "$.spec[99999999999]", "$.spec[-]", "$.spec[0:4:0]", "$.spec[0:4:-1]",
        "$.spec[(@.length-1)]", "$.spec[?@.a==1]", "$.spec[?(@.a=1)]", "$.spec[?(@.a=~\"x\")]",
        "$.spec[?(@.a==1 && @.b==2)]", "$.spec[?(@.a==)]", "$.spec[?(@.a==Ready)]", "$.spec[?(Ready==@.a)]",
        "$.spec[?(@.a==\"Ready)]", "$.spec[?(@.a==1]", "$.spec[?(@.a==1)", "$.spec[?()]", "$.spec[?(\"a\")]", "$.spec[?(@.a",
        "$.spec[?(@.a ==", "$.spec[?(!@.a)]", "$.a\\", "$.a,b", "$.a(b)", "*", "$*", "$.\0", "$.\uD800",
        "$" + string.Concat(Enumerable.Repeat("[?(@.a", 9)), "$." + new string('a', 60) + "]" + new string('b', 60), "$." + new string('a', JsonPath.MaxLength),
    ];

    [Fact]
    public void Paths_find_what_Kubernetes_finds() =>
        Golden.Verify(string.Concat(Paths.Select(path => $"{path}\n{string.Concat(Found(path).Select(value => $"    {value}\n"))}")), "jsonpath/found.txt");

    [Fact]
    public void An_error_has_a_position_and_a_remedy() =>
        Golden.Verify(
            string.Concat(Invalid.Select(text => $"{JsonSerializer.Serialize(text.Length > 200 ? text[..10] + "…" : text)}\n    {ErrorOf(text)}\n")),
            "jsonpath/errors.txt");

    [Fact]
    public void Every_invalid_text_is_refused() => Assert.All(Invalid, text => Assert.True(JsonPath.Compile(text).IsLeft, text));

    [Theory]
    [InlineData("$.a['b.c'][0][-1]", true)]
    [InlineData("$", true)]
    [InlineData("$.a[*]", false)]
    [InlineData("$.a[0:1]", false)]
    [InlineData("$.a[0,1]", false)]
    [InlineData("$..a", false)]
    [InlineData("$.a[?(@.b)]", false)]
    public void A_path_of_names_and_indices_finds_one_value_at_most(string path, bool expected) => Assert.Equal(expected, Compiled(path).IsDefinite);

    [Fact]
    public void Two_ways_to_write_a_path_give_equal_paths()
    {
        Assert.Equal(Compiled("$.a.b[0]"), Compiled("{['a'].b[0]}"));
        Assert.NotEqual(Compiled("$.a.b[0]"), Compiled("$.a.b[1]"));
    }

    // JsonElement.DeepEquals throws for such a number.
    [Fact]
    public void A_number_with_a_huge_exponent_is_compared()
    {
        var document = JsonDocument.Parse("""{ "list": [ 0e99999999999, 1e99999999999, 1e400, 0, 1, "1e400" ] }""").RootElement;
        Assert.Equal(["0e99999999999", "0"], RawTexts("$.list[?(@==0)]", document));
        Assert.Equal(["1e99999999999", "1e400"], RawTexts("$.list[?(@>1)]", document));
    }

    [Fact]
    public void An_evaluation_beyond_the_limit_of_values_has_no_result()
    {
        var wide = JsonDocument.Parse($"[{string.Join(',', Enumerable.Repeat($"[{string.Join(',', Enumerable.Repeat("[0,1,2]", 100))}]", 100))}]").RootElement;
        Assert.StartsWith("more than 250,000 values are visited", Compiled("$..*..*").Evaluate(wide).Match(_ => "", why => why), StringComparison.Ordinal);
        Assert.StartsWith(
            "more than 250,000 values are visited", Compiled("$[*][*][?($..*==7)]").Evaluate(wide).Match(_ => "", why => why), StringComparison.Ordinal);
        Assert.Equal(30_000, Compiled("$[*][*][*]").Evaluate(wide).Match(values => values.Count, _ => 0));
    }

    [Fact]
    public void A_deeply_nested_document_is_evaluated_without_recursion()
    {
        var deep = JsonDocument.Parse(new string('[', 20_000) + new string(']', 20_000), new JsonDocumentOptions { MaxDepth = 20_000 }).RootElement;
        Assert.Equal(20_000, Compiled("$..[?(@)]").Evaluate(deep).Match(values => values.Count + 1, _ => 0));
    }

    [Property(MaxTest = 5_000)]
    public Property The_compiler_never_throws_and_an_error_is_within_the_text() =>
        Prop.ForAll(Arb.From(SomePath()), text => JsonPath.Compile(text).Match(
            path => path.Evaluate(Root).Match(values => values.Iter(value => Assert.NotEqual(JsonValueKind.Undefined, value.ValueKind)), Assert.NotEmpty),
            error =>
            {
                Assert.InRange(error.Position, 0, text.Length);
                Assert.DoesNotContain(error.ToString(), char.IsControl);
            }));

    [Property]
    public Property Any_name_in_quotes_finds_the_field_of_that_name() =>
        Prop.ForAll(Arb.From(ArbMap.Default.GeneratorFor<string>().Where(name => name is not null && !name.Any(char.IsSurrogate))), name =>
        {
            var document = JsonSerializer.SerializeToElement(new Dictionary<string, int> { [name] = 1, [name + "x"] = 2 });
            var path = $"$['{name.Replace(@"\", @"\\", StringComparison.Ordinal).Replace("'", @"\'", StringComparison.Ordinal)}']";
            Assert.Equal(["1"], RawTexts(path, document));
        });

    /// <summary>Whole paths and parts of paths in any order, with arbitrary texts between them.</summary>
    private static Gen<string> SomePath()
    {
        string[] pieces =
        [
            "$", ".", "..", "[", "]", "'", "\"", "*", "?", "(", ")", "@", "==", "<", ":", ",", "-1", "0", "spec", "name", "\\", " ", "{", "}",
            "containers", "cel:", "true", "\0", "\uD800", "é", "[?(@.", "[*]",
        ];
        var piece = Gen.OneOf(Gen.Elements(pieces), Gen.Elements(Paths), ArbMap.Default.GeneratorFor<string>().Select(text => text ?? ""));
        return piece.ListOf().Select(string.Concat);
    }

    private static JsonPath Compiled(string path) => JsonPath.Compile(path).IfLeft(error => throw new Xunit.Sdk.XunitException(error.ToString()));

    private static string ErrorOf(string text) => JsonPath.Compile(text).Match(_ => "is valid", error => error.ToString());

    private static string[] RawTexts(string path, JsonElement document) =>
        Compiled(path).Evaluate(document).Match(values => values.Map(value => value.GetRawText()).ToArray(), _ => []);

    private static IEnumerable<string> Found(string path) =>
        Compiled(path).Evaluate(Root).Match(values => values.Map(value => JsonSerializer.Serialize(value)), why => [why]);
}
