using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using Kollect.Core.Backends.Postgres;
using Kollect.Core.Formatting;

namespace Kollect.Core.Tests.Formatting;

public sealed class ShownTests
{
    private static Gen<string> Text { get; } = Gen.OneOf(
        Gen.Elements(
            "\u001b[31m", "\0", "\r\n", "\n", "\t", "\u202e", "\u2066", "\u200b", "\ufeff", "\u2028", "\U000E0041", "\ud800", "\udc00",
            "\uffff", "é", "漢", "😀", "\\", "\"", " ", "a"),
        Gen.Choose(0, 0xFFFF).Select(unit => ((char)unit).ToString())).ListOf().Select(string.Concat);

    [Theory]
    [InlineData("permission denied for table items", "permission denied for table items")]
    [InlineData("é 漢 😀", "é 漢 😀")]
    [InlineData("one\r\ntwo\n\nthree\tfour", "one two three four")]
    [InlineData("\u001b[2Jgone", "\\u001B[2Jgone")]
    [InlineData("abc\u202edcba", "abc\\u202Edcba")]
    [InlineData("a\U000E0041", "a\\uE0041")]
    [InlineData("an emoji 😀 in two halves", "an emoji 😀 in two halves")]
    public void A_text_of_others_is_one_line_of_visible_characters(string text, string plain) => Assert.Equal(plain, Shown.Plain(text));

    // An attribute cannot hold half a pair.
    [Fact]
    public void Half_a_surrogate_pair_is_replaced() => Assert.Equal("half \uFFFD pair", Shown.Plain("half \ud83d pair"));

    [Property(MaxTest = 1_000)]
    public Property Any_text_is_plain_and_stays_as_it_is() => Prop.ForAll(Arb.From(Text), text =>
    {
        var plain = Shown.Plain(text);
        Hostile.AssertPlain(plain);
        Assert.Equal(plain, Shown.Plain(plain));
        Hostile.AssertPlain(Shown.PlainLines(text), keepsLines: true);
        Hostile.AssertPlain(Shown.Quoted(text));
    });

    [Property(MaxTest = 1_000)]
    public Property Plain_JSON_has_the_same_values() => Prop.ForAll(Arb.From(Text.Where(text => !text.Any(char.IsSurrogate))), text =>
    {
        var json = new JsonObject { ["a" + text] = text };
        var plain = JsonText.Of(json);
        Hostile.AssertPlain(plain, keepsLines: true);
        Assert.True(JsonNode.DeepEquals(json, JsonNode.Parse(plain)));
    });

    /// <summary>PostgreSQL manual 4.1.1, identifiers with Unicode escapes.</summary>
    [Theory]
    [InlineData("items", "\"items\"")]
    [InlineData("my\"table", "\"my\"\"table\"")]
    [InlineData("a\\b", "\"a\\b\"")]
    [InlineData("a\n--\"b", "U&\"a\\000A--\"\"b\"")]
    [InlineData("a\\b\u202e", "U&\"a\\\\b\\202E\"")]
    [InlineData("\U000E0041", "U&\"\\+0E0041\"")]
    public void A_name_with_hidden_characters_is_written_by_their_numbers(string name, string sql) => Assert.Equal(sql, Identifier.Visible(name));
}
