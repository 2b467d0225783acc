using System.Text;
using System.Text.Json;
using Kollect.Core.Tests.Models.V1;

namespace Kollect.Core.Tests.Models;

public sealed class LosslessTests
{
    [Fact]
    public void An_unknown_field_that_is_null_is_reported_and_kept()
    {
        var widget = Read("""{"txet":null}""", out var problems);
        Assert.Equal((StructuralProblemKind.UnknownField, "txet"), (problems.Single().Kind, problems.Single().Path));
        Assert.Contains("\"txet\":null", Write(widget), StringComparison.Ordinal);
    }

    [Fact]
    public void A_null_below_an_object_that_keeps_unknown_fields_is_kept()
    {
        var widget = Read("""{"open":{"other":null}}""", out var problems);
        Assert.Empty(problems);
        Assert.Contains("\"open\":{\"other\":null}", Write(widget), StringComparison.Ordinal);
    }

    [Fact]
    public void An_empty_list_or_map_that_is_required_is_written()
    {
        var widget = Read("""{"strict":{"tags":[],"labels":{}}}""", out _);
        Read(Write(widget), out var problems);
        Assert.Empty(problems);
    }

    [Fact]
    public void A_required_field_with_a_default_is_never_missing()
    {
        var widget = Read("""{"strict":{"tags":[],"labels":{}}}""", out var problems);
        Assert.Empty(problems);
        Assert.Equal(1, widget.Strict!.Level);
    }

    [Theory]
    [InlineData("2026-01-31T12:00:00")]
    [InlineData("2026-01-31")]
    [InlineData("2026-01-31T12:00Z")]
    [InlineData("2026-01-31 12:00:00Z")]
    [InlineData("2026-02-30T12:00:00Z")]
    public void A_time_that_is_not_RFC_3339_is_refused_and_never_read_as_local_time(string time)
    {
        Assert.Null(Read($$"""{"time":"{{time}}"}""", out var problems).Time);
        Assert.Equal(StructuralProblemKind.BadFormat, problems.Single().Kind);
    }

    [Theory]
    [InlineData("2026-01-31T12:00:00Z")]
    [InlineData("2026-01-31T12:00:00.123456Z")]
    [InlineData("2026-01-31T12:00:00+05:30")]
    public void A_time_is_written_as_it_was_read(string time)
    {
        var written = JsonDocument.Parse(Write(Read($$"""{"time":"{{time}}"}""", out _)));
        Assert.Equal(time, written.RootElement.GetProperty("time").GetString());
    }

    private static Widget Read(string json, out ModelList<StructuralProblem> problems) =>
        Widget.ReadJson(Encoding.UTF8.GetBytes(json), out problems)!;

    private static string Write(Widget widget) => widget.ToJson();
}
