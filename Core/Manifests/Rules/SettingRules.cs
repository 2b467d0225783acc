using System.Text;
using Kollect.Core.Formatting;
using Kollect.Core.Models.V1Alpha1;
using static Kollect.Core.Manifests.SpecParts;

namespace Kollect.Core.Manifests.Rules;

/// <summary>The fields that all backends share.</summary>
internal static class SettingRules
{
    public static IEnumerable<Finding> IntervalIsADuration(KollectDatabaseSink sink) => IntervalRules.IsADuration(IntervalPath, sink.Spec.ExportMinInterval);

    public static IEnumerable<Finding> IntervalIsInRange(KollectDatabaseSink sink) => IntervalRules.IsInRange(IntervalPath, sink.Spec.ExportMinInterval);

    public static IEnumerable<Finding> ClusterIsText(KollectDatabaseSink sink) =>
        sink.Spec.Cluster is { } cluster && cluster.Trim().EnumerateRunes().Any(rune => Rune.IsControl(rune) || rune == Rune.ReplacementChar)
            ? [new Finding("spec.cluster", $"{Shown.Quoted(cluster)} contains a control character or half a surrogate pair, which not every database can hold; every delete is scoped by this label")]
            : [];

    public static IEnumerable<Finding> EndpointIsABaseUrl(KollectDatabaseSink sink)
    {
        if (sink.Spec.Type != SinkType.Bigquery || !NonBlank(sink.Spec.Endpoint).TrySome(out var text))
            yield break;
        if (!Uri.TryCreate(text, UriKind.Absolute, out var endpoint) || (endpoint.Scheme != Uri.UriSchemeHttps && endpoint.Scheme != Uri.UriSchemeHttp) || endpoint.Host.Length == 0)
            yield return new Finding("spec.endpoint", $"{Shown.Quoted(text)} is no http or https URL; write e.g. https://bigquery-psc.p.googleapis.com/");
        else if (endpoint.UserInfo.Length > 0 || endpoint.Query.Length > 0 || endpoint.Fragment.Length > 0)
            yield return new Finding("spec.endpoint", "carries a user, a query or a fragment; only scheme, host, port and path are possible");
    }

    public static IEnumerable<Finding> OneSourceOfAuthorities(KollectDatabaseSink sink) =>
        sink.Spec.Tls is { CaBundle: not null, CaSecretRef: not null }
            ? [new Finding("spec.tls", "caBundle and caSecretRef exclude each other; keep one of them")]
            : [];

    public static IEnumerable<Finding> CaBundleIsPem(KollectDatabaseSink sink) =>
        sink.Spec.Tls?.CaBundle is { } bundle && Pem(bundle).IsNone
            ? [new Finding("spec.tls.caBundle", "is not base64 of PEM certificates (-----BEGIN CERTIFICATE-----); try: base64 -w0 ca.crt")]
            : [];

    /// <summary>The PEM text in a base64 bundle; None = it is none.</summary>
    public static Option<string> Pem(string bundle)
    {
        var bytes = new byte[bundle.Length];
        if (!Convert.TryFromBase64String(bundle, bytes, out var length))
            return None;
        var text = Encoding.UTF8.GetString(bytes, 0, length);
        return text.Contains("-----BEGIN CERTIFICATE-----", StringComparison.Ordinal) ? text : None;
    }

    private const string IntervalPath = "spec.exportMinInterval";
}
