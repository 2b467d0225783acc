using System.CommandLine;
using Kollect.Core.Collection;
using Kollect.Core.Failures;
using Kollect.Core.Formatting;
using Kollect.Core.Kubernetes;
using Kollect.Core.Manifests;
using Kollect.Core.Secrets;
using Kollect.Host.Operator;
using Kollect.Host.Output;
using Kollect.Operator;
using Kollect.Operator.Kubernetes.Config;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Cli = System.CommandLine;
using MicrosoftHost = Microsoft.Extensions.Hosting.Host;

namespace Kollect.Host.Commands;

/// <summary><c>kollect operator</c>.</summary>
internal static class OperatorCommand
{
    private static readonly Cli.Option<string> Namespace = new("--namespace", "-n")
    {
        Description = "Watch only the sinks, inventories and targets of this namespace, and collect from nowhere else; default: all. "
            + "Instead of the ClusterRole it needs a Role there (list, watch, patch: kollectdatabasesinks, kollectinventories; list, watch: kollecttargets, "
            + "kollectprofiles, what is collected; patch: their status; get: secrets; create: events; get, list, create, update: leases, with "
            + "--leader-election-namespace), and of the cluster get, list, watch of this one among namespaces: Shell/Host/deploy/one-namespace.yaml.",
        HelpName = "NAME",
        DefaultValueFactory = _ => "",
    };

    private static readonly Cli.Option<bool> LeaderElection = new("--leader-election")
    {
        Description = "Work only while holding a Lease. Switch it off only where a single process runs.",
        DefaultValueFactory = _ => true,
    };

    private static readonly Cli.Option<int> Shards = new("--shards")
    {
        Description = "Shards that the replicas share: inventories and sinks belong to a shard by their uid, and each replica holds as many shards as the "
            + "others, or one more. 1 to 64, the same for all replicas: while one with another number works, this one waits. 1 = one replica does all.",
        HelpName = "N",
        DefaultValueFactory = _ => 1,
    };

    private static readonly Cli.Option<string> LeaseNamespace = new("--leader-election-namespace")
    {
        Description = "Namespace of the Lease; default: the namespace of the pod, or of the context.",
        HelpName = "NAME",
        DefaultValueFactory = _ => "",
    };

    private static readonly Cli.Option<string> LeaseName = new("--leader-election-id")
    {
        Description = "Name of the Lease; with several shards, the names of their Leases begin with it.",
        HelpName = "NAME",
        DefaultValueFactory = _ => "kollect-operator",
    };

    private static readonly Cli.Option<int> WebhookPort = Port("--webhook-port", 9443, "POST /validate over TLS; 0 = no webhook.");

    private static readonly Cli.Option<string> WebhookFolder = new("--webhook-cert-dir")
    {
        Description = "Folder with tls.crt and tls.key, read again when they change.",
        HelpName = "DIR",
        DefaultValueFactory = _ => "/etc/kollect/webhook",
    };

    private static readonly Cli.Option<bool> WebhookSelfSigned = new("--webhook-self-signed")
    {
        Description = "Issue the webhook's certificate, instead of reading it from --webhook-cert-dir: the replicas keep it in the Secret "
            + $"{WebhookCertificates.SecretName} beside their Lease, renew it, and write its authority into the ValidatingWebhookConfiguration "
            + $"{WebhookCertificates.ConfigurationName}; both must exist (kollect install --webhook self-signed).",
    };

    private static readonly Cli.Option<int> HttpPort = Port(
        "--http-port", 8080, "/healthz, /readyz, /metrics, and for this machine alone / with the overview of kollect status; 0 = none of them.");

    private static readonly Cli.Option<bool> AllowLoopback = new("--allow-loopback-sinks")
    {
        Description = "Let sinks connect to this machine itself (127.0.0.0/8, ::1, unix sockets). For tests only.",
    };

    private static readonly Cli.Option<bool> DenyPrivate = new("--deny-private-sinks")
    {
        Description = "Refuse sinks on private addresses (10/8, 172.16/12, 192.168/16, fc00::/7 ...).",
    };

    private static readonly Cli.Option<string> CrossNamespaceSecrets = new Cli.Option<string>("--cross-namespace-secrets")
    {
        Description = "May a sink use a Secret of another namespace? granted: where the Secret's annotation "
            + SecretAccess.Annotation + " names the sink's namespace; allow: every one, but a login only beside the Secret "
            + "that names its server, so that who may create a sink uses the Secrets of all; deny.",
        DefaultValueFactory = _ => "granted",
    }.AcceptOnlyFromAmong("granted", "allow", "deny");

