using System.Globalization;
using System.Text;
using Kollect.Shell.Manifests;

namespace Kollect.Shell.Tests.Manifests;

public class ManifestTextTests
{
    [Theory]
    [InlineData("", "null")]
    [InlineData("~", "null")]
    [InlineData("Null", "null")]
    [InlineData("true", "true")]
    [InlineData("yes", "true")]
    [InlineData("Off", "false")]
    [InlineData("\"yes\"", "\"yes\"")]
    [InlineData("'12'", "\"12\"")]
    [InlineData("!!str 12", "\"12\"")]
    [InlineData("!!int 12", "12")]
    [InlineData("12", "12")]
    [InlineData("-0", "-0")]
    [InlineData("1.10", "1.10")]
    [InlineData("1e3", "1e3")]
    [InlineData("123456789012345678901234567890", "123456789012345678901234567890")]
    [InlineData("+7", "7")]
    [InlineData("010", "8")]
    [InlineData("0o10", "8")]
    [InlineData("09", "9")]
    [InlineData("0x1F", "31")]
    [InlineData("-0b11", "-3")]
    [InlineData("1_000", "1000")]
    [InlineData(".5", "0.5")]
    [InlineData("5.", "5")]
    [InlineData("-.5e3", "-0.5e3")]
    [InlineData("0xffffffffffffffffffffffff", "\"0xffffffffffffffffffffffff\"")]
    [InlineData("2026-01-02", "\"2026-01-02\"")]
    [InlineData("2026-01-02T03:04:05Z", "\"2026-01-02T03:04:05Z\"")]
    [InlineData("30s", "\"30s\"")]
    [InlineData("1.2.3", "\"1.2.3\"")]
    [InlineData("-", "[null]")]
    [InlineData("|\n  a\n  b\n", "\"a\\nb\\n\"")]
    [InlineData(">-\n  a\n  b\n", "\"a b\"")]
    [InlineData("Grüße 🌍", "\"Grüße \\uD83C\\uDF0D\"")]
    [InlineData("\"\\uD83C\\uDF0D\\/\"", "\"\\uD83C\\uDF0D/\"")]
    public void A_scalar_resolves_as_in_kubectl(string yaml, string json) => Assert.Equal(json, Reading.Value(yaml is "-" ? "\n- " : yaml));

    [Fact]
    public void The_namespace_is_default_where_none_is_given()
    {
        var one = Reading.One("apiVersion: v1\nkind: Secret\nmetadata: {name: a}\n");
        Assert.Equal(("v1", "Secret", "default", "a"), (one.ApiVersion, one.Kind, one.Namespace, one.Name));
        Assert.Equal("shop", Reading.One("apiVersion: v1\nkind: Secret\nmetadata: {name: a, namespace: shop}\n").Namespace);
    }

    [Fact]
    public void Documents_are_read_in_order_and_empty_ones_skipped()
    {
        var set = Reading.Text($"# only a comment\n---\n{Reading.Head}---\n---\n# nothing\n--- # another\n{Reading.Head}...\n---\n{Reading.Head}");
        Assert.Empty(set.Problems);
        Assert.Equal([3, 10, 15], set.Documents.Map(document => document.Source.Line).ToArray());
    }

    [Fact]
    public void A_broken_document_leaves_the_others_readable()
    {
        var set = Reading.Text($"{Reading.Head}---\na: [\n---\n{Reading.Head}");
        Assert.Equal([1, 7], set.Documents.Map(document => document.Source.Line).ToArray());
        Assert.Single(set.Problems);
    }

    [Fact]
    public void Json_is_read_with_its_digits_and_tabs()
    {
        const string Json = "{\n\t\"apiVersion\": \"v1\",\n\t\"kind\":\"ConfigMap\",\n\t\"metadata\": {\"name\": \"a\"},\n"
            + "\t\"x\": [1.50, \"\\ud83d\\ude00\\/\\u00e9\", null, true, {}]\n}\n";
        Assert.Equal(
            "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"a\"},\"x\":[1.50,\"\\uD83D\\uDE00/é\",null,true,{}]}",
            Reading.One(Json).Json());
    }

    [Fact]
    public void A_byte_order_mark_and_windows_line_ends_change_nothing()
    {
        var text = $"{Reading.Head}---\n{Reading.Head}".Replace("\n", "\r\n");
        var set = ManifestText.Read("a.yaml", [.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(text)]);
        Assert.Empty(set.Problems);
        Assert.Equal([1, 5], set.Documents.Map(document => document.Source.Line).ToArray());
    }

    [Fact]
    public void A_list_is_replaced_by_its_items()
    {
        var set = Reading.Text(
            """
            apiVersion: v1
            kind: List
            items:
            - {apiVersion: v1, kind: A, metadata: {name: a}}
            - apiVersion: v1
              kind: SecretList
              items:
              - {apiVersion: v1, kind: B, metadata: {name: b}}
            """);
        Assert.Empty(set.Problems);
        Assert.Equal(["A default/a", "B default/b"], set.Documents.Map(document => document.ToString()).ToArray());
        Assert.Equal([4, 8], set.Documents.Map(document => document.Source.Line).ToArray());
    }

