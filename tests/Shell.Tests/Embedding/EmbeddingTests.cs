using System.Collections.Concurrent;
using System.Text;
using k8s;
using Kollect.Core.Manifests;
using Kollect.Core.Secrets;
using Kollect.Shell.Tests.Operator;
using static Kollect.Shell.Tests.Operator.Manifests;

namespace Kollect.Shell.Tests.Embedding;

/// <summary>The example of embedding the library: it compiles, it runs, and the page shows this code.</summary>
public sealed class EmbeddingTests
{
    [Fact]
    public async Task A_host_reconciles_a_sink_and_exports_a_snapshot()
    {
        var database = await PostgresServer.CreateDatabaseAsync();
        await using var server = await KubernetesServer.StartAsync();
        using var host = OperatorHost.Build(server.Kubeconfig);
        await host.StartAsync(TestContext.Current.CancellationToken);
        await server.ApplyAsync(Secret(database.Url()) + PostgresSink());
        await SinkControllerTests.WaitAsync(server, "ConnectionVerified", seconds: 20);
        await host.StopAsync(TestContext.Current.CancellationToken);

        var json = (await server.GetAsync("kdb", "inventory")).ToJsonString();
        var sink = SinkObject.Read(Encoding.UTF8.GetBytes(json)).Spec.IfLeft(_ => throw new InvalidOperationException());
        using var items = new MemoryStream(
            """{"targetName":"pods","namespace":"shop","name":"web","version":"v1","kind":"Pod","uid":"1","attributes":{}}"""u8.ToArray());
        var report = await OperatorHost.ExportAsync(
            sink,
            wanted => new SecretData(wanted, HashMap(("url", new SecretText(database.Url()))), HashMap<string, string>()),
            items,
            TestContext.Current.CancellationToken);
        Assert.Equal("Exported", report.Status);
        Assert.Equal(1, report.Outcome.Match(outcome => outcome.Inserted, () => -1));
        Assert.Equal(1L, await database.ScalarAsync<long>("SELECT count(*) FROM inventory_items"));
    }

    [Fact]
    public async Task A_host_with_a_client_of_its_own_hands_it_over_and_keeps_it()
    {
        var database = await PostgresServer.CreateDatabaseAsync();
        await using var server = await KubernetesServer.StartAsync();
        var requests = new Requests();
        using var client = new k8s.Kubernetes(KubernetesClientConfiguration.BuildConfigFromConfigFile(server.Kubeconfig), requests);
        using (var host = OperatorHost.Build(client))
        {
            await host.StartAsync(TestContext.Current.CancellationToken);
            await server.ApplyAsync(Secret(database.Url()) + PostgresSink());
            await SinkControllerTests.WaitAsync(server, "ConnectionVerified", seconds: 20);
            await host.StopAsync(TestContext.Current.CancellationToken);
        }

        Assert.Contains(requests.Paths, path => path.EndsWith("/kollectdatabasesinks/inventory/status", StringComparison.Ordinal));
        var secrets = await client.CoreV1.ListNamespacedSecretAsync("default", cancellationToken: TestContext.Current.CancellationToken);
        Assert.NotEmpty(secrets.Items);
    }

    [Theory]
    [InlineData("reconcile")]
    [InlineData("export")]
    public void The_page_shows_the_compiled_code(string part)
    {
        var source = File.ReadAllText(Repository.At("tests/Shell.Tests/Embedding/OperatorHost.cs"));
        var from = source.IndexOf($"    // docs: {part}\n", StringComparison.Ordinal) + $"    // docs: {part}\n".Length;
        var shown = source[from..source.IndexOf("    // docs: end", from, StringComparison.Ordinal)].TrimEnd();
        var flush = string.Join('\n', shown.Split('\n').Select(line => line.StartsWith("    ", StringComparison.Ordinal) ? line[4..] : line));
        Assert.Contains(flush, File.ReadAllText(Repository.At("docs/embed.md")), StringComparison.Ordinal);
    }

    /// <summary>The paths of all requests through a client.</summary>
    private sealed class Requests : DelegatingHandler
    {
        public ConcurrentQueue<string> Paths { get; } = new();

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Paths.Enqueue(request.RequestUri!.AbsolutePath);
            return base.SendAsync(request, cancellationToken);
        }
    }
}
