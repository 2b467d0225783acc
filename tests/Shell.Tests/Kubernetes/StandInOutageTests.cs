using System.Diagnostics;
using System.Net.Sockets;
using Kollect.Operator.Kubernetes;
using static Kollect.Shell.Tests.Kubernetes.Clients;

namespace Kollect.Shell.Tests.Kubernetes;

/// <summary>Outages of the stand-in API server, and the loss of a permission.</summary>
public sealed class StandInOutageTests
{
    private static readonly bool Soak = Environment.GetEnvironmentVariable("KOLLECT_SOAK") is { Length: > 0 };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_outage_cuts_every_connection_and_refuses_new_ones_for_its_time()
    {
        var time = Soak ? TimeSpan.FromMinutes(2) : TimeSpan.FromSeconds(3);
        await using var server = await KubernetesServer.StartAsync();
        using var client = server.Client();
        await client.CreateAsync("one", "1");
        // One idle connection, and one with a running watch.
        using var open = new TcpClient();
        await open.ConnectAsync("127.0.0.1", server.Port, Cancel);
        var version = (await client.ListAsync(ConfigMaps, Selection.All, Cancel).FirstAsync(Cancel)).ResourceVersion;
        var watching = client.WatchAsync(ConfigMaps, Selection.All, version, Cancel).ToListAsync(Cancel).AsTask();
        await Eventually.HoldsAsync(async () => (await server.RequestsAsync()).Counts.ContainsKey("admin watch configmaps"));

        var begun = Stopwatch.StartNew();
        await server.OutageAsync(time);
        Assert.Equal(0, await EndOfAsync(open));
        Assert.Equal(ApiError.Unavailable, (await Assert.ThrowsAsync<ApiException>(() => watching)).Kind);
        Assert.True(await RefusesAsync());
        await Eventually.HoldsAsync(async () => !await RefusesAsync(), (int)time.TotalSeconds + 10);
        Assert.InRange(begun.Elapsed, time - TimeSpan.FromMilliseconds(100), time + TimeSpan.FromSeconds(2));
        Assert.Equal("1", Field(await client.GetAsync(ConfigMaps, Named("one"), Cancel), "data.it"));

        async Task<bool> RefusesAsync()
        {
            using var knock = new TcpClient();
            try
            {
                await knock.ConnectAsync("127.0.0.1", server.Port, Cancel);
                return false;
            }
            catch (SocketException refusal) when (refusal.SocketErrorCode == SocketError.ConnectionRefused)
            {
                return true;
            }
        }
    }

    [Fact]
    public async Task A_revoked_permission_ends_no_watch_but_refuses_the_next_one()
    {
        await using var server = await KubernetesServer.StartAsync(new KubernetesOptions { EnforceRbac = true });
        await server.ApplyAsync(Reader);
        await server.AddTokenAsync("token-of-the-reader", "reader");
        using var reader = server.Client("token-of-the-reader");
        using var client = server.Client();
        var version = (await reader.ListAsync(ConfigMaps, Selection.All, Cancel).FirstAsync(Cancel)).ResourceVersion;
        var events = reader.WatchAsync(ConfigMaps, Selection.All, version, Cancel).OfType<WatchEvent.Seen>().GetAsyncEnumerator(Cancel);
        await using (events)
        {
            var first = events.MoveNextAsync();
            await client.CreateAsync("one");
            Assert.True(await first);

            await server.PatchAsync("clusterrole", "reader", """{"rules":[]}""");
            await client.CreateAsync("two");
            Assert.True(await events.MoveNextAsync());
            Assert.Equal("two", Field(events.Current.Object, "metadata.name"));

            await server.DropWatchesAsync();
            await Assert.ThrowsAsync<ApiException>(async () => await events.MoveNextAsync());
        }

        var refused = await Assert.ThrowsAsync<ApiException>(
            () => reader.WatchAsync(ConfigMaps, Selection.All, version, Cancel).ToListAsync(Cancel).AsTask());
        Assert.Equal(403, refused.Status);
        Assert.Equal(
            """configmaps is forbidden: User "reader" cannot watch resource "configmaps" in API group "" at the cluster scope (403 Forbidden)""",
            refused.Message);
        var list = await Assert.ThrowsAsync<ApiException>(
            () => reader.ListAsync(ConfigMaps, Selection.All, Cancel).ToListAsync(Cancel).AsTask());
        Assert.Equal(403, list.Status);
    }

    private const string Reader = """
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRole
        metadata: {name: reader}
        rules: [{apiGroups: [""], resources: [configmaps], verbs: [get, list, watch]}]
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRoleBinding
        metadata: {name: reader}
        roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: reader}
        subjects: [{kind: User, name: reader, apiGroup: rbac.authorization.k8s.io}]
        """;

    /// <summary>Reads one byte; 0 = the server has closed the connection.</summary>
    private static async Task<int> EndOfAsync(TcpClient open)
    {
        try
        {
            return await open.GetStream().ReadAsync(new byte[1], Cancel).AsTask().WaitAsync(TimeSpan.FromSeconds(10), Cancel);
        }
        catch (IOException)
        {
            return 0;
        }
    }
}
