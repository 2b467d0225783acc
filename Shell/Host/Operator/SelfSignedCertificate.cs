using System.Net.Security;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Kollect.Core.Kubernetes;
using Kollect.Operator;
using Kollect.Operator.Kubernetes;
using Kollect.Operator.Telemetry;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Kollect.Host.Operator;

/// <summary>
/// The certificate that the replicas issue themselves and share in a Secret. Each replica reads it once a minute; the first one that finds it due writes a new
/// one, and the others are refused by its version. A certificate serves only after the webhook's configuration holds its authority, and the API server has had
/// time to see that.
/// </summary>
internal sealed partial class SelfSignedCertificate(IKubernetesApi api, OperatorOptions options, TimeProvider time, ILogger<SelfSignedCertificate> log)
    : BackgroundService, IServingCertificate
{
    private static readonly TimeSpan Steady = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(2);
    private static readonly Resource Secrets = new("", "v1", "secrets", Namespaced: true);
    private static readonly Resource Configurations = new("admissionregistration.k8s.io", "v1", "validatingwebhookconfigurations", Namespaced: false);

    private readonly ObjectName secret = new(options.LeaseNamespace, WebhookCertificates.SecretName);
    private readonly ObjectName configuration = new("", WebhookCertificates.ConfigurationName);
    private readonly string host = WebhookCertificates.Host(options.LeaseNamespace);
    private SslStreamCertificateContext? current;
    private (CertificatePair Pair, string Authorities)? served;
    private string problem = "";

    public SslStreamCertificateContext? Current => Volatile.Read(ref current);

    public string Awaited => $"the certificate in the Secret {secret}";

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (true)
                await Task.Delay(await RefreshAsync(stoppingToken) ? Steady : Retry, time, stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops.
        }
    }

    /// <summary>False = something failed, another replica was faster, or the API server has still to see an authority.</summary>
    private async Task<bool> RefreshAsync(CancellationToken cancel)
    {
        try
        {
            var stored = await StoredAsync(cancel);
            var isNew = stored.Pair != served?.Pair;
            var before = isNew ? Optional(served?.Authorities) : None;
            var isTrusted = await TrustAsync(WebhookCertificates.Trusted(stored.Authorities, before), cancel);
            problem = "";
            if (!isNew)
                return true;
            if (!isTrusted && served is not null)
                return false; // until then the certificate before is served, whose authority is trusted too
            Volatile.Write(ref current, stored.Pair.Load());
            served = stored;
            Loaded(log, $"the certificate in the Secret {secret}", current!.TargetCertificate.NotAfter.ToUniversalTime());
            return true;
        }
        catch (ApiException refused)
        {
            if (refused.Kind != ApiError.Conflict && refused.Message != problem)
                Delayed(log, problem = refused.Message);
            return false;
        }
        catch (CryptographicException damaged)
        {
            Delayed(log, $"the Secret {secret}: {damaged.GetType().Name}");
            return false;
        }
    }

    /// <summary>What the Secret holds, after what was due has been issued and written.</summary>
    private async Task<(CertificatePair Pair, string Authorities)> StoredAsync(CancellationToken cancel)
    {
        var root = await ReadAsync(Secrets, secret, cancel);
        var authority = new CertificatePair(Text(root, "ca.crt"), Text(root, "ca.key"));
        var pair = new CertificatePair(Text(root, "tls.crt"), Text(root, "tls.key"));
        var now = time.GetUtcNow();
        var (signs, serves) = (authority.Read(), pair.Read(authority));
        var need = WebhookCertificates.NeedOf(signs, serves, host, now);
        if (need == CertificateNeed.Nothing)
            return (pair, authority.Certificate);
        if (need == CertificateNeed.AuthorityAndCertificate)
        {
            var before = signs.Filter(it => it.IsValidAt(now)).Map(_ => First(authority.Certificate)).IfNone("");
            authority = CertificatePair.Authority($"{host} authority", WebhookCertificates.Issue(WebhookCertificates.AuthorityLifetime, Empty, now));
            authority = authority with { Certificate = $"{authority.Certificate}\n{before}" };
        }

        pair = authority.Sign(WebhookCertificates.Issue(WebhookCertificates.Lifetime, Seq1(host), now));
        foreach (var (key, value) in new[]
        {
            ("ca.crt", authority.Certificate), ("ca.key", authority.Key), ("tls.crt", pair.Certificate), ("tls.key", pair.Key),
        })
            (root["data"] ??= new JsonObject())[key] = Convert.ToBase64String(Encoding.UTF8.GetBytes(value));
        await api.ReplaceAsync(Secrets, secret, JsonSerializer.SerializeToUtf8Bytes(root), cancel);
        return (pair, authority.Certificate);
    }

    /// <summary>
    /// Writes the authorities into each webhook that has others; with the version that was read, so that no other writer's change is lost. True = they were
    /// there already.
    /// </summary>
    private async Task<bool> TrustAsync(string authorities, CancellationToken cancel)
    {
        var root = await ReadAsync(Configurations, configuration, cancel);
        var bundle = Convert.ToBase64String(Encoding.UTF8.GetBytes(authorities));
        var clients = root["webhooks"]!.AsArray().Select(webhook => webhook!["clientConfig"]!.AsObject()).ToArray();
        if (clients.All(it => it["caBundle"]?.ToString() == bundle))
            return true;
        foreach (var client in clients)
            client["caBundle"] = bundle;
        var patch = new JsonObject
        {
            ["metadata"] = new JsonObject { ["resourceVersion"] = root["metadata"]!["resourceVersion"]!.ToString() },
            ["webhooks"] = root["webhooks"]!.DeepClone(),
        };
        await api.MergePatchAsync(Configurations, configuration, null, JsonSerializer.SerializeToUtf8Bytes(patch), cancel);
        return false;
    }

    private async Task<JsonObject> ReadAsync(Resource resource, ObjectName name, CancellationToken cancel) =>
        await api.GetAsync(resource, name, cancel) is { } json
            ? JsonNode.Parse(json)!.AsObject()
            : throw new ApiException(ApiError.NotFound, $"{resource} {name} does not exist; apply what kollect install --webhook self-signed prints");

    /// <summary>Empty = the Secret does not hold the key.</summary>
    private static string Text(JsonObject root, string key) =>
        root["data"]?[key]?.ToString() is { } value ? Encoding.UTF8.GetString(Convert.FromBase64String(value)) : "";

    /// <summary>The first certificate of a PEM text.</summary>
    private static string First(string pem)
    {
        var found = PemEncoding.Find(pem);
        return pem[found.Location];
    }

    [LoggerMessage(
        EventId = LogEvents.WebhookCertificateIssued, EventName = nameof(LogEvents.WebhookCertificateIssued), Level = LogLevel.Information,
        Message = "The webhook serves {Certificate}, valid until {Until:yyyy-MM-dd'T'HH:mm:ss'Z'}")]
    private static partial void Loaded(ILogger log, string certificate, DateTime until);

    [LoggerMessage(
        EventId = LogEvents.WebhookCertificateDelayed, EventName = nameof(LogEvents.WebhookCertificateDelayed), Level = LogLevel.Warning,
        Message = "The certificate of the webhook cannot be issued or published yet: {Why}")]
    private static partial void Delayed(ILogger log, string why);
}
