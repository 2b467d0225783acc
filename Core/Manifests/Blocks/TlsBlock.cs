using System.Text;
using Kollect.Core.Sinks;
using Kollect.Models.V1Alpha1;
using static Kollect.Core.Manifests.SpecParts;
using SinkRule = Kollect.Core.Manifests.Rule<Kollect.Models.V1Alpha1.KollectDatabaseSink>;

namespace Kollect.Core.Manifests.Blocks;

/// <summary><c>spec.tls</c>, for all backends.</summary>
internal static class TlsBlock
{
    public static Seq<SinkRule> Problems { get; } = Seq(
        new SinkRule("KDB064", "there is at most one source of certificate authorities",
            "Keep caBundle or caSecretRef, and remove the other.", OneSourceOfAuthorities),
        new SinkRule("KDB065", "the value of caBundle is PEM in base64", "Encode the PEM file once: base64 -w0 ca.crt.", CaBundleIsPem));

    public static Seq<SinkRule> Warnings { get; } = Seq(
        new SinkRule("KDB503", "the server's certificate is not checked",
            "Give the authority in spec.tls.caSecretRef or spec.tls.caBundle, and remove insecureSkipVerify.", InsecureSkipVerify),
        new SinkRule("KDB504", "the certificate authority has no effect", "Remove insecureSkipVerify, and the authority is used.", AuthorityWithoutEffect));

    public static Seq<Reference> Secrets(KollectDatabaseSinkSpec spec) => CaSecret(spec).ToSeq();

    /// <summary>The TLS settings of a valid manifest.</summary>
    public static TlsSettings Parse(KollectDatabaseSink model) => new(
        model.Spec.Tls?.CaBundle is { } bundle ? Pem(bundle) : None,
        CaSecret(model.Spec).Map(reference => SecretOf(model, reference)),
        model.Spec.Tls?.InsecureSkipVerify ?? false);

    private static Option<Reference> CaSecret(KollectDatabaseSinkSpec spec) =>
        ReferenceTo("spec.tls.caSecretRef", spec.Tls?.CaSecretRef);

    private static IEnumerable<Finding> OneSourceOfAuthorities(KollectDatabaseSink sink) =>
        sink.Spec.Tls is { CaBundle: not null, CaSecretRef: not null }
            ? [new Finding("spec.tls", "caBundle and caSecretRef exclude each other; keep one of them")]
            : [];

    private static IEnumerable<Finding> CaBundleIsPem(KollectDatabaseSink sink) =>
        sink.Spec.Tls?.CaBundle is { } bundle && Pem(bundle).IsNone
            ? [new Finding("spec.tls.caBundle", "is not base64 of PEM certificates (-----BEGIN CERTIFICATE-----); try: base64 -w0 ca.crt")]
            : [];

    private static IEnumerable<Finding> InsecureSkipVerify(KollectDatabaseSink sink) =>
        sink.Spec.Tls?.InsecureSkipVerify == true
            ? [new Finding("spec.tls.insecureSkipVerify", "the server's certificate is not checked: whoever answers gets the password and the rows")]
            : [];

    private static IEnumerable<Finding> AuthorityWithoutEffect(KollectDatabaseSink sink) =>
        sink.Spec.Tls is { InsecureSkipVerify: true } tls && (tls.CaBundle is not null || tls.CaSecretRef is not null)
            ? [new Finding("spec.tls", "the authority has no effect while insecureSkipVerify is true")]
            : [];

    /// <summary>The PEM text in a base64 bundle; None = it is none.</summary>
    private static Option<string> Pem(string bundle)
    {
        var bytes = new byte[bundle.Length];
        if (!Convert.TryFromBase64String(bundle, bytes, out var length))
            return None;
        var text = Encoding.UTF8.GetString(bytes, 0, length);
        return text.Contains("-----BEGIN CERTIFICATE-----", StringComparison.Ordinal) ? text : None;
    }
}