    private static readonly Cli.Option<bool> TargetsAcrossNamespaces = new("--targets-across-namespaces")
    {
        Description = "Let a KollectTarget collect from every namespace, and objects without one. Otherwise it collects from its own namespace, and from "
            + "those whose annotation " + NamespaceGrants.Annotation + " names that one; a KollectClusterTarget collects from all in any case.",
    };

    private static readonly Cli.Option<int> MaxConcurrentProbes = new("--max-concurrent-probes")
    {
        Description = "Probes at once; destinations that failed last have a quarter of that for themselves. One namespace has a quarter of either at most.",
        HelpName = "N",
        DefaultValueFactory = _ => 64,
    };

    private static readonly Cli.Option<int> MaxConcurrentExports = new("--max-concurrent-exports")
    {
        Description = "Exports at once; through sinks that failed last a quarter of that, for themselves. One namespace has a quarter of either at most.",
        HelpName = "N",
        DefaultValueFactory = _ => 16,
    };

    private static readonly Cli.Option<string> ExportTimeout = new("--export-timeout")
    {
        Description = "An export that takes longer is cancelled, rolled back and tried again later. 1s to 24h.",
        HelpName = "DURATION",
        DefaultValueFactory = _ => "15m",
    };

    private static readonly Cli.Option<string> SecretInterval = new("--secret-interval")
    {
        Description = "The interval at which each Secret in use is read; sooner after a failed probe or export. "
            + "Each export reads its Secrets anyway. 2s to 24h.",
        HelpName = "DURATION",
        DefaultValueFactory = _ => "30s",
    };

    private static readonly Cli.Option<string> LogFormat = new Cli.Option<string>("--log-format")
    {
        Description = "json: one object a line, for machines; console: for people.",
        DefaultValueFactory = _ => "json",
    }.AcceptOnlyFromAmong("json", "console");

    private static readonly Cli.Option<string> LogLevel = new Cli.Option<string>("--log-level")
    {
        DefaultValueFactory = _ => "info",
        Description = "The least that is logged.",
    }.AcceptOnlyFromAmong("debug", "info", "warning", "error");

