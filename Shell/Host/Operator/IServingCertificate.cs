using System.Net.Security;

namespace Kollect.Host.Operator;

/// <summary>The certificate of the webhook.</summary>
internal interface IServingCertificate
{
    /// <summary>The newest valid one, with its key; null = there has been none yet.</summary>
    SslStreamCertificateContext? Current { get; }

    /// <summary>What is waited for while there is none, e.g. <c>tls.crt and tls.key in /etc/kollect/webhook</c>.</summary>
    string Awaited { get; }
}
