using System.Net;
using System.Net.Sockets;
using static Kollect.Shell.Tests.Operator.Inventories.InventoryManifests;

namespace Kollect.Shell.Tests.Operator;

/// <summary>The overview at the operator's HTTP port.</summary>
public sealed class StatusPageTests
{
    private const string Sink =
        """
        apiVersion: kollect.dev/v1alpha1
        kind: KollectDatabaseSink
        metadata: {name: inventory}
        spec:
          type: postgres
          cluster: east
          connectionTest: false
          postgres: {databaseRef: {name: dsn}, table: "<script>alert(1)</script>"}
        ---

        """;

    [Fact]
    public async Task The_overview_is_a_page_without_script_whose_texts_are_escaped()
    {
        await using var server = await KubernetesServer.StartAsync(new KubernetesOptions { Needs = "an operator over all namespaces" });
        await server.ApplyAsync(
            Sink + Profile() + Target() + Inventory() + ClusterInventory("{name: inventory, namespace: default}", spec: "targetRefs: [missing]"));
        await using var program = await OperatorProgram.StartAsync(server, "--leader-election", "false");
        await Eventually.HoldsAsync(async () => (await server.GetAsync("kinv", "all"))["status"]?["conditions"] is not null);
        using var answer = await program.Http.GetAsync(new Uri("", UriKind.Relative), TestContext.Current.CancellationToken);
        var page = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Equal((HttpStatusCode.OK, "text/html"), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
        Assert.Contains("inventory <b>default/all</b><td>", page, StringComparison.Ordinal);
        Assert.Contains("cluster inventory <b>everything</b><td>", page, StringComparison.Ordinal);
        Assert.Contains("0 of 2 inventories ready", page, StringComparison.Ordinal);
        Assert.Contains("public.&lt;script&gt;alert(1)&lt;/script&gt;", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", page, StringComparison.Ordinal);
        Assert.StartsWith("default-src 'none'", Assert.Single(answer.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
        using var post = await program.Http.PostAsync(new Uri("", UriKind.Relative), null, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, post.StatusCode);
    }

    /// <summary>As a neighbour in the cluster asks, and a browser that was led here by another site's name.</summary>
    [Fact]
    public async Task Another_machine_is_told_how_to_forward_the_port()
    {
        await using var program = await OperatorProgram.StartAloneAsync(webhookPort: 0);
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("", UriKind.Relative));
        request.Headers.Host = "kollect-metrics.kollect-system:8080";
        await AssertForbiddenAsync(program.Http, request);
        foreach (var address in await Dns.GetHostAddressesAsync(Dns.GetHostName(), AddressFamily.InterNetwork, TestContext.Current.CancellationToken))
            if (!IPAddress.IsLoopback(address))
                await AssertForbiddenAsync(
                    program.Http,
                    new HttpRequestMessage(HttpMethod.Get, new UriBuilder(program.Http.BaseAddress!) { Host = address.ToString() }.Uri)
                    {
                        Headers = { Host = "localhost" },
                    });
    }

    [Fact]
    public async Task Without_an_API_server_the_page_says_so()
    {
        await using var program = await OperatorProgram.StartAloneAsync(webhookPort: 0);
        using var answer = await program.Http.GetAsync(new Uri("", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Contains(
            ">the API server cannot be reached: connection refused</p>",
            await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken),
            StringComparison.Ordinal);
    }

    private static async Task AssertForbiddenAsync(HttpClient http, HttpRequestMessage request)
    {
        using var answer = await http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Contains("kubectl port-forward", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }
}
