using System.Text;
using Kollect.Core.Kubernetes;

namespace Kollect.Core.Tests.Kubernetes;

public sealed class GrantAnnotationTests
{
    private const string Key = "kollect.dev/allowed-sink-namespaces";

    [Theory]
    [InlineData(null, false)]
    [InlineData("", false)]
    [InlineData("shop", true)]
    [InlineData(" shop ", true)]
    [InlineData("lab,shop", true)]
    [InlineData("lab, shop ,", true)]
    [InlineData("*", true)]
    [InlineData("lab,*", true)]
    [InlineData("Shop", false)]
    [InlineData("shopping", false)]
    [InlineData("sho*", false)]
    [InlineData("shop lab", false)]
    [InlineData("lab;shop", false)]
    public void A_list_names_namespaces_between_commas(string? list, bool expected) =>
        Assert.Equal(expected, GrantAnnotation.Lists(Optional(list), "shop"));

    [Theory]
    [InlineData("""{"kind":"Secret","metadata":{"name":"a","annotations":{"x":"1","KEY":"shop"}},"data":{"a":"b"}}""", "shop")]
    [InlineData("""{"data":{"metadata":{"annotations":{"KEY":"shop"}}},"metadata":{"labels":{"KEY":"lab"},"annotations":{"KEY":""}}}""", "")]
    [InlineData("""{"metadata":{"annotations":{"x":"KEY"}}}""", null)]
    [InlineData("""{"metadata":{"labels":{"KEY":"shop"}}}""", null)]
    [InlineData("""{"metadata":{"annotations":{"KEY":["shop"]}}}""", null)]
    [InlineData("""{"metadata":{"annotations":{"KEY":null}}}""", null)]
    [InlineData("""{"metadata":{"annotations":"KEY"}}""", null)]
    [InlineData("""{"spec":{"annotations":{"KEY":"shop"}}}""", null)]
    [InlineData("""{"metadata":{"annotations":{"KEY":"\ud800"}}}""", null)]
    [InlineData("""{"metadata":{"annotations":{"KEY":"sho""", null)]
    [InlineData("[]", null)]
    [InlineData("", null)]
    public void The_annotation_is_read_from_any_text(string json, string? expected) =>
        Assert.Equal(Optional(expected), GrantAnnotation.Read(Encoding.UTF8.GetBytes(json.Replace("KEY", Key, StringComparison.Ordinal)), Key));

    [Fact]
    public void The_command_overwrites_nothing() => Assert.Equal(
        "kubectl annotate secret dsn -n kollect-system kollect.dev/allowed-sink-namespaces=shop",
        GrantAnnotation.Command("secret dsn -n kollect-system", Key, "shop"));
}
