using System.Text;
using FsCheck;
using Kollect.Operator.Kubernetes;

namespace Kollect.Shell.Tests.Kubernetes;

/// <summary>A page of a list is read while it arrives.</summary>
public sealed class ListReaderTests
{
    private const int Limit = 1 << 20;

    [Property]
    public async Task The_page_does_not_depend_on_where_the_network_splits_it(string?[] given, PositiveInt cut, bool isSorted, bool isTyped)
    {
        var type = isTyped ? "\"apiVersion\" : \"shop/v1\", \"kind\": \"Order\"," : "";
        var items = given.Select(text => $$"""{{{type}}"data": {{System.Text.Json.JsonSerializer.Serialize(text)}} }""").ToArray();
        string[] fields =
        [
            "\"apiVersion\":\"shop/v1\"",
            "\"items\" : [ " + string.Join(" ,\n", items) + " ]",
            "\"kind\": \"OrderList\"",
            """ "metadata": {"resourceVersion":"7","continue":"c","remainingItemCount":3} """,
            """ "more":[{"items":[1]},{}] """,
        ];
        var (page, next) = await ReadAsync($"{{{string.Join(',', isSorted ? fields : fields.Reverse())}}}\n ", cut.Get);
        Assert.Equal(
            items.Select(item => isTyped ? item : """{"apiVersion":"shop/v1","kind":"Order",""" + item[1..]), page.Items.Select(Encoding.UTF8.GetString));
        Assert.Equal(("7", "c"), (page.ResourceVersion, next));
    }

    [Theory]
    [InlineData("""{"apiVersion":"v1","kind":"ConfigMapList","metadata":{"resourceVersion":"1"},"items":[{},{ },{"a":1}]}""")]
    [InlineData("""{"items":[{},{ },{"a":1}],"apiVersion":"v1","kind":"ConfigMapList","metadata":{"resourceVersion":"1","continue":null}}""")]
    public async Task An_object_of_a_list_gets_the_type_that_it_lacks(string body)
    {
        var (page, next) = await ReadAsync(body, 5);
        const string Type = "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\"";
        Assert.Equal([Type + "}", Type + " }", Type + ",\"a\":1}"], page.Items.Select(Encoding.UTF8.GetString));
        Assert.Null(next);
    }

    [Theory]
    [InlineData("{\"apiVersion\":\"v1\",\"kind\":\"L\",\"metadata\":{\"resourceVersion\":\"1\"},\"items\":[]")]
    [InlineData("{\"apiVersion\":\"v1\",\"kind\":\"L\",\"metadata\":{\"resourceVersion\":\"1\"},\"items\":[{\"a\"")]
    [InlineData("{\"apiVersion\":\"v1\",\"kind\":\"L\",\"metadata\":{\"resourceVersion\":\"1\"},\"items\":[]} {}")]
    [InlineData("{\"apiVersion\":\"v1\",\"kind\":\"L\",\"metadata\":[],\"items\":[]}")]
    [InlineData("{\"apiVersion\":\"v1\",\"kind\":\"L\",\"metadata\":{\"resourceVersion\":\"1\",\"continue\":7},\"items\":[]}")]
    [InlineData("{\"apiVersion\":\"v1\",\"kind\":\"L\",\"metadata\":{\"resourceVersion\":\"1\"}}")]
    [InlineData("{\"apiVersion\":\"v1\",\"kind\":\"L\",\"items\":[]}")]
    [InlineData("{\"kind\":\"L\",\"metadata\":{\"resourceVersion\":\"1\"},\"items\":[]}")]
    [InlineData("{\"apiVersion\":\"v1\",\"metadata\":{\"resourceVersion\":\"1\"},\"items\":[]}")]
    public async Task What_is_cut_off_or_no_list_is_malformed(string body)
    {
        var failure = await Assert.ThrowsAsync<ApiException>(() => ReadAsync(body, 3));
        Assert.Equal((ApiError.Malformed, "the API server's answer to a list is no list"), (failure.Kind, failure.Message));
    }

    [Fact]
    public async Task The_limit_is_that_of_the_whole_answer()
    {
        static string Of(int bytes) => $$"""{"apiVersion":"v1","kind":"L","metadata":{"resourceVersion":"1"},"items":[{"a":"{{new string('x', bytes)}}"}]}""";
        var around = Of(0).Length;
        Assert.Single((await ReadAsync(Of(Limit - around), 64 << 10)).Page.Items);
        foreach (var body in new[] { Of(Limit - around + 1), new string(' ', Limit + 1), "{\"a\":[" + new string('1', 2 * Limit) })
        {
            var failure = await Assert.ThrowsAsync<ApiException>(() => ReadAsync(body, 64 << 10));
            Assert.Equal((ApiError.Malformed, "the API server's answer is over 1 MiB; is this the API server?"), (failure.Kind, failure.Message));
        }
    }

    private static Task<(ListPage Page, string? Next)> ReadAsync(string body, int cut) =>
        ListReader.ReadAsync(new CutStream(Encoding.UTF8.GetBytes(body), cut), Limit, TestContext.Current.CancellationToken);
}
