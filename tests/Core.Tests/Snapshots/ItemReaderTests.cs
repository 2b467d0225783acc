using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Kollect.Core.Backends.Postgres;
using Kollect.Core.Snapshots;

namespace Kollect.Core.Tests.Snapshots;

public sealed class ItemReaderTests
{
    private static readonly ItemRules Rules = new(new Scope("platform", "all", ""), Limits.Instance, None, IncludeSecrets: false);

    [Theory]
    [InlineData("a\\u0000b", "a\\ufffdb", 1)] // NUL
    [InlineData("a\\\\u0000b", "a\\\\u0000b", 0)] // an escaped backslash and the text u0000
    [InlineData("\\ud83e\\udd8a", "\\ud83e\\udd8a", 0)] // a fox: a complete pair
    [InlineData("\\ud83e", "\\ufffd", 1)] // a high surrogate alone
    [InlineData("\\udd8a", "\\ufffd", 1)] // a low surrogate alone
    [InlineData("\\ud83e\\u0041", "\\ufffd\\u0041", 1)] // a high surrogate, then a letter
    [InlineData("\\ud83e\\ud83e\\udd8a", "\\ufffd\\ud83e\\udd8a", 1)] // a high surrogate, then a complete pair
    [InlineData("\\u00e9\\n\\\"", "\\u00e9\\n\\\"", 0)] // ordinary escapes
    public void A_character_that_no_backend_can_store_is_replaced(string text, string stored, int replaced)
    {
        var row = Accepted($$"""{"targetName":"t","uid":"u","{{text}}":"{{text}}"}""");
        Assert.Equal($$"""{"targetName":"t","uid":"u","{{stored}}":"{{stored}}"}""", Encoding.UTF8.GetString(row.Payload.Span));
        Assert.Equal(2 * replaced, row.Sanitized);
    }

    [Fact]
    public void Bytes_that_are_not_UTF8_become_replacement_characters()
    {
        byte[] element = [.. "{\"targetName\":\"t\",\"uid\":\"a"u8, 0xED, 0xA0, 0x80, 0xFF, .. "b\"}"u8];
        var row = Accepted(element);
        Assert.Equal(4, row.Sanitized); // three bytes of a surrogate, one stray byte
        Assert.Equal("a\uFFFD\uFFFD\uFFFD\uFFFDb", row.SourceUid);
    }

    [Fact]
    public void An_identity_is_sanitized_like_the_payload() =>
        Assert.Equal("a\uFFFD", Accepted("""{"targetName":"t","uid":"a\u0000"}""").SourceUid);

    [Theory]
    [InlineData("""{"targetName":"t","uid":"u","namespace":"shop"}""", "shop")]
    [InlineData("""{"targetName":"t","uid":"u","namespace":""}""", "platform")]
    [InlineData("""{"targetName":"t","uid":"u"}""", "platform")]
    public void The_resource_namespace_falls_back_to_the_inventory(string element, string expected) =>
        Assert.Equal(expected, Accepted(element).ResourceNamespace);

    [Theory]
    [InlineData("""{"targetName":"t","uid":"u","namespace":"shop"}""", "shop")]
    [InlineData("""{"targetName":"t","uid":"u","namespace":""}""", "")]
    [InlineData("""{"apiVersion":"v1","kind":"Node","metadata":{"name":"a","uid":"u"}}""", "")]
    public void An_object_without_a_namespace_has_none_in_a_cluster_scoped_inventory(string element, string expected)
    {
        var rules = Rules with { Scope = new Scope(Scope.ClusterInventories, "all", "") };
        Assert.Equal(expected, Assert.IsType<RowOrRejection.Accepted>(ItemReader.Read(Encoding.UTF8.GetBytes(element), rules, 1)).Row.ResourceNamespace);
    }

    [Fact]
    public void The_last_of_two_equal_keys_counts_as_in_jsonb() =>
        Assert.Equal("b", Accepted("""{"targetName":"t","uid":"a","uid":"b"}""").SourceUid);

    [Fact]
    public void A_Secret_is_skipped_as_an_item_and_as_an_object_unless_Secrets_are_included()
    {
        const string Item = """{"targetName":"secrets","uid":"u","kind":"Secret","version":"v1"}""";
        const string Object = """{"apiVersion":"v1","kind":"Secret","metadata":{"name":"s","uid":"u"}}""";
        foreach (var element in new[] { Item, Object })
        {
            Assert.IsType<RowOrRejection.Skipped>(Read(element));
            Assert.IsType<RowOrRejection.Accepted>(Read(element, Rules with { IncludeSecrets = true }));
        }

        Assert.IsType<RowOrRejection.Accepted>(Read("""{"targetName":"t","uid":"u","kind":"Secret","group":"vault.example"}"""));
    }

    [Theory]
    [InlineData("""{"managedFields":[1],"name":"n","uid":"u"}""")]
    [InlineData("""{"name":"n","managedFields":[1],"uid":"u"}""")]
    [InlineData("""{"name":"n","uid":"u","managedFields":[1]}""")]
    [InlineData("""{ "name" : "n" , "uid" : "u" , "managedFields" : [ { } ] }""")]
    [InlineData("""{"name":"n","managedFields":[1],"uid":"u","managedFields":[2]}""")]
    [InlineData("""{"managedFields":[1],"managedFields":[2],"name":"n","uid":"u"}""")]
    [InlineData("""{"name":"n","uid":"u"}""")]
    public void Managed_fields_are_omitted_at_any_position(string metadata)
    {
        var row = Accepted($$"""{"apiVersion":"apps/v1","kind":"Deployment","metadata":{{metadata}},"spec":{"replicas":12345678901234567890} }""");
        var item = JsonNode.Parse(row.Payload.Span)!;
        Assert.Equal("""{"name":"n","uid":"u"}""", item["attributes"]!["resource"]!["metadata"]!.ToJsonString());
        Assert.Equal("12345678901234567890", item["attributes"]!["resource"]!["spec"]!["replicas"]!.ToJsonString());
        Assert.Equal(("apps", "v1", "deployments"), ((string?)item["group"], (string?)item["version"], (string?)item["targetName"]));
    }

