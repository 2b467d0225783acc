using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using System.Text;
using Kollect.Core.Backends.BigQuery;
using Kollect.Core.Exports;
using Kollect.Core.Secrets;
using Kollect.Core.Sinks;
using Kollect.Core.Snapshots;
using Kollect.Models.V1Alpha1;
using Kollect.Shell.Exports;
using Kollect.Shell.Tests.Backends.Conformance;

namespace Kollect.Shell.Tests.Backends.BigQuery;

/// <summary>Hostile servers: each work ends within the limits of time and bytes, with a failure in words, and no other server gets a request.</summary>
public sealed class HostileServerTests
{
    private const string Ok = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n";
    private const string Chunked = Ok + "Transfer-Encoding: chunked\r\n\r\n";

    private static readonly SecretRef Key = new("shop", "key");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>An answer to a request of a probe, and how long the verdict may take.</summary>
    private sealed record Case(string Name, Asked What, Func<Reply, Task> Answer, int Seconds = 5);

    private static IEnumerable<Case> Cases()
    {
        foreach (var what in new[] { Asked.Token, Asked.Dataset, Asked.Table, Asked.Job })
        {
            yield return new("endless", what, it => it.EndlessAsync(Chunked, "{\"a\":["));
            yield return new("trickle", what, it => it.TrickleAsync(Chunked, "1\r\n \r\n"), 20);
            yield return new("inner page", what, it => it.PageAsync("404 Not Found", "<html>inner-page at 10.0.0.7</html>"));
            yield return new("inner page as 200", what, it => it.PageAsync("200 OK", "<html>inner-page</html>"));
            yield return new("deep", what, it => it.JsonAsync(new string('[', 100_000)));
            yield return new("redirect", what, it => it.RedirectAsync("302 Found", "http://127.0.0.1:1/"));
        }

        yield return new("endless headers", Asked.Dataset, it => it.EndlessHeadersAsync());
        yield return new("trickle of headers", Asked.Dataset, it => it.TrickleAsync(Ok, "X-A: b\r\n"), 20);
        yield return new("trickle of 1xx", Asked.Dataset, it => it.TrickleAsync("", "HTTP/1.1 103 Early Hints\r\n\r\n"), 20);
        yield return new("announced length of 1 TB", Asked.Dataset, it => it.RawAsync(Ok + "Content-Length: 1000000000000\r\n\r\n"));
        yield return new("compressed 64 MB", Asked.Dataset, it => it.WholeAsync("200 OK", "application/json", Bomb(64), "Content-Encoding: gzip\r\n"));
        yield return new("not compressed", Asked.Dataset, it => it.WholeAsync("200 OK", "application/json", "{}"u8.ToArray(), "Content-Encoding: gzip\r\n"));
        yield return new("no such charset", Asked.Dataset, it => it.WholeAsync("200 OK", "application/json; charset=nonsense", "{}"u8.ToArray()));
        yield return new("half a surrogate pair", Asked.Dataset, it => it.JsonAsync("""{"location":"\ud800"}"""));
        yield return new("no body", Asked.Dataset, it => it.JsonAsync(""));
        foreach (var json in new[] { "null", "[]", "\"text\"", "1", """{"location":{}}""", """{"defaultTableExpirationMs":true}""" })
            yield return new(json, Asked.Dataset, it => it.JsonAsync(json));
        foreach (var json in new[]
        {
            "null", """{"schema":"text"}""", """{"schema":{"fields":{}}}""", """{"schema":{"fields":[1]}}""", """{"schema":{"fields":[{"name":[]}]}}""",
            """{"type":7}""", """{"clustering":{"fields":[{}]}}""", """{"timePartitioning":[]}""", """{"expirationTime":"99999999999999999999"}""",
            """{"requirePartitionFilter":"yes"}""",
        })
            yield return new(json, Asked.Table, it => it.JsonAsync(json));
        yield return new("""{"expirationTime":"9223372036854775807"}""", Asked.Table, it => it.JsonAsync("""{"expirationTime":"9223372036854775807"}"""));
        foreach (var json in new[]
        {
            """{"error":"inner-text","message":"inner-text"}""", """{"error":{"message":"inner-text"}}""",
            """{"error":{"code":404,"message":["inner-text"]}}""",
            """{"error":{"code":"x","message":"inner-text","status":"NOT_FOUND"}}""", """{"error":{"code":404,"message":"inner-text","errors":"x"}}""",
        })
            yield return new("404 " + json, Asked.Dataset, it => it.JsonAsync(json, "404 Not Found"));
        yield return new("403 of Google", Asked.Dataset, it => it.JsonAsync(
            """{"error":{"code":403,"message":"Access Denied: Dataset","errors":[{"reason":"accessDenied"}],"status":"PERMISSION_DENIED"}}""",
            "403 Forbidden"));
        yield return new("503 as a page", Asked.Dataset, it => it.PageAsync("503 Service Unavailable", "inner-page"), 20);
        yield return new("400 of OAuth", Asked.Token,
            it => it.JsonAsync("""{"error":"invalid_grant","error_description":"Not a valid email"}""", "400 Bad Request"));
        yield return new("400 of something else", Asked.Token,
            it => it.JsonAsync("""{"error":"inner text","error_description":"inner-text"}""", "400 Bad Request"));
        yield return new("400 with a nested error", Asked.Token, it => it.JsonAsync("""{"error":{"message":"inner-text"}}""", "400 Bad Request"));
        yield return new("400 without a body", Asked.Token, it => it.WholeAsync("400 Bad Request", "text/plain", []));
        foreach (var json in new[]
        {
            "null", "[]", "{}", """{"access_token":"","expires_in":3600}""", """{"access_token":"a b\r\nX: y","expires_in":3600}""",
            """{"access_token":"a","expires_in":"soon"}""", """{"access_token":"a","expires_in":9223372036854775807}""",
        })
            yield return new("token " + json, Asked.Token, it => it.JsonAsync(json));
        yield return new("not HTTP", Asked.Dataset, it => it.RawAsync("SSH-2.0-OpenSSH_9.2p1\r\n"), 20);
    }

