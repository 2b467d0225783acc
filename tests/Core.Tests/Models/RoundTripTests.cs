using System.Text;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using Kollect.Models.V1Alpha1;

namespace Kollect.Core.Tests.Models;

public sealed class RoundTripTests
{
    [Property(MaxTest = 300, Arbitrary = [typeof(Documents)])]
    public void A_written_sink_is_read_as_an_equal_sink_and_written_again_as_the_same_bytes(JsonObject json)
    {
        var sink = KollectDatabaseSink.ReadJson(Encoding.UTF8.GetBytes(json.ToJsonString()), out _)!;
        var bytes = Write(sink);
        var again = KollectDatabaseSink.ReadJson(bytes, out _)!;
        Assert.Equal(sink, again);
        Assert.Equal(bytes, Write(again));
    }

    [Property(MaxTest = 300, Arbitrary = [typeof(Documents)])]
    public void No_field_is_lost_including_unknown_fields(JsonObject json)
    {
        var sink = KollectDatabaseSink.ReadJson(Encoding.UTF8.GetBytes(json.ToJsonString()), out _)!;
        AssertContains(json, JsonNode.Parse(Write(sink)), "$");
    }

    /// <summary>Found by the property above: a map that compared its keys by culture kept one of the two.</summary>
    [Fact]
    public void Options_whose_names_differ_by_a_character_that_cultures_ignore_are_both_kept()
    {
        var json = JsonNode.Parse("""
            {"apiVersion":"kollect.dev/v1alpha1","kind":"KollectDatabaseSink","metadata":{"name":"a"},
             "spec":{"type":"postgres","options":{"a":"1","a\u00AD":"2"},"postgres":{"databaseRef":{"name":"a"}}}}
            """)!.AsObject();
        No_field_is_lost_including_unknown_fields(json);
    }

    private static byte[] Write(KollectDatabaseSink sink) => Encoding.UTF8.GetBytes(sink.ToJson());

    /// <summary>The actual document may have additional defaults; no field may be missing or changed.</summary>
    private static void AssertContains(JsonNode? expected, JsonNode? actual, string path)
    {
        if (expected is not JsonObject fields)
        {
            Assert.True(JsonNode.DeepEquals(expected, actual), $"{path}: {expected?.ToJsonString()} became {actual?.ToJsonString()}");
            return;
        }

        foreach (var (name, value) in fields)
            if (value is not JsonObject { Count: 0 })
                AssertContains(value, actual![name], $"{path}.{name}");
    }

    private static class Documents
    {
        private static readonly Gen<string> Text =
            ArbMap.Default.GeneratorFor<string>().Select(text => new string([.. (text ?? "").Where(c => !char.IsSurrogate(c))]));

        public static Arbitrary<JsonObject> OfSinks() => Arb.From(
            from name in Text
            from unknown in Text
            from kept in Text
            from options in Text.Zip(Text).ListOf()
            from table in Text
            from labels in Text.Zip(Text).ListOf()
            from generation in ArbMap.Default.GeneratorFor<long>()
            select new JsonObject
            {
                ["apiVersion"] = "kollect.dev/v1alpha1",
                ["kind"] = "KollectDatabaseSink",
                ["metadata"] = new JsonObject
                {
                    ["name"] = name,
                    ["generation"] = generation,
                    ["labels"] = Object(labels),
                    ["managedFields"] = new JsonArray(kept),
                },
                ["spec"] = new JsonObject
                {
                    ["type"] = "postgres",
                    ["options"] = Object(options),
                    ["postgres"] = new JsonObject
                    {
                        ["databaseRef"] = new JsonObject { ["name"] = name },
                        ["table"] = table,
                        ["z" + unknown] = new JsonArray(kept, null, 1),
                    },
                },
            });

        private static JsonObject Object(IEnumerable<(string Key, string Value)> entries)
        {
            var json = new JsonObject();
            foreach (var (key, value) in entries)
                json[key] = value;
            return json;
        }
    }
}