    [Fact]
    public void Aliases_are_written_out_and_merge_keys_applied() =>
        Assert.Equal(
            "{\"a\":{\"p\":1,\"q\":2},\"b\":{\"q\":3,\"p\":1},\"c\":{\"p\":9,\"q\":2},\"d\":[1,1]}",
            Reading.Value("\n  a: &a {p: 1, q: 2}\n  b: {<<: *a, q: 3}\n  c:\n    <<: [{p: 9}, *a]\n  d: [&n 1, *n]\n"));

    [Fact]
    public void Aliases_that_multiply_are_stopped_at_3_MiB()
    {
        var bomb = new StringBuilder(Reading.Head + "x0: &x0 [lol, lol, lol, lol, lol, lol, lol, lol, lol, lol]\n");
        for (var level = 1; level < 30; level++)
            bomb.Append(CultureInfo.InvariantCulture, $"x{level}: &x{level} [{string.Join(", ", Enumerable.Repeat($"*x{level - 1}", 10))}]\n");
        Assert.Contains("3 MiB", Reading.Problem(bomb.ToString()));
    }

    [Fact]
    public void Empty_collections_that_multiply_are_stopped_too()
    {
        var bomb = new StringBuilder("apiVersion: v1\nkind: List\nx0: &x0 {kind: List, items: []}\n");
        for (var level = 1; level < 30; level++)
            bomb.Append(
                CultureInfo.InvariantCulture,
                $"x{level}: &x{level} {{kind: List, items: [{string.Join(", ", Enumerable.Repeat($"*x{level - 1}", 10))}]}}\n");
        Assert.Contains("100000 objects", Reading.Problem(bomb + "items: [*x29]\n"));
    }

    [Fact]
    public void Merge_keys_that_multiply_are_stopped()
    {
        var bomb = new StringBuilder(Reading.Head + "x0: &x0 {a: 1, b: 2, c: 3, d: 4, e: 5, f: 6}\n");
        for (var level = 1; level < 30; level++)
            bomb.Append(
                CultureInfo.InvariantCulture,
                $"x{level}: &x{level} {{k{level}: 1, <<: [{string.Join(", ", Enumerable.Repeat($"*x{level - 1}", 3000))}]}}\n");
        Assert.Contains("<< repeats more than 100000 keys", Reading.Problem(bomb.ToString()));
    }

    [Fact]
    public void Depth_that_only_aliases_reach_is_limited_too()
    {
        var chain = new StringBuilder(Reading.Head + "x0: &x0 []\n");
        for (var level = 1; level < 1500; level++)
            chain.Append(CultureInfo.InvariantCulture, $"x{level}: &x{level} [*x{level - 1}]\n");
        Assert.Contains("64 levels", Reading.Problem(chain.ToString()));
    }

    [Fact]
    public void Depth_is_limited_so_that_a_plain_JSON_reader_can_read_the_result()
    {
        Assert.Equal(new string('[', 63) + new string(']', 63), Reading.Value(new string('[', 63) + new string(']', 63)));
        Assert.Contains("64 levels", Reading.Problem(Reading.Head + "x: " + new string('[', 64) + new string(']', 64)));
        Assert.Contains("64 levels", Reading.Problem(Reading.Head + "x: " + new string('[', 500_000)));
        Assert.Contains("64 levels", Reading.Problem(Reading.Head + "x: " + new string('{', 60_000)));
    }

    [Fact]
    public void A_document_of_more_than_3_MiB_is_refused_and_the_next_one_read()
    {
        var set = Reading.Text($"{Reading.Head}x: {new string('a', 3 * 1024 * 1024)}\n---\n{Reading.Head}");
        Assert.Equal(1, Assert.Single(set.Documents[0].Json.LeftAsEnumerable().Single()).Line);
        Assert.Equal(6, set.Documents[1].Source.Line);
    }

    [Theory]
    [InlineData("\"\\ud800\"")]
    [InlineData("\"\\udc00 \\ud800\"")]
    [InlineData("{\"\\ud800\": 1}")]
    public void Half_a_surrogate_pair_is_refused_or_replaced_but_never_throws(string yaml)
    {
        var set = Reading.Text(Reading.Head + "x: " + yaml);
        Assert.Equal(1, set.Documents.Count + set.Problems.Count);
        set.Documents.Iter(document => Assert.True(document.Json.IsLeft || document.Json().Contains("uFFFD", StringComparison.OrdinalIgnoreCase)));
    }

    // Found by Hostile_text_never_throws: InvalidOperationException in ScanPlainScalar.
    [Fact]
    public void An_unexpected_exception_of_YamlDotNet_becomes_a_problem() =>
        Assert.Equal("a.yaml:1:1: not valid YAML: a structure that cannot be understood", Reading.Problem("- {\na"));
}