    [Fact]
    public async Task Every_answer_ends_a_probe_within_its_limits_and_with_a_failure_in_words()
    {
        var before = Process.GetCurrentProcess().PeakWorkingSet64;
        var results = await Task.WhenAll(Cases().Select(ProbeAsync));
        Golden.Verify(string.Concat(results), "bigquery/hostile.txt");
        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{results.Length} servers at once: peak memory of the process {before >> 20} -> {Process.GetCurrentProcess().PeakWorkingSet64 >> 20} MiB"));
    }

    private static async Task<string> ProbeAsync(Case it)
    {
        await using var server = new HostileBigQuery { [it.What] = it.Answer };
        await using var destination = Open(server);
        var watch = Stopwatch.StartNew();
        var result = await destination.ProbeAsync(Cancel);
        var time = watch.Elapsed;
        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{time.TotalSeconds,5:0.0} s {server.Sent >> 10,6} KiB  {it.What}: {it.Name}"));
        Assert.True(time < TimeSpan.FromSeconds(it.Seconds), $"{it.What}: {it.Name}: {time}");
        Assert.True(server.Sent < 16 << 20, $"{it.What}: {it.Name}: {server.Sent} bytes were taken");
        var message = Assert.IsType<ProbeResult.Failed>(result).Failure.Message;
        Assert.DoesNotContain("inner", message, StringComparison.Ordinal);
        Assert.DoesNotContain("of-secret", message, StringComparison.Ordinal);
        // Nothing goes on behind the probe's back.
        await Eventually.HoldsAsync(() => Task.FromResult(server.Connections == 0));
        var name = it.Name.Length > 80 ? it.Name[..80] : it.Name;
        return $"{it.What}: {name} -> {((ProbeResult.Failed)result).Failure.GetType().Name}\n    {Mirror.WithoutPort(message)}\n";
    }

