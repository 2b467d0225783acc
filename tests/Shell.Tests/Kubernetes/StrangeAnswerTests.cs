using System.Net;
using System.Text;
using Kollect.Operator.Kubernetes;
using Kollect.Operator.Kubernetes.Transport;
using static Kollect.Shell.Tests.Kubernetes.Clients;

namespace Kollect.Shell.Tests.Kubernetes;

/// <summary>Answers of proxies, and of servers that are not an API server.</summary>
public sealed class StrangeAnswerTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task HTML_answers_are_not_retried_and_redirects_not_followed()
    {
        await using var server = new Answering(context => SayAsync(
            context, context.Request.Url!.AbsolutePath.EndsWith("/moved", StringComparison.Ordinal) ? 302 : 407, "<html>\nLog in</html>"));
        using var client = ClientOf(server.Url);
        Assert.Equal("ProxyAuthenticationRequired (407)", (await FailureAsync(client, "one")).Message);
        Assert.Equal(ApiError.BadRequest, (await FailureAsync(client, "moved")).Kind);
        Assert.Equal(2, server.Asked.Length);
    }

    [Fact]
    public async Task A_damaged_or_endless_answer_is_malformed()
    {
        await using var server = new Answering(async context =>
        {
            if (context.Request.Url!.AbsolutePath.EndsWith("/damaged", StringComparison.Ordinal))
            {
                context.Response.Headers["Content-Encoding"] = "gzip";
                await SayAsync(context, 200, "no gzip");
                return;
            }

            context.Response.SendChunked = true;
            var megabyte = new byte[1 << 20];
            for (var i = 0; i < 300; i++)
                await context.Response.OutputStream.WriteAsync(megabyte, Cancel);
        });
        using var client = ClientOf(server.Url);
        Assert.Equal(ApiError.Malformed, (await FailureAsync(client, "damaged")).Kind);
        var endless = await FailureAsync(client, "endless");
        Assert.Equal((ApiError.Malformed, "the API server's answer is over 256 MiB; is this the API server?"), (endless.Kind, endless.Message));
    }

    [Theory]
    [InlineData("")]
    [InlineData("no JSON")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"apiVersion":"v1","kind":"ConfigMapList","metadata":{"resourceVersion":"1"},"items":[1]}""")]
    [InlineData("""{"apiVersion":"v1","kind":"ConfigMapList","metadata":{"resourceVersion":"1"},"items":{}}""")]
    [InlineData("""{"apiVersion":"v1","kind":7,"metadata":{"resourceVersion":"1"},"items":[]}""")]
    [InlineData("""{"apiVersion":"v1","kind":null,"metadata":{"resourceVersion":"1"},"items":[],"resources":[{"name":null}]}""")]
    [InlineData("""{"apiVersion":null,"kind":"L","metadata":{"resourceVersion":"1"},"items":[{}],"resources":[{"name":"a","kind":null,"namespaced":true}]}""")]
    [InlineData("""{"apiVersion":"v1","kind":"List","metadata":{"resourceVersion":null},"items":[],"resources":[{"name":"a","kind":"A"}]}""")]
    public async Task An_answer_that_is_not_a_list_is_malformed(string body)
    {
        await using var server = new Answering(context => SayAsync(context, 200, body));
        using var client = ClientOf(server.Url);
        var failure = await Assert.ThrowsAsync<ApiException>(() => client.ListAsync(ConfigMaps, Selection.All, Cancel).ToListAsync(Cancel).AsTask());
        Assert.Equal(ApiError.Malformed, failure.Kind);
        Assert.Equal(ApiError.Malformed, (await Assert.ThrowsAsync<ApiException>(() => client.DiscoverAsync("", "v1", Cancel))).Kind);
    }

    /// <summary>Equal keys, wrong bytes, and half a surrogate pair in a name show only when the Lease is written again.</summary>
    [Theory]
    [InlineData("""{"spec":null,"spec":{}}""")]
    [InlineData("""{"spec":{"leaseTransitions":1,"leaseTransitions":2}}""")]
    [InlineData("""{"metadata":{"labels":{"a":"1","a":"2"}},"spec":{}}""")]
    [InlineData("""{"metadata":{"labels":{"\ud800":"1"}},"spec":{}}""")]
    [InlineData("""{"metadata":{"labels":{"a":"\ud800"}},"spec":{}}""")]
    [InlineData("{\"metadata\":{\"\u0080\":\"\"}}")]
    [InlineData("{\"metadata\":{\"annotations\":{\"kollect.dev/requested-by\":\"\u0080\"}}}")]
    [InlineData("""{"spec":[]}""")]
    public void A_damaged_Lease_is_malformed(string lease) =>
        Assert.Equal(ApiError.Malformed, Assert.Throws<ApiException>(() => StoredLease.Read(Encoding.Latin1.GetBytes(lease))).Kind);

    [Fact]
    public async Task Lists_encoded_as_null_by_Go_are_empty()
    {
        const string Body = """
            {"apiVersion":"v1","kind":"ConfigMapList","metadata":{"resourceVersion":"7"},"items":null,
             "resources":[{"name":"tokenreviews","kind":"TokenReview","namespaced":false,"verbs":null}]}
            """;
        await using var server = new Answering(context => SayAsync(context, 200, Body));
        using var client = ClientOf(server.Url);
        var page = Assert.Single(await client.ListAsync(ConfigMaps, Selection.All, Cancel).ToListAsync(Cancel));
        Assert.Equal(("7", 0), (page.ResourceVersion, page.Items.Count));
        Assert.Empty(Assert.Single(await client.DiscoverAsync("authentication.k8s.io", "v1", Cancel)).Verbs);
    }

    [Fact]
    public async Task A_closed_port_an_unknown_name_and_a_server_without_TLS_have_different_messages()
    {
        var url = "";
        await using (var server = new Answering(_ => Task.CompletedTask))
        {
            url = server.Url;
            using var tls = ClientOf(url.Replace("http:", "https:", StringComparison.Ordinal), new HurriedTime(50));
            Assert.StartsWith("the API server cannot be reached: ", (await FailureAsync(tls, "one")).Message, StringComparison.Ordinal);
        }

        using var closed = ClientOf(url, new HurriedTime(50));
        Assert.Equal("the API server cannot be reached: connection refused", (await FailureAsync(closed, "one")).Message);
        using var nowhere = ClientOf("http://no-such-host.invalid/", new HurriedTime(50));
        Assert.Equal("the API server cannot be reached: its name has no address", (await FailureAsync(nowhere, "one")).Message);
    }

    [Property]
    public void Every_failure_message_is_one_line(int code, byte[] bytes, string? message)
    {
        var status = (HttpStatusCode)(100 + Math.Abs(code % 500));
        foreach (var body in new[] { bytes, JsonBody(message ?? ""), "{\"message\":\"\\ud800\"}"u8.ToArray() })
        {
            var failure = ApiErrors.Of(status, null, body, default);
            Assert.Equal((int)status, failure.Status);
            Assert.Equal(-1, failure.Message.AsSpan().IndexOfAny("\r\n\f\u0085\u2028\u2029"));
            Assert.InRange(failure.Message.Length, 0, 1_199);
        }
    }

    private static byte[] JsonBody(string message) => System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(
        new { message = message + "\r\n\u2028" + new string('m', message.Length * 100), reason = message });

    private static Task<ApiException> FailureAsync(KubernetesApi client, string name) =>
        Assert.ThrowsAsync<ApiException>(() => client.GetAsync(ConfigMaps, Named(name), Cancel));

    private static async Task SayAsync(HttpListenerContext context, int status, string body)
    {
        context.Response.StatusCode = status;
        if (status == 302)
            context.Response.RedirectLocation = "http://127.0.0.1:1/elsewhere";
        await context.Response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(body), Cancel);
    }
}
