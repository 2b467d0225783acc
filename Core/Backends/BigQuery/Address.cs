using System.Text.Json;
using Kollect.Core.Secrets;

namespace Kollect.Core.Backends.BigQuery;

/// <summary>The base address of the service's API.</summary>
/// <param name="Root">Base address without <c>bigquery/v2/</c>, ending in <c>/</c>.</param>
/// <param name="NeedsCredentials">False = an emulator, which does not authenticate.</param>
internal sealed record Address(Uri Root, bool NeedsCredentials)
{
    private const string Api = "/bigquery/v2";

    private static readonly Uri Google = new("https://bigquery.googleapis.com/");

    /// <summary>The emulator of the environment goes before <c>spec.endpoint</c>. Left = not an address.</summary>
    /// <param name="sink">May name an endpoint.</param>
    /// <param name="emulator">Value of <c>BIGQUERY_EMULATOR_HOST</c>: <c>localhost:9050</c> or a URL; None = not set.</param>
    public static Either<string, Address> Of(BigQuerySink sink, Option<string> emulator) => emulator.Filter(text => text.Trim().Length > 0).Match(
        text => Uri.TryCreate(
                text.Contains("://", StringComparison.Ordinal) ? text.Trim() : $"http://{text.Trim()}", UriKind.Absolute, out var uri)
            && uri.Scheme is "http" or "https"
            ? new Address(Base(uri), NeedsCredentials: false)
            : Left<string, Address>("BIGQUERY_EMULATOR_HOST is no address; write host:port"),
        () => new Address(sink.Endpoint.Map(Base).IfNone(Google), NeedsCredentials: true));

    /// <summary>
    /// A key names the address of its token endpoint, and a Secret is not trusted: only HTTPS is accepted, or the host that the sink
    /// names as its endpoint. None = fine.
    /// </summary>
    /// <param name="key">A service account key that <c>BigQuerySecret</c> accepted.</param>
    public Option<string> ObjectionTo(SecretText key) =>
        TokenEndpoint(key).Exists(uri => uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && uri.Authority == Root.Authority))
            ? None
            : "token_uri in credentials.json is not HTTPS; download the key again";

    /// <summary>
    /// True = requests with the token may go there: to this address, or to Google, which may name another of its hosts for an upload.
    /// </summary>
    public bool Takes(Uri uri) => (uri.Scheme == Root.Scheme && uri.Authority == Root.Authority) || IsOfGoogle(uri);

    /// <summary>
    /// Without a key the process's own credentials are sent. They go to Google only, never to an address that a sink names. None = fine.
    /// </summary>
    public Option<string> ObjectionToOwnCredentials() =>
        !NeedsCredentials || IsOfGoogle(Root)
            ? None
            : "spec.endpoint would be given the operator's own credentials; set spec.bigquery.secretRef, or an endpoint below googleapis.com";

    /// <summary>
    /// Without verification whoever stands between would get them. To the request for their token the sink's settings do not apply at all. None = fine.
    /// </summary>
    public Option<string> ObjectionToOwnCredentials(ResolvedTls tls) => NeedsCredentials && tls.SkipVerify
        ? "spec.tls.insecureSkipVerify would show the operator's own credentials to anybody in between; set spec.bigquery.secretRef, or remove it"
        : None;

    /// <summary>True = only Google receives what is sent there.</summary>
    internal static bool IsOfGoogle(Uri uri) =>
        uri.Scheme == Uri.UriSchemeHttps && uri.Host.EndsWith(".googleapis.com", StringComparison.OrdinalIgnoreCase);

    /// <summary>True = the token endpoint is Google's, as keys name it: <c>oauth2.googleapis.com</c>, in old keys <c>accounts.google.com</c>.</summary>
    /// <param name="key">A service account key that <c>BigQuerySecret</c> accepted.</param>
    internal static bool AsksGoogle(SecretText key) => TokenEndpoint(key).Exists(uri =>
        IsOfGoogle(uri) || (uri.Scheme == Uri.UriSchemeHttps && string.Equals(uri.Host, "accounts.google.com", StringComparison.OrdinalIgnoreCase)));

    private static Option<Uri> TokenEndpoint(SecretText key)
    {
        using var json = JsonDocument.Parse(key.Reveal());
        return Uri.TryCreate(json.RootElement.GetProperty("token_uri").GetString(), UriKind.Absolute, out var uri) ? Some(uri) : None;
    }

    private static Uri Base(Uri uri)
    {
        var text = uri.GetLeftPart(UriPartial.Path).TrimEnd('/');
        return new Uri((text.EndsWith(Api, StringComparison.Ordinal) ? text[..^Api.Length] : text) + "/");
    }
}
