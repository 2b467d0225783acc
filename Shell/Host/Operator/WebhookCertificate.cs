using System.Net.Security;
using System.Security.Cryptography;
using System.Text;
using Kollect.Operator.Telemetry;
using Microsoft.Extensions.Logging;

namespace Kollect.Host.Operator;

/// <summary>
/// The pair <c>tls.crt</c> and <c>tls.key</c> of a folder that another program renews, e.g. a mounted Secret. The files are read again on use, at most
/// once a second. While certificate and key do not match, the previous pair stays in use.
/// </summary>
internal sealed partial class WebhookCertificate(string folder, TimeProvider time, ILogger<WebhookCertificate> log) : IServingCertificate
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly string certificateFile = Path.Combine(folder, "tls.crt");
    private readonly string keyFile = Path.Combine(folder, "tls.key");
    private readonly Lock gate = new();
    private SslStreamCertificateContext? current;
    private byte[] tried = [];
    private string problem = "";
    private long? readAt;

    public string Awaited => $"tls.crt and tls.key in {folder}";

    /// <summary>The newest valid pair, with its intermediate certificates; null = there has been none yet.</summary>
    public SslStreamCertificateContext? Current
    {
        get
        {
            lock (gate)
            {
                if (readAt is not { } at || time.GetElapsedTime(at) >= Pause)
                    Read();
                return current;
            }
        }
    }

    private void Read()
    {
        readAt = time.GetTimestamp();
        try
        {
            // The content is compared, not the file time: a mounted Secret is renewed by a new folder behind the same symbolic link.
            var (certificate, key) = (File.ReadAllText(certificateFile), File.ReadAllText(keyFile));
            var content = SHA256.HashData(Encoding.UTF8.GetBytes($"{certificate}\0{key}"));
            if (content.AsSpan().SequenceEqual(tried))
                return;
            tried = content;
            current = new CertificatePair(certificate, key).Load();
            problem = "";
            Loaded(log, certificateFile, current.TargetCertificate.NotAfter.ToUniversalTime());
        }
        catch (Exception absent) when (absent is FileNotFoundException or DirectoryNotFoundException)
        {
            // cert-manager may not have written the files yet; /readyz reports that the webhook waits for them.
        }
        // ArgumentException: an elliptic curve key that belongs to another certificate.
        catch (Exception damaged) when (damaged is CryptographicException or ArgumentException or IOException or UnauthorizedAccessException)
        {
            Report(damaged.GetType().Name);
        }
    }

    /// <summary>Logs each cause once, not at each read.</summary>
    private void Report(string why)
    {
        if (why == problem)
            return;
        problem = why;
        Unusable(log, certificateFile, keyFile, why);
    }

    [LoggerMessage(
        EventId = LogEvents.WebhookCertificateLoaded, EventName = nameof(LogEvents.WebhookCertificateLoaded), Level = LogLevel.Information,
        Message = "The webhook serves {File}, valid until {Until:yyyy-MM-dd'T'HH:mm:ss'Z'}")]
    private static partial void Loaded(ILogger log, string file, DateTime until);

    [LoggerMessage(
        EventId = LogEvents.WebhookCertificateUnusable, EventName = nameof(LogEvents.WebhookCertificateUnusable), Level = LogLevel.Warning,
        Message = "{Certificate} and {Key} are not a usable pair ({Why}); the previous certificate stays in use until the files change")]
    private static partial void Unusable(ILogger log, string certificate, string key, string why);
}