    [Fact]
    public void The_target_of_an_object_can_be_given() =>
        Assert.Equal("workloads", Accepted("""{"apiVersion":"v1","kind":"Pod","metadata":{"uid":"u"}}""", Rules with { Target = "workloads" }).TargetName);

    [Fact]
    public void An_element_that_cannot_be_stored_is_rejected_with_its_name_the_limit_and_the_unit()
    {
        (string, string)[] cases =
        [
            ("a number", "42"),
            ("an array", "[1]"),
            ("null", "null"),
            ("no uid", """{"targetName":"t","kind":"Pod","name":"p","namespace":"shop"}"""),
            ("uid is a number", """{"targetName":"t","uid":7}"""),
            ("no target", """{"uid":"u"}"""),
            ("an object without uid", """{"apiVersion":"v1","kind":"Pod","metadata":{"name":"p"}}"""),
            ("131,073 digits before the point", $$"""{"targetName":"t","uid":"u","n":{{new string('9', 131_073)}}}"""),
            ("16,384 digits after the point", $$"""{"targetName":"t","uid":"u","n":0.{{new string('9', 16_384)}}}"""),
            ("a huge exponent", """{"targetName":"t","uid":"u","n":[1e999999999999999999999]}"""),
            ("a tiny exponent", """{"targetName":"t","uid":"u","n":{"x":1e-20000}}"""),
            ("a huge exponent where an object has its managed fields", """{"targetName":"t","uid":"u","metadata":{"managedFields":1e200000}}"""),
            ("deep nesting", $$"""{"targetName":"t","uid":"u","n":{{new string('[', 1_000)}}{{new string(']', 1_000)}}}"""),
            ("a long identity", $$"""{"targetName":"t","kind":"Pod","uid":"{{new string('u', 2_700)}}"}"""),
            ("too large", $$"""{"targetName":"t","uid":"u","text":"{{new string('x', 32 << 20)}}"}"""),
        ];
        var text = string.Concat(cases.Select(it =>
        {
            var rejected = Assert.IsType<RowOrRejection.Rejected>(Read(it.Item2));
            return $"{it.Item1} (identity {(rejected.Identity.IsSome ? "known" : "unknown")})\n    {rejected.Label}: {rejected.Reason}\n";
        }));
        Golden.Verify(text, "items/rejections.txt");
    }

    [Theory]
    [InlineData("12345678901234567890")]
    [InlineData("-0.10000000000000000000000000000000000000000000000000000000000000000000000001")]
    [InlineData("1e131071")]
    [InlineData("1.5E-16382")]
    [InlineData("9007199254740993")]
    public void A_number_that_numeric_can_store_is_not_changed(string number)
    {
        var element = $$"""{"targetName":"t","uid":"u","n":{{number}}}""";
        Assert.Equal(element, Encoding.UTF8.GetString(Accepted(element).Payload.Span));
    }

    [Theory]
    [InlineData("", 999, true)]
    [InlineData("", 1_000, false)]
    [InlineData("1", 999, true)]
    [InlineData("\"text\"", 999, true)]
    [InlineData("{}", 998, true)]
    [InlineData("{}", 999, false)]
    public void The_limit_of_nesting_does_not_depend_on_the_innermost_value(string innermost, int arrays, bool accepted)
    {
        var nested = new string('[', arrays) + innermost + new string(']', arrays);
        Assert.Equal(accepted, Read($$"""{"targetName":"t","uid":"u","n":{{nested}}}""") is RowOrRejection.Accepted);
    }

    [Fact]
    public void The_item_of_an_object_has_two_more_levels_of_nesting()
    {
        static string Pod(int arrays) =>
            $$"""{"apiVersion":"v1","kind":"Pod","metadata":{"uid":"u"},"spec":{{new string('[', arrays)}}{{new string(']', arrays)}}}""";
        Assert.IsType<RowOrRejection.Accepted>(Read(Pod(997)));
        Assert.IsType<RowOrRejection.Rejected>(Read(Pod(998)));
    }

    [Property]
    public bool Any_text_in_a_key_or_value_is_unchanged_unless_it_is_sanitized(string? key, string? value)
    {
        var item = new JsonObject { ["targetName"] = "t", ["uid"] = "u", ["attributes"] = new JsonObject { [key ?? ""] = value } };
        var row = Accepted(JsonSerializer.SerializeToUtf8Bytes(item));
        return row.Sanitized > 0 || JsonNode.DeepEquals(JsonNode.Parse(row.Payload.Span), JsonNode.Parse(item.ToJsonString()));
    }

    private static Row Accepted(string element, ItemRules? rules = null) => Accepted(Encoding.UTF8.GetBytes(element), rules);

    private static Row Accepted(byte[] element, ItemRules? rules = null) =>
        Assert.IsType<RowOrRejection.Accepted>(ItemReader.Read(element, rules ?? Rules, 1)).Row;

    private static RowOrRejection Read(string element, ItemRules? rules = null) => ItemReader.Read(Encoding.UTF8.GetBytes(element), rules ?? Rules, 1);
}
