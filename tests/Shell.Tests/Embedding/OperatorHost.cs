using k8s;
using Kollect.Core.Exports;
using Kollect.Core.Secrets;
using Kollect.Core.Sinks;
using Kollect.Operator;
using Kollect.Operator.Kubernetes.Config;
using Kollect.Shell.Backends.Dial;
using Kollect.Shell.Exports;
using Kollect.Shell.Tests.Backends;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Kollect.Shell.Tests.Embedding;

/// <summary>The example of embedding the library: docs/embed.md contains the lines between the marks verbatim.</summary>
internal static class OperatorHost
{
    private static readonly OperatorOptions Options = new() { LeaderElection = false, Dial = new(AllowLoopback: true, DenyPrivate: false) };

    // docs: reconcile
    /// <summary>The controllers of KollectDatabaseSink in a host of your own: probes, conditions, events.</summary>
    public static IHost Build(IKubernetes client, OperatorOptions options)
    {
        var builder = new HostApplicationBuilder();
        builder.Services.AddSingleton(client); // the host's own services use it too
        builder.Services.AddKollectDatabaseSinks(client, options);
        return builder.Build();
    }

    // docs: end

    public static IHost Build(IKubernetes client) => Build(client, Options);

    /// <summary>A host without a client of its own.</summary>
    public static IHost Build(string kubeconfig)
    {
        var builder = new HostApplicationBuilder();
        builder.Services.AddKollectDatabaseSinks(KubernetesConfig.Load(kubeconfig, context: null), Options);
        return builder.Build();
    }

    // docs: export
    /// <summary>One snapshot into the database of a sink: its rows are then exactly these items, or as they were.</summary>
    public static async Task<ExportReport> ExportAsync(
        Sink sink, Func<SecretRef, Option<SecretData>> find, Stream ndjson, CancellationToken cancel)
    {
        var result = await SnapshotExport.RunAsync(
            AllBackends.Open(find, DialGuard.Unrestricted),
            sink,
            new ExportRequest("platform", "all", None, None, None, None, IncludeSecrets: false, DryRun: false),
            ndjson,
            DateTimeOffset.UtcNow,
            progress: null,
            cancel);
        return ExportReport.Of(result, DateTimeOffset.UtcNow); // Status, Message; in Outcome the counts: inserted …
    }

    // docs: end
}
