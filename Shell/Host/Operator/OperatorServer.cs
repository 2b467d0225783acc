using System.Net.Security;
using System.Security.Authentication;
using Kollect.Operator.Collection;
using Kollect.Operator.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Kollect.Host.Operator;

/// <summary>Ports of the operator, on all addresses.</summary>
/// <param name="HttpPort">Health, readiness, metrics and the overview; 0 = none.</param>
/// <param name="WebhookPort">Admission, over TLS; 0 = none.</param>
/// <param name="CertificateFolder">Holds tls.crt and tls.key.</param>
/// <param name="SelfSigned">The operator issues its certificate itself; the folder has no effect.</param>
internal sealed record OperatorServerOptions(int HttpPort, int WebhookPort, string CertificateFolder, bool SelfSigned);

/// <summary>The operator's HTTP server: health for the kubelet, metrics for Prometheus, admission for the API server.</summary>
internal sealed class OperatorServer(
    OperatorServerOptions options,
    ListeningPorts ports,
    PrometheusText metrics,
    StatusPage status,
    IServingCertificate certificate,
    ScopeReader scopes,
    ILoggerFactory logs)
    : IHostedService, IDisposable
{
    private readonly Webhook webhook = new(scopes);
    private WebApplication? web;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (options is { HttpPort: 0, WebhookPort: 0 })
            return;
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton(logs);
        builder.Services.AddRoutingCore();
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(Listen)
            .UseSockets(sockets => sockets.CreateBoundListenSocket = ports.Take);
        web = builder.Build();
        web.Use(OnlyItsPort);
        web.MapGet("/", (Delegate)status.AnswerAsync);
        web.MapGet("/healthz", () => Results.Text("ok\n"));
        web.MapGet("/readyz", Ready);
        web.MapGet("/metrics", () => Results.Text(metrics.Write(), PrometheusText.ContentType));
        web.MapPost(Webhook.Path, webhook.AnswerAsync);
        await web.StartAsync(cancellationToken);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (web is not null)
            await web.StopAsync(cancellationToken);
    }

    public void Dispose() => (web as IDisposable)?.Dispose();

    private void Listen(KestrelServerOptions kestrel)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = Webhook.MaxReview;
        kestrel.Limits.MaxConcurrentConnections = 1_000;
        kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
        if (options.HttpPort != 0)
            kestrel.ListenAnyIP(options.HttpPort);
        if (options.WebhookPort != 0)
            kestrel.ListenAnyIP(options.WebhookPort, listen => listen.UseHttps(new TlsHandshakeCallbackOptions
            {
                HandshakeTimeout = TimeSpan.FromSeconds(5),
                OnConnection = _ => new ValueTask<SslServerAuthenticationOptions>(Tls()),
            }));
    }

    /// <summary>Without a certificate the handshake fails, and /readyz reports why.</summary>
    private SslServerAuthenticationOptions Tls() => new()
    {
        EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
        ServerCertificateContext = certificate.Current ?? throw new AuthenticationException("there is no certificate yet"),
    };

    /// <summary>Serves admission on the TLS port only, and nothing else there, so that a network policy can separate the two ports.</summary>
    private static Task OnlyItsPort(HttpContext context, RequestDelegate next)
    {
        if (context.Request.IsHttps == (context.Request.Path == Webhook.Path))
            return next(context);
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    }

    /// <summary>A replica that does not lead is ready too: it answers admission requests.</summary>
    private IResult Ready()
    {
        var hasCertificate = options.WebhookPort == 0 || certificate.Current is not null;
        return Results.Text(
            hasCertificate ? "ok\n" : $"webhook: waiting for {certificate.Awaited}\n",
            statusCode: hasCertificate ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
    }
}

/// <summary>Adds the server to a host.</summary>
internal static class OperatorServerServices
{
    public static IServiceCollection AddOperatorServer(this IServiceCollection services, OperatorServerOptions options, ListeningPorts ports) => services
        .AddSingleton(options)
        .AddSingleton(ports)
        .AddSingleton<PrometheusText>()
        .AddSingleton<StatusPage>()
        .AddSingleton<ScopeReader>()
        .AddCertificate(options)
        .AddSingleton<OperatorServer>()
        .AddSingleton<IHostedService>(provider => provider.GetRequiredService<OperatorServer>());

    private static IServiceCollection AddCertificate(this IServiceCollection services, OperatorServerOptions options) =>
        options is { SelfSigned: true, WebhookPort: not 0 }
            ? services
                .AddSingleton<SelfSignedCertificate>()
                .AddSingleton<IServingCertificate>(provider => provider.GetRequiredService<SelfSignedCertificate>())
                .AddSingleton<IHostedService>(provider => provider.GetRequiredService<SelfSignedCertificate>())
            : services.AddSingleton<IServingCertificate>(provider => new WebhookCertificate(
                options.CertificateFolder,
                provider.GetRequiredService<TimeProvider>(),
                provider.GetRequiredService<ILogger<WebhookCertificate>>()));
}
