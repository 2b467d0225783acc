using System.Text;
using Kollect.Core.Tests.Models.V1;

namespace Kollect.Core.Tests.Models;

public sealed class ModelReaderTests
{
    private const string Everything = """
        {"text":"abc","bytes":"aGk=","time":"2026-01-31T12:00:00.5Z","small":-1,"large":9223372036854775807,"ratio":0.25,"flag":true,
         "port":"http","anything":{"a":[1, 2.50]},"color":"dark-green","numbers":[1,2],"colors":["3d","red"],"grid":[["a"],[]],
         "table":{"x":[1.5]},"parts":[{"id":"p","count":2,"made":"2026-01-31T13:00:00+01:00","shape":"square","inner":{"key":"k"}}],
         "open":{"known":"k","other":{"kept": [true, null]}}}
        """;

    [Fact]
    public void Every_type_is_read()
    {
        var widget = Read(Everything, out var problems);
        Assert.Empty(problems);
        Assert.Equal(("abc", "aGk=", -1, long.MaxValue, 0.25, true), (widget.Text, widget.Bytes, widget.Small, widget.Large, widget.Ratio, widget.Flag));
        Assert.Equal(new DateTimeOffset(2026, 1, 31, 12, 0, 0, 500, TimeSpan.Zero), widget.Time);
        Assert.Equal(new IntOrString.Text("http"), widget.Port);
        Assert.Equal("""{"a":[1, 2.50]}""", widget.Anything);
        Assert.Equal((WidgetColor.DarkGreen, (ModelList<WidgetColor>)[WidgetColor.Value3D, WidgetColor.Red]), (widget.Color, widget.Colors));
        Assert.Equal((ModelList<ModelList<string>>)[["a"], []], widget.Grid);
        Assert.Equal((ModelList<double>)[1.5], widget.Table["x"]);
        Assert.Equal(
            new WidgetPart
            {
                Id = "p",
                Count = 2,
                Made = new DateTimeOffset(2026, 1, 31, 13, 0, 0, TimeSpan.FromHours(1)),
                Shape = WidgetPartShape.Square,
                Inner = new WidgetPartInner { Key = "k" },
            },
            widget.Parts.Single());
        Assert.Equal("""{"kept": [true, null]}""", widget.Open!.UnknownFields["other"]);
    }

    [Fact]
    public void An_absent_or_null_field_has_its_default()
    {
        var widget = Read("""{"small":null,"color":null,"numbers":null,"text":null}""", out var problems);
        Assert.Empty(problems);
        Assert.Equal(new Widget(), widget);
        Assert.Equal((3, WidgetColor.Red, false), (widget.Small, widget.Color, widget.Flag));
        Assert.True(widget.Numbers.IsEmpty && widget.Table.IsEmpty && widget.UnknownFields.IsEmpty);
    }

    [Fact]
    public void All_problems_are_reported_at_once_with_their_paths()
    {
        Read(
            """
            {"text":"ABCDE","txt":1,"bytes":"%","time":"yesterday","small":10,"large":1.5,"ratio":2,"flag":"true","port":true,"color":"dark-gren",
             "numbers":[1,"2",3,4],"colors":[1],"grid":[["a",7]],"table":{"a":[],"b":[],"c":{}},"flag":false,"open":[],
             "parts":[{"id":7,"count":null,"shape":"oval"},"x"]}
            """,
            out var problems);
        Golden.Verify(Describe(problems), "models/problems.txt");
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("{}{}")]
    [InlineData("{\"a\":1,}")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{\"text\":\"\\ud800\"}")]
    public void A_document_that_is_not_a_JSON_object_is_a_problem_and_not_an_exception(string json)
    {
        Assert.Null(Widget.ReadJson(Encoding.UTF8.GetBytes(json), out var problems));
        Assert.Single(problems);
    }

    [Fact]
    public void Bytes_that_are_not_UTF8_are_a_problem()
    {
        Assert.Null(Widget.ReadJson([.. "{\"text\":\""u8, 0xFF, .. "\"}"u8], out var problems));
        Assert.Equal("is not UTF-8 text", problems.Single().Message);
    }

    [Fact]
    public void Nesting_beyond_64_levels_is_a_problem()
    {
        Assert.Null(Widget.ReadJson(Encoding.UTF8.GetBytes(new string('[', 100_000)), out var problems));
        Assert.Equal(StructuralProblemKind.MalformedJson, problems.Single().Kind);
    }

    private static Widget Read(string json, out ModelList<StructuralProblem> problems)
    {
        var widget = Widget.ReadJson(Encoding.UTF8.GetBytes(json), out problems);
        Assert.NotNull(widget);
        return widget;
    }

    private static string Describe(ModelList<StructuralProblem> problems) =>
        string.Concat(problems.Select(problem => $"{problem.Kind,-15} {problem.Path}: {problem.Message}\n"));
}
