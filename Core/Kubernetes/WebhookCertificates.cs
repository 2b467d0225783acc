namespace Kollect.Core.Kubernetes;

/// <summary>Validity and names of a certificate.</summary>
/// <param name="Names">DNS names that it was issued for.</param>
internal sealed record IssuedCertificate(DateTimeOffset NotBefore, DateTimeOffset NotAfter, Seq<string> Names)
{
    /// <summary>True at times from <see cref="NotBefore"/> to <see cref="NotAfter"/>.</summary>
    public bool IsValidAt(DateTimeOffset time) => NotBefore <= time && time <= NotAfter;
}

/// <summary>What an operator that issues the certificate of its webhook has to issue now.</summary>
internal enum CertificateNeed
{
    /// <summary>Authority and certificate serve on.</summary>
    Nothing,

    /// <summary>A certificate by the authority that there is.</summary>
    Certificate,

    /// <summary>An authority, and a certificate by it.</summary>
    AuthorityAndCertificate,
}

/// <summary>
/// The authority and the certificate that the replicas of an operator share for their webhook, without cert-manager. The authority outlives every certificate
/// that it signs, so that the API server has to learn a new one once in 21 months; while it learns it, it trusts the one before too.
/// </summary>
internal static class WebhookCertificates
{
    /// <summary>The Secret in which the replicas keep both, with their keys, in the namespace of the operator.</summary>
    public const string SecretName = "kollect-webhook-tls";

    /// <summary>The Service by which the API server calls the webhook.</summary>
    public const string ServiceName = "kollect-webhook";

    /// <summary>The ValidatingWebhookConfiguration whose <c>caBundle</c> holds the authorities.</summary>
    public const string ConfigurationName = "kollect-operator";

    /// <summary>Of an authority.</summary>
    public static readonly TimeSpan AuthorityLifetime = TimeSpan.FromDays(730);

    /// <summary>Of a certificate; a new one is issued when a third of it is left.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(90);

    /// <summary>The clock of the API server may be behind by this.</summary>
    private static readonly TimeSpan ClockDifference = TimeSpan.FromHours(1);

    /// <summary>The name by which the API server calls the Service, e.g. <c>kollect-webhook.kollect-system.svc</c>.</summary>
    public static string Host(string @namespace) => $"{ServiceName}.{@namespace}.svc";

    /// <summary>Decides by what the Secret holds.</summary>
    /// <param name="authority">None = there is none that can sign.</param>
    /// <param name="certificate">None = there is none by this authority with its key.</param>
    /// <param name="host">The name that the certificate must have.</param>
    public static CertificateNeed NeedOf(Option<IssuedCertificate> authority, Option<IssuedCertificate> certificate, string host, DateTimeOffset now) =>
        !authority.Exists(it => it.IsValidAt(now) && it.NotAfter >= now + Lifetime) ? CertificateNeed.AuthorityAndCertificate
        : !certificate.Exists(it => it.IsValidAt(now) && it.NotAfter - now > Lifetime / 3 && it.Names.Contains(host)) ? CertificateNeed.Certificate
        : CertificateNeed.Nothing;

    /// <summary>
    /// The authorities that the API server must trust. While the served certificate is of other authorities than the Secret holds, because its Secret was
    /// deleted or replaced, these stay trusted until the new certificate is served.
    /// </summary>
    /// <param name="stored">PEM; those of the Secret.</param>
    /// <param name="served">PEM; those by which the served certificate is trusted. None = no certificate is served yet.</param>
    public static string Trusted(string stored, Option<string> served) =>
        served.Filter(it => !stored.Contains(it.Trim(), StringComparison.Ordinal)).Match(it => $"{stored.TrimEnd()}\n{it.TrimStart()}", () => stored);

    /// <summary>The validity of what is issued now.</summary>
    /// <param name="lifetime"><see cref="AuthorityLifetime"/> or <see cref="Lifetime"/>.</param>
    public static IssuedCertificate Issue(TimeSpan lifetime, Seq<string> names, DateTimeOffset now) => new(now - ClockDifference, now + lifetime, names);
}
