using System.Text;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using Kollect.Core.Snapshots;

namespace Kollect.Core.Tests.Snapshots;

public sealed class EqualKeysTests
{
    [Theory]
    [InlineData("""{"a":1,"b":{"x":1,"x":2},"a":"last"}""", """{"b":{"x":2},"a":"last"}""")]
    [InlineData("""{"a":1,"a":2,"a":3}""", """{"a":3}""")]
    [InlineData("""{"a":{"a":1,"a":2},"a":{"b":1,"b":2}}""", """{"a":{"b":2}}""")]
    [InlineData("""{"a":{"b":1},"c":[{"d":1,"d":[]},{"d":2}],"a":{"b":1}}""", """{"c":[{"d":[]},{"d":2}],"a":{"b":1}}""")]
    [InlineData("""{ "a" : 1 , "\u0061" : 2 , "z" : 0 }""", """{ "\u0061" : 2 , "z" : 0 }""")]
    [InlineData("""{"é":1,"\u00e9":2}""", """{"\u00e9":2}""")]
    [InlineData("""{"":1,"":2}""", """{"":2}""")]
    [InlineData("""{"a":"}{,\"a\":","a":"\\"}""", """{"a":"\\"}""")]
    [InlineData("""[{"a":1,"a":2},{"a":1}]""", """[{"a":2},{"a":1}]""")]
    public void Of_equal_keys_only_the_last_is_kept(string json, string expected) => Assert.Equal(expected, KeepLast(json));

    [Theory]
    [InlineData("""{"a":{"a":{"a":1}},"b":{"a":1},"A":2}""")]
    [InlineData("""{}""")]
    [InlineData("""{"a":[],"b":"a"}""")]
    public void Json_without_equal_keys_is_the_same_memory(string json)
    {
        ReadOnlyMemory<byte> bytes = Encoding.UTF8.GetBytes(json);
        Assert.True(bytes.Equals(new EqualKeys().KeepLast(bytes)));
    }

    /// <summary>The parser of the runtime keeps the last as well, when it is asked by name.</summary>
    [Property]
    public Property Any_members_end_as_a_dictionary_of_them_does() => Prop.ForAll(
        Gen.ListOf(Gen.Zip(Gen.Elements("a", "b", "\\u0061", "c"), Gen.Choose(0, 9))).ToArbitrary(),
        members =>
        {
            var expected = new Dictionary<string, int>(StringComparer.Ordinal);
            foreach (var (name, value) in members)
                expected[name == "\\u0061" ? "a" : name] = value;
            var kept = KeepLast($"{{{string.Join(',', members.Select(it => $"\"{it.Item1}\":{{\"v\":{it.Item2}}}"))}}}");
            var read = JsonNode.Parse(kept)!.AsObject().ToDictionary(it => it.Key, it => (int)it.Value!["v"]!, StringComparer.Ordinal);
            Assert.Equal(expected.OrderBy(it => it.Key, StringComparer.Ordinal), read.OrderBy(it => it.Key, StringComparer.Ordinal));
        });

    [Fact]
    public void An_object_of_many_keys_does_not_slow_down_the_next_ones()
    {
        var keys = new EqualKeys();
        var large = $"{{{string.Join(',', Enumerable.Range(0, 5_000).Select(i => $"\"k{i}\":{i}"))}}}";
        foreach (var json in new[] { large, """{"k1":1}""", large })
            Assert.Equal(json, Encoding.UTF8.GetString(keys.KeepLast(Encoding.UTF8.GetBytes(json)).Span));
    }

    private static string KeepLast(string json) => Encoding.UTF8.GetString(new EqualKeys().KeepLast(Encoding.UTF8.GetBytes(json)).Span);
}
