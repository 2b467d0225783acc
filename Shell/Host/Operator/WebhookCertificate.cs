using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.Extensions.Logging;

namespace Kollect.Host.Operator;

/// <summary>
/// <c>tls.crt</c> and <c>tls.key</c> of a folder that somebody else renews, as a mounted Secret is: read again, at most once a second, when somebody
/// needs them. While they do not fit together the old pair stays.
/// </summary>
internal sealed partial class WebhookCertificate(string folder, TimeProvider time, ILogger<WebhookCertificate> log)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly string certificateFile = Path.Combine(folder, "tls.crt");
    private readonly string keyFile = Path.Combine(folder, "tls.key");
    private readonly Lock gate = new();
    private SslStreamCertificateContext? current;
    private byte[] tried = [];
    private string problem = "";
    private long? lookedAt;

    /// <summary>The newest pair that fits, with the authorities between it and the root; null = there has been none yet.</summary>
    public SslStreamCertificateContext? Current
    {
        get
        {
            lock (gate)
            {
                if (lookedAt is not { } at || time.GetElapsedTime(at) >= Pause)
                    Look();
                return current;
            }
        }
    }

    private void Look()
    {
        lookedAt = time.GetTimestamp();
        try
        {
            // The content tells, and not its time: a mounted Secret is renewed by another folder behind the same symbolic link.
            var (certificate, key) = (File.ReadAllText(certificateFile), File.ReadAllText(keyFile));
            var content = SHA256.HashData(Encoding.UTF8.GetBytes($"{certificate}\0{key}"));
            if (content.AsSpan().SequenceEqual(tried))
                return;
            tried = content;
            current = Load(certificate, key);
            problem = "";
            Loaded(log, certificateFile, current.TargetCertificate.NotAfter.ToUniversalTime());
        }
        catch (Exception absent) when (absent is FileNotFoundException or DirectoryNotFoundException)
        {
            // cert-manager may be late; /readyz says that it is waited for.
        }
        // ArgumentException: an elliptic curve's key that belongs to another certificate.
        catch (Exception damaged) when (damaged is CryptographicException or ArgumentException or IOException or UnauthorizedAccessException)
        {
            Complain(damaged.GetType().Name);
        }
    }

    /// <summary>Once for each cause, however often it is looked at.</summary>
    private void Complain(string why)
    {
        if (why == problem)
            return;
        problem = why;
        Unusable(log, certificateFile, keyFile, why);
    }

    private static SslStreamCertificateContext Load(string certificate, string key)
    {
        using var pem = X509Certificate2.CreateFromPem(certificate, key);
        var between = new X509Certificate2Collection();
        between.ImportFromPem(certificate);
        between.RemoveAt(0);
        // Not every platform's TLS can serve a key that exists in memory only; this form it can.
        return SslStreamCertificateContext.Create(X509CertificateLoader.LoadPkcs12(pem.Export(X509ContentType.Pkcs12), password: null), between, offline: true);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The webhook serves {File}, valid until {Until:yyyy-MM-dd'T'HH:mm:ss'Z'}")]
    private static partial void Loaded(ILogger log, string file, DateTime until);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Certificate} and {Key} are no pair that can be used ({Why}); what was served before is served on, and they are read again when they change")]
    private static partial void Unusable(ILogger log, string certificate, string key, string why);
}
