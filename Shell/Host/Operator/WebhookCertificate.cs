using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;

namespace Kollect.Host.Operator;

/// <summary>
/// <c>tls.crt</c> and <c>tls.key</c> of a folder that somebody else renews, as a mounted Secret is: read again when they change. While they do not
/// fit together the old pair stays.
/// </summary>
internal sealed partial class WebhookCertificate(string folder, TimeProvider time, ILogger<WebhookCertificate> log) : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly Lock gate = new();
    private X509Certificate2? current;
    private (DateTime Certificate, DateTime Key) readAt;
    private long lookedAt;

    /// <summary>The newest pair that fits; null = there has been none yet.</summary>
    public X509Certificate2? Current
    {
        get
        {
            lock (gate)
            {
                if (lookedAt == 0 || time.GetElapsedTime(lookedAt) >= Pause)
                    Look();
                return current;
            }
        }
    }

    public void Dispose() => current?.Dispose();

    private string CertificateFile => Path.Combine(folder, "tls.crt");

    private string KeyFile => Path.Combine(folder, "tls.key");

    private void Look()
    {
        lookedAt = time.GetTimestamp();
        var written = (File.GetLastWriteTimeUtc(CertificateFile), File.GetLastWriteTimeUtc(KeyFile));
        if (written == readAt || !File.Exists(CertificateFile) || !File.Exists(KeyFile))
            return;
        try
        {
            using var pem = X509Certificate2.CreateFromPemFile(CertificateFile, KeyFile);
            // Kestrel cannot serve a key that exists in memory only on every platform; this form it can.
            current = X509CertificateLoader.LoadPkcs12(pem.Export(X509ContentType.Pkcs12), password: null);
            readAt = written;
            Loaded(log, CertificateFile, current.NotAfter);
        }
        catch (Exception damaged) when (damaged is CryptographicException or IOException or UnauthorizedAccessException)
        {
            Unusable(log, CertificateFile, KeyFile, damaged.GetType().Name);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The webhook serves {File}, valid until {Until:O}")]
    private static partial void Loaded(ILogger log, string file, DateTime until);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Certificate} and {Key} are no pair that can be used ({Why}); tried again")]
    private static partial void Unusable(ILogger log, string certificate, string key, string why);
}
