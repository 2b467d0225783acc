using System.Collections.Concurrent;
using k8s;
using Kollect.Core.Failures;
using Kollect.Operator;
using Kollect.Shell.Tests.Operator;
using Microsoft.Extensions.Hosting;
using static Kollect.Shell.Tests.Operator.Manifests;

namespace Kollect.Shell.Tests.Embedding;

/// <summary>The controllers in a host that has a client of the API server already.</summary>
public sealed class EmbeddingTests
{
    [Fact]
    public async Task A_host_with_a_client_of_its_own_hands_it_over_and_keeps_it()
    {
        var database = await PostgresServer.CreateDatabaseAsync();
        await using var server = await KubernetesServer.StartAsync();
        var requests = new Requests();
        using var client = new k8s.Kubernetes(KubernetesClientConfiguration.BuildConfigFromConfigFile(server.Kubeconfig), requests);
        using (var host = HostWith(client))
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

    private static IHost HostWith(IKubernetes client)
    {
        var builder = new HostApplicationBuilder();
        builder.Services.AddKollectDatabaseSinks(
            client, new OperatorOptions { LeaderElection = false, Dial = new DialPolicy(AllowLoopback: true, DenyPrivate: false) });
        return builder.Build();
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