    public static Command Create()
    {
        var command = new Command(
            "operator",
            """
            Collect and export the inventories of a cluster until SIGTERM.
            It validates our objects at admission, probes the sinks' destinations, collects what profiles and targets ask for, mirrors it to the
            sinks, and keeps every status true. After SIGTERM it stops within 10 s.

            Examples:
              kubectl apply -k Shell/Host/deploy                      two replicas in the cluster
              kollect operator --log-format console --webhook-port 0  on your machine, against the current context

            With OTEL_EXPORTER_OTLP_ENDPOINT set, metrics and traces go there as well.
            Exit codes: 0 stopped, 1 the configuration cannot be used, 2 usage.
            """)
        {
            ClusterOptions.Kubeconfig, ClusterOptions.Context, Namespace, LeaderElection, LeaseNamespace, LeaseName, Shards, WebhookPort, WebhookFolder,
            WebhookSelfSigned, HttpPort, AllowLoopback, DenyPrivate, CrossNamespaceSecrets, TargetsAcrossNamespaces, MaxConcurrentProbes,
            MaxConcurrentExports, ExportTimeout, SecretInterval, LogFormat, LogLevel,
        };
        foreach (var option in new[] { MaxConcurrentProbes, MaxConcurrentExports })
            option.Validators.Add(result =>
            {
                if (result.GetValueOrDefault<int>() is < 1 or > 1_000)
                    result.AddError($"{option.Name} must lie between 1 and 1000");
            });
        Shards.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 or > Shard.MaxCount)
                result.AddError($"{Shards.Name} must lie between 1 and {Shard.MaxCount}");
        });
        command.Validators.Add(result =>
        {
            if (result.GetValue(Shards) > 1 && result.GetResult(LeaderElection) is { Implicit: false } election && !election.GetValueOrDefault<bool>())
                result.AddError($"{Shards.Name} above 1 needs {LeaderElection.Name}: without it every replica would do all the work");
        });
        foreach (var (option, rule) in new[]
        {
            (Namespace, FlagRules.Namespace), (LeaseNamespace, FlagRules.Namespace), (LeaseName, (Func<string, LanguageExt.Option<string>>)FlagRules.Name),
        })
            option.Validators.Add(result =>
            {
                if (result.Tokens is [{ Value: { Length: > 0 } text }])
                    foreach (var why in rule(text))
                        result.AddError($"{option.Name}: {why}");
            });
        Validate(ExportTimeout, shortest: 1, "15m");
        Validate(SecretInterval, shortest: 2, "30s");
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancel)
    {
        KubernetesConfig config;
        try
        {
            config = ClusterOptions.Load(parsed);
        }
        catch (KubernetesConfigException wrong)
        {
            Terminal.Error(wrong.Message);
            return ExitCode.Refused;
        }

        return await ListeningPorts.Open((HttpPort.Name, parsed.GetValue(HttpPort)), (WebhookPort.Name, parsed.GetValue(WebhookPort))).MatchAsync(
            RightAsync: ports => RunAsync(parsed, config, ports, cancel),
            Left: refused =>
            {
                Terminal.Error(refused);
                return ExitCode.Refused;
            });
    }

    private static async Task<int> RunAsync(ParseResult parsed, KubernetesConfig config, ListeningPorts opened, CancellationToken cancel)
    {
        using var ports = opened;

        // MongoDB's driver blocks its thread: without spare threads a few dead servers would delay all other work.
        ThreadPool.GetMinThreads(out _, out var io);
        ThreadPool.SetMinThreads((parsed.GetValue(MaxConcurrentProbes) * 2) + parsed.GetValue(MaxConcurrentExports), io);

        var builder = MicrosoftHost.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Logging.AddKollect(parsed.GetValue(LogFormat)!, parsed.GetValue(LogLevel)!);
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromSeconds(8));
        builder.Services.AddKollectDatabaseSinks(config, Options(parsed));
        builder.Services.AddOperatorServer(new OperatorServerOptions(
            parsed.GetValue(HttpPort), parsed.GetValue(WebhookPort), parsed.GetValue(WebhookFolder)!, parsed.GetValue(WebhookSelfSigned)), ports);
        using var host = builder.Build();
        using var telemetry = Telemetry.Start();
        await host.RunAsync(cancel);
        return ExitCode.Done;
    }

    private static OperatorOptions Options(ParseResult parsed) => new()
    {
        Backends = BuiltIn.Backends,
        Namespace = parsed.GetValue(Namespace)!,
        CrossNamespaceSecrets = Enum.Parse<CrossNamespacePolicy>(parsed.GetValue(CrossNamespaceSecrets)!, ignoreCase: true),
        TargetsAcrossNamespaces = parsed.GetValue(TargetsAcrossNamespaces),
        Dial = new DialPolicy(parsed.GetValue(AllowLoopback), parsed.GetValue(DenyPrivate)),
        MaxConcurrentProbes = parsed.GetValue(MaxConcurrentProbes),
        MaxConcurrentExports = parsed.GetValue(MaxConcurrentExports),
        ExportTimeout = Duration(parsed, ExportTimeout),
        SecretInterval = Duration(parsed, SecretInterval),
        // In a pod the machine name is the name of the pod; the suffix makes each start of the process distinct.
        Instance = FormattableString.Invariant($"{Environment.MachineName}_{Guid.NewGuid().ToString("N")[..8]}"),
        LeaderElection = parsed.GetValue(LeaderElection),
        LeaseNamespace = parsed.GetValue(LeaseNamespace)!,
        LeaseName = parsed.GetValue(LeaseName)!,
        Shards = parsed.GetValue(Shards),
    };

    private static TimeSpan Duration(ParseResult parsed, Cli.Option<string> option) =>
        GoDuration.Parse(parsed.GetValue(option)!).IfNone(() => throw new System.Diagnostics.UnreachableException());

    /// <param name="shortest">In seconds.</param>
    private static void Validate(Cli.Option<string> option, int shortest, string example) => option.Validators.Add(result =>
    {
        var duration = GoDuration.Parse(result.GetValueOrDefault<string>() ?? "");
        if (!duration.Exists(it => it >= TimeSpan.FromSeconds(shortest) && it <= TimeSpan.FromHours(24)))
            result.AddError(FormattableString.Invariant($"{option.Name} must be a duration from {shortest}s to 24h, such as {example}"));
    });

    private static Cli.Option<int> Port(string name, int port, string description)
    {
        var option = new Cli.Option<int>(name) { Description = description, HelpName = "PORT", DefaultValueFactory = _ => port };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 0 or > 65_535)
                result.AddError($"{name} must lie between 0 and 65535");
        });
        return option;
    }
}
