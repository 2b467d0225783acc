using System.IO.Pipelines;
using System.Text;
using FsCheck;
using Kollect.Operator.Kubernetes;

namespace Kollect.Shell.Tests.Kubernetes;

/// <summary>A watch is a stream of lines, which the network may split anywhere.</summary>
public sealed class WatchLinesTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Property]
    public async Task The_events_do_not_depend_on_where_the_network_splits_the_stream(string?[] given, PositiveInt cut)
    {
        var texts = given.Select(text => text ?? "").ToArray();
        var lines = string.Concat(texts.Select(text => Line("ADDED", $$"""{"data":{{System.Text.Json.JsonSerializer.Serialize(text)}}}""")));
        var events = await ReadAsync(Encoding.UTF8.GetBytes(lines), cut.Get);
        Assert.Equal(texts.Select(WellFormed), events.Select(it => Clients.Field(((WatchEvent.Seen)it).Object, "data")));
    }

    [Fact]
    public async Task An_object_of_many_megabytes_is_read_and_an_endless_one_is_refused()
    {
        var large = Line("MODIFIED", $$"""{"data":"{{new string('x', 10 << 20)}}"}""");
        Assert.IsType<WatchEvent.Seen>(Assert.Single(await ReadAsync(Encoding.UTF8.GetBytes(large), 64 << 10)));
        var endless = await Assert.ThrowsAsync<ApiException>(() => ReadAsync(new byte[WatchLines.MaxLine + (64 << 10)], 64 << 10));
        Assert.Equal((ApiError.Malformed, "a line of the watch is over 16 MiB"), (endless.Kind, endless.Message));
    }

    [Fact]
    public async Task An_object_nested_deeper_than_the_default_of_NET_is_read()
    {
        var deep = string.Concat(Enumerable.Repeat("""{"a":""", 2_000)) + "1" + new string('}', 2_000);
        var line = Line("ADDED", $$$"""{"spec":{{{deep}}},"metadata":{"name":"deep","uid":"1","resourceVersion":"7"}}""");
        var seen = Assert.IsType<WatchEvent.Seen>(Assert.Single(await ReadAsync(Encoding.UTF8.GetBytes(line), 4_096)));
        Assert.Equal(new ObjectHead(new ObjectName("", "deep"), "1", "7"), ObjectHead.Of(seen.Object));
    }

    [Fact]
    public async Task Unknown_events_empty_lines_and_a_truncated_last_line_are_skipped()
    {
        var lines = "\n" + Line("SOMETHING", "{}")
            + Line("BOOKMARK", """{"metadata":{"resourceVersion":"12"}}""")
            + "\n" + Line("BOOKMARK", """{"metadata":{"resourceVersion":null}}""")
            + Line("DELETED", "{}") + """{"type":"ADDED","obj""";
        Assert.Collection(
            await ReadAsync(Encoding.UTF8.GetBytes(lines), 7),
            it => Assert.Equal(new WatchEvent.Bookmark("12"), it),
            it => Assert.IsType<WatchEvent.Deleted>(it));
    }

    [Theory]
    [InlineData("no JSON")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"type":"ADDED"}""")]
    [InlineData("""{"type":7,"object":{}}""")]
    [InlineData("""{"type":"BOOKMARK","object":{}}""")]
    [InlineData("""{"type":"BOOKMARK","object":[]}""")]
    [InlineData("""{"type":"ERROR","object":[]}""")]
    [InlineData("""{"type":"ERROR","object":{"code":"x"}}""")]
    public async Task A_line_that_is_not_an_event_ends_the_watch(string line)
    {
        var failure = await Assert.ThrowsAsync<ApiException>(() => ReadAsync(Encoding.UTF8.GetBytes(line + "\n"), 5));
        Assert.Equal(("a line of the watch is not an event", ApiError.Malformed), (failure.Message, failure.Kind));
    }

    [Theory]
    [InlineData("""{"code":410,"reason":"Expired","message":"too old"}""", nameof(ApiError.Gone))]
    [InlineData("""{"code":410}""", nameof(ApiError.Gone))]
    [InlineData("""{"reason":"Expired"}""", nameof(ApiError.Gone))]
    [InlineData("""{"code":500,"message":"etcd has no leader"}""", nameof(ApiError.Unavailable))]
    [InlineData("""{"code":403}""", nameof(ApiError.Forbidden))]
    [InlineData("""{"code":429}""", nameof(ApiError.TooManyRequests))]
    public async Task An_error_in_the_middle_of_a_watch_keeps_its_kind(string status, string kind) =>
        Assert.Equal(kind, (await Assert.ThrowsAsync<ApiException>(() => ReadAsync(Encoding.UTF8.GetBytes(Line("ERROR", status)), 1_000))).Kind.ToString());

    [Fact]
    public async Task A_silent_connection_counts_as_dead()
    {
        var silent = new Pipe();
        await using var lines = new WatchLines(silent.Reader.AsStream(), TimeSpan.FromMinutes(5), new HurriedTime(1_000));
        var failure = await Assert.ThrowsAsync<ApiException>(() => lines.NextAsync(Cancel));
        Assert.Equal((ApiError.Unavailable, "the watch was silent for 300 s"), (failure.Kind, failure.Message));
    }

    private static string Line(string type, string content) => $$"""{"type":"{{type}}","object":{{content}}}""" + "\n";

    // JSON cannot hold half of a surrogate pair; the serializer writes U+FFFD instead.
    private static string WellFormed(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));

    private static async Task<List<WatchEvent>> ReadAsync(byte[] bytes, int cut)
    {
        await using var lines = new WatchLines(new CutStream(bytes, cut), TimeSpan.FromMinutes(1), TimeProvider.System);
        var events = new List<WatchEvent>();
        while (await lines.NextAsync(CancellationToken.None) is { } watchEvent)
            events.Add(watchEvent);
        return events;
    }
}
