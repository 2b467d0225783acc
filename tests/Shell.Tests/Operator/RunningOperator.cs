using System.Collections.Concurrent;
using Kollect.Core.Failures;
using Kollect.Operator;
using Kollect.Operator.Collection;
using Kollect.Operator.Controllers;
using Kollect.Operator.Kubernetes;
using Kollect.Operator.Kubernetes.Config;
using Kollect.Operator.Kubernetes.Transport;
using Kollect.Operator.Telemetry;
using Kollect.Shell.Tests.Backends;
using Microsoft.Extensions.Logging;

namespace Kollect.Shell.Tests.Operator;

/// <summary>The operator in the process of the test, with the API server of the test.</summary>
internal sealed class RunningOperator : IAsyncDisposable
{
    public static readonly OperatorOptions Alone = new()
    {
        Backends = AllBackends.List,
        LeaderElection = false,
        Dial = new DialPolicy(AllowLoopback: true, DenyPrivate: false),
        SecretInterval = TimeSpan.FromSeconds(2), // what a test changes in a Secret shows at once
    };

    private readonly KubernetesApi client;
    private readonly OperatorService service;
    private readonly Lines logs;

    private readonly PrometheusText metrics;

    private RunningOperator(KubernetesApi client, OperatorService service, Lines logs, PrometheusText metrics) =>
        (this.client, this.service, this.logs, this.metrics) = (client, service, logs, metrics);

    /// <summary>The lines of the log so far, of every level.</summary>
    public IReadOnlyCollection<string> Log => logs.All;

    /// <summary>What the operator serves at <c>/metrics</c>.</summary>
    public string Metrics() => metrics.Write();

    public bool IsLeader => service.IsLeader;

    /// <param name="options">Null = no leader election, and loopback is allowed.</param>
    /// <param name="kubeconfig">Path of a file; null = that of an administrator.</param>
    /// <param name="source">Null = the objects in the cluster.</param>
    /// <param name="time">Null = the clock of the system.</param>
    public static async Task<RunningOperator> StartAsync(
        KubernetesServer server,
        OperatorOptions? options = null,
        string? kubeconfig = null,
        IInventorySource? source = null,
        TimeProvider? time = null)
    {
        time ??= TimeProvider.System;
        var scope = await server.ScopeAsync();
        options ??= Alone;
        if (scope.Namespace.Length > 0)
            options = options with { Namespace = scope.Namespace };
        var config = KubernetesConfig.Load(kubeconfig ?? scope.Kubeconfig, null);
        var client = KubernetesApi.Connect(config, time);
        var logs = new Lines();
        var metrics = new KollectMetrics();
        var lease = new LeaseTime(time);
        var service = new OperatorService(
            client,
            source ?? new KubernetesSource(new FencedApi(client, lease), options.Collection, metrics, time, logs),
            options,
            metrics,
            lease,
            time,
            logs);
        await service.StartAsync(TestContext.Current.CancellationToken);
        return new RunningOperator(client, service, logs, new PrometheusText(metrics));
    }

    public async ValueTask DisposeAsync()
    {
        await service.StopAsync(CancellationToken.None);
        service.Dispose();
        client.Dispose();
        metrics.Dispose();
    }

    private sealed class Lines : ILoggerFactory, ILogger
    {
        private readonly ConcurrentQueue<string> lines = new();

        public IReadOnlyCollection<string> All => lines;

        public ILogger CreateLogger(string categoryName) => this;

        public void AddProvider(ILoggerProvider provider)
        {
        }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            lines.Enqueue($"{logLevel}: {formatter(state, exception)}{(exception is null ? "" : " " + exception)}");

        public void Dispose()
        {
        }
    }
}
