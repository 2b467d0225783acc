using System.Text.Json;
using Kollect.Core.Secrets;

namespace Kollect.Core.Backends.BigQuery;

/// <summary>
/// A Secret's data -> a Google service account key. Other kinds of credential files are refused: they can name files, programs or
/// addresses from which the library would fetch an identity.
/// </summary>
internal static class BigQuerySecret
{
    /// <summary>As the console downloads a key.</summary>
    internal const string Key = "credentials.json";

    private const string Wanted = "service_account";
    private static readonly string[] Required = ["client_email", "private_key", "token_uri"];

    /// <summary>The key as JSON text; or every problem at once.</summary>
    public static Either<Seq<ConnectionProblem>, SecretText> Read(SecretData secret) =>
        secret.Data.Find(Key).Filter(text => !text.IsBlank).Match(
            text => Objections(text.Reveal()).ToArray() is { Length: > 0 } objections
                ? objections.Select(message => new ConnectionProblem(secret.Ref, Key, message)).ToSeq()
                : Right<Seq<ConnectionProblem>, SecretText>(text),
            () => Seq1(new ConnectionProblem(secret.Ref, Key, secret.NotText.Find(Key).IfNone(() => Missing(secret)))));

    private static string Missing(SecretData secret) =>
        $"is not set; put the service account key under exactly this name, as the console downloads it; {secret.Keys}"
        + secret.Data.AsEnumerable().Where(it => IsKey(it.Value.Reveal())).Select(it => it.Key).Order(StringComparer.Ordinal)
            .Select(key => $", of which {SecretKeys.Shown(key)} holds such a key: rename it").FirstOrDefault("")
        + secret.Data.Keys.Where(Required.Contains).Order(StringComparer.Ordinal)
            .Select(key => $", of which {SecretKeys.Shown(key)} is one field of such a key: store the whole file").FirstOrDefault("");

    private static bool IsKey(string text) => Strings(text).Exists(values => values.GetValueOrDefault("type") == Wanted);

    /// <summary>The parts of the key that no message may contain; empty where the key cannot be read.</summary>
    internal static Seq<SecretText> Parts(SecretData secret) =>
        secret.Data.Find(Key).ToSeq().Bind(key => Strings(key.Reveal()).Match(
            values => values.Where(item => item.Key is "private_key" or "private_key_id" or "client_email" or "client_id")
                .SelectMany(item => item.Value.Split('\n', StringSplitOptions.RemoveEmptyEntries)
                    .Where(line => !line.StartsWith("-----", StringComparison.Ordinal))
                    .Append(item.Value))
                .Select(part => new SecretText(part))
                .ToSeq(),
            _ => Empty)).Strict();

    private static IEnumerable<string> Objections(string text) =>
        Wrapped(text.Trim()).Match(why => [why], () => OfKey(text));

    /// <summary>A service account key is JSON, and JSON with a name in front of it is not.</summary>
    private static Option<string> Wrapped(string text) =>
        text.StartsWith('{') || text.StartsWith('[') ? None
        : Wrapping.Base64(text).Exists(inner => inner.StartsWith('{')) ? Some(Wrapping.TwiceEncoded)
        : text.StartsWith('/') || text.EndsWith(".json", StringComparison.Ordinal) ? Some("is the name of a file; store what the file holds")
        : Wrapping.OfConnectionString(text, _ => false);

    private static IEnumerable<string> OfKey(string text) =>
        Strings(text).Match<IEnumerable<string>>(
            values => values.GetValueOrDefault("type") != Wanted
                ? [$"is no service account key: its type must be {Wanted}"]
                : Required
                    .Where(name => string.IsNullOrWhiteSpace(values.GetValueOrDefault(name)))
                    .Select(name => $"{name} is missing; download the key again"),
            why => [why]);

    private static Either<string, Dictionary<string, string>> Strings(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
                return "is JSON, but no object";
            var values = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (var member in document.RootElement.EnumerateObject())
                if (member.Value.ValueKind == JsonValueKind.String)
                    values[member.Name] = member.Value.GetString()!;
            return values;
        }
        catch (JsonException problem)
        {
            // The exception's own text quotes the key.
            return $"is no JSON: line {(problem.LineNumber ?? 0) + 1}, byte {(problem.BytePositionInLine ?? 0) + 1}";
        }
        catch (InvalidOperationException)
        {
            return "is JSON with half a surrogate pair";
        }
    }
}