    [Theory]
    [InlineData("301 Moved Permanently")]
    [InlineData("302 Found")]
    [InlineData("303 See Other")]
    [InlineData("307 Temporary Redirect")]
    [InlineData("308 Permanent Redirect")]
    public async Task A_redirect_is_not_followed_whatever_asked_for(string status)
    {
        foreach (var what in Enum.GetValues<Asked>())
        {
            await using var target = new HostileBigQuery();
            await using var server = new HostileBigQuery { [what] = it => it.RedirectAsync(status, new Uri(target.Url, "steal").AbsoluteUri) };
            if (what == Asked.JobState)
                server[Asked.Job] = it => it.JsonAsync("""{"status":{"state":"RUNNING"}}""");
            if (what == Asked.ChangedTable)
                server[Asked.Table] = NoTable;
            var failed = Assert.IsType<ExportResult.Failed>(await ExportAsync(server, what == Asked.Upload ? Large : Small, dryRun: what == Asked.Query));
            Assert.Contains("redirects to another address (redirect)", failed.Failure.Message, StringComparison.Ordinal);
            Assert.Empty(target.Requests);
        }
    }

    /// <summary>The rows and the token would go to the address that the server names.</summary>
    [Fact]
    public async Task The_session_of_an_upload_is_not_taken_to_another_host()
    {
        await using var target = new HostileBigQuery();
        await using var server = new HostileBigQuery
        {
            [Asked.Upload] = it => it.WholeAsync("200 OK", "application/json", [], $"Location: {new Uri(target.Url, "upload/x")}\r\n"),
        };
        var failed = Assert.IsType<ExportResult.Failed>(await ExportAsync(server, Large));
        Assert.Contains("redirects to another address (redirect)", failed.Failure.Message, StringComparison.Ordinal);
        Assert.Empty(target.Requests);
    }

    [Fact]
    public async Task Every_answer_to_an_export_is_a_failure_in_words()
    {
        (Asked What, string Json)[] cases =
        [
            .. from what in new[] { Asked.Job, Asked.JobState, Asked.Query, Asked.Upload, Asked.ChangedTable }
               from json in new[] { "null", "[]", "{\"status\":[]}", "{\"jobComplete\":7}", "[[[[" + new string('[', 1_000), "<html>inner" }
               select (what, json),
            (Asked.Job, """{"status":{}}"""),
            (Asked.Job, """{"status":{"state":"LATER"}}"""),
            (Asked.Job, """{"status":{"state":"DONE","errorResult":"x"}}"""),
            (Asked.Job, """{"status":{"state":"DONE","errorResult":{}}}"""),
            (Asked.Job, """{"status":{"state":"DONE"},"statistics":{"query":{"dmlStats":{"insertedRowCount":"many"}}}}"""),
            (Asked.Query, """{"jobComplete":false}"""),
            (Asked.Query, """{"jobComplete":true,"rows":{}}"""),
            (Asked.Query, """{"jobComplete":true,"rows":[1]}"""),
            (Asked.Query, """{"jobComplete":true,"rows":[{"f":[{"v":{}}]}]}"""),
            (Asked.Query, """{"jobComplete":true,"rows":[{"f":[{"v":"1"}]}]}"""),
            (Asked.Query, """{"jobComplete":true,"rows":[{"f":[{"v":"a"},{"v":"1"},{"v":"1"},{"v":"1"}]}]}"""),
        ];
        var results = await Task.WhenAll(cases.Select(async it =>
        {
            await using var server = new HostileBigQuery { [it.What] = reply => reply.JsonAsync(it.Json) };
            if (it.What == Asked.JobState)
                server[Asked.Job] = reply => reply.JsonAsync("""{"status":{"state":"RUNNING"}}""");
            if (it.What == Asked.ChangedTable)
                server[Asked.Table] = NoTable;
            var result = await ExportAsync(server, it.What == Asked.Upload ? Large : Small, dryRun: it.What == Asked.Query);
            var failed = Assert.IsType<ExportResult.Failed>(result).Failure;
            Assert.DoesNotContain("inner", failed.Message, StringComparison.Ordinal);
            return $"{it.What}: {(it.Json.Length > 90 ? it.Json[..90] : it.Json)} -> {failed.GetType().Name}\n    {Mirror.WithoutPort(failed.Message)}\n";
        }));
        Golden.Verify(string.Concat(results), "bigquery/hostile-export.txt");
    }

