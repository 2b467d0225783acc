using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using Kollect.Core.Backends.MongoDb.Bson;

namespace Kollect.Core.Tests.Backends.MongoDb;

public sealed class BsonJsonTests
{
    [Property(MaxTest = 1000, Arbitrary = [typeof(SomeJson)])]
    public void Any_JSON_survives_a_round_trip_through_BSON_and_the_last_of_equal_names_wins(SomeJson json)
    {
        var text = PlainJson.Of(Document(json.Text));
        using var actual = JsonDocument.Parse(text);
        using var expected = JsonDocument.Parse(json.Meaning);
        Assert.True(JsonElement.DeepEquals(expected.RootElement, actual.RootElement), $"{json.Text}\nmeans {json.Meaning}\nbut is {text}");
    }

    [Theory]
    [InlineData("""{"a":1,"b":2,"a":3}""", """{"b":2,"a":3}""")]
    [InlineData("""{"a":{"x":1},"\u0061":{"y":2,"y":[]}}""", """{"a":{"y":[]}}""")]
    [InlineData("""{"":1,"":2}""", """{"":2}""")]
    [InlineData("""{"ab":1,"a":2,"abc":3,"a":4}""", """{"ab":1,"abc":3,"a":4}""")]
    public void Names_are_compared_as_a_whole_and_unescaped(string json, string stored) => Assert.Equal(stored, PlainJson.Of(Document(json)));

    [Fact]
    public void An_object_that_repeats_50000_names_keeps_the_last_value_of_each()
    {
        var members = string.Join(',', Enumerable.Range(0, 50_000).Select(i => $"\"k{i}\":{i}"));
        Assert.Equal($"{{{members}}}", PlainJson.Of(Document($"{{{members},{members}}}")));
    }

    [Fact]
    public void A_member_has_the_layout_of_the_specification()
    {
        // bsonspec.org, "Examples": {"hello": "world"}
        Assert.Equal(
            "16000000-02-68656C6C6F00-06000000-776F726C6400-00".Replace("-", "", StringComparison.Ordinal),
            Convert.ToHexString(Document("""{"hello":"world"}""")));
    }

    [Fact]
    public void Documents_can_be_written_one_after_another()
    {
        var writer = new BsonWriter(1);
        BsonJson.WriteDocument(writer, """{"a":1}"""u8);
        var first = writer.Length;
        BsonJson.WriteDocument(writer, """{"b":[1,2],"b":[3]}"""u8);
        Assert.Equal("""{"a":1}""", PlainJson.Of(writer.Written.Span[..first]));
        Assert.Equal("""{"b":[3]}""", PlainJson.Of(writer.Written.Span[first..]));
        Assert.Equal(writer.Length - first, BinaryPrimitives.ReadInt32LittleEndian(writer.Written.Span[first..]));
    }

    private static byte[] Document(string json)
    {
        var writer = new BsonWriter(16);
        BsonJson.WriteDocument(writer, Encoding.UTF8.GetBytes(json));
        return writer.Written.ToArray();
    }
}