    /// <summary>The limit of the caller ends an export at every stage, and no connection stays.</summary>
    [Fact]
    public async Task A_trickle_ends_with_the_caller_s_limit_at_every_stage()
    {
        await Task.WhenAll(Enum.GetValues<Asked>().Select(async what =>
        {
            await using var server = new HostileBigQuery { [what] = it => it.TrickleAsync(Chunked, "1\r\n \r\n") };
            if (what == Asked.JobState)
                server[Asked.Job] = it => it.JsonAsync("""{"status":{"state":"RUNNING"}}""");
            if (what == Asked.ChangedTable)
                server[Asked.Table] = NoTable;
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
            var export = ExportAsync(server, what == Asked.Upload ? Large : Small, dryRun: what == Asked.Query, limit.Token);
            await Eventually.HoldsAsync(() => Task.FromResult(server.Requests.Any(it => it.What == what)));
            var watch = Stopwatch.StartNew();
            await limit.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => export);
            Assert.True(watch.Elapsed < TimeSpan.FromSeconds(15), $"{what}: {watch.Elapsed}");
            await Eventually.HoldsAsync(() => Task.FromResult(server.Connections == 0), otherwise: () => Task.FromResult($"{what}"));
        }));
    }

    private static Func<Reply, Task> NoTable => it => it.JsonAsync(
        """{"error":{"code":404,"message":"Not found: Table","errors":[{"reason":"notFound"}],"status":"NOT_FOUND"}}""", "404 Not Found");

    private static IEnumerable<RowOrRejection> Small => Mirror.Items("a=1");

    private static IEnumerable<RowOrRejection> Large => Enumerable.Range(0, 120).Select(i => (RowOrRejection)new RowOrRejection.Accepted(
        new Row("deployments", $"u{i}", "shop", Encoding.UTF8.GetBytes($$"""{"uid":"u{{i}}","value":"{{new string('x', 100_000)}}"}"""), 0)));

    private static async Task<ExportResult> ExportAsync(
        HostileBigQuery server, IEnumerable<RowOrRejection> rows, bool dryRun = false, CancellationToken? cancel = null)
    {
        await using var destination = Open(server);
        return await destination.ExportAsync(
            new SnapshotHeader(new Scope("platform", "all", "east"), Mirror.Monday, None), rows.ToAsyncEnumerable(), dryRun, null, cancel ?? Cancel);
    }

    private static IDestination Open(HostileBigQuery server)
    {
        var settings = new SinkSettings(
            "shop", "hostile", KollectDatabaseSinkMode.Ensure,
            None, HashMap<string, string>(), false, None, true, "east", new TlsSettings(None, None, false), None);
        var sink = new BigQuerySink(settings, "kollect-test", "inventory", "inventory_items", None, server.Url, Key);
        var secret = new SecretData(Key, HashMap(("credentials.json", new SecretText(server.Credentials()))), HashMap<string, string>());
        return AllBackends.Open(wanted => wanted == Key ? Some(secret) : None, Mirror.Guarded).Open(sink, sink.Location)
            .Match(Right: it => it, Left: failure => throw new InvalidOperationException(failure.Message));
    }

    private static byte[] Bomb(int megabytes)
    {
        using var bytes = new MemoryStream();
        using (var gzip = new GZipStream(bytes, CompressionLevel.SmallestSize))
            for (var i = 0; i < megabytes; i++)
                gzip.Write(new byte[1 << 20]);
        return bytes.ToArray();
    }
}
