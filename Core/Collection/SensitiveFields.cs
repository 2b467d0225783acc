using System.Text.Json;

namespace Kollect.Core.Collection;

/// <summary>The fields of an object whose values an item does not hold: <c>export.prune.scrubKeys</c>, and those of the Go operator.</summary>
/// <param name="Words">In lower case; a field whose name is one of them or ends with one is sensitive. Words of two letters count as whole names only.</param>
internal sealed record SensitiveFields(Seq<string> Words)
{
    // The words and the text are facts of the Go operator's internal/collect/scrub.go: rows of both are equal.
    private static readonly Seq<string> Always = Seq(
        "password", "passwd", "secret", "token", "apikey", "api_key", "privatekey", "private_key", "credential", "auth", "clientsecret", "connectionstring");

    private const int MinSuffix = 3;

    /// <summary>The given words, and those that always count.</summary>
    public static SensitiveFields Of(Seq<string> words) => new(Join(Always, words.Map(it => it.ToLowerInvariant())).Distinct().Strict());

    /// <summary>True = the value of the field is replaced.</summary>
    public bool Include(string name, JsonElement value)
    {
        var lower = name.ToLowerInvariant();
        return Words.Exists(word => lower == word || (word.Length >= MinSuffix && lower.EndsWith(word, StringComparison.Ordinal)))
            || (value.ValueKind == JsonValueKind.Object && RefersToSecret(lower, value));
    }

    /// <summary>Writes what stands for a value.</summary>
    public static void WriteReplacement(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteBoolean("redacted"u8, true);
        writer.WriteString("reason"u8, "sensitive-key"u8);
        writer.WriteEndObject();
    }

    private static bool RefersToSecret(string name, JsonElement value) => name switch
    {
        "valuefrom" => value.TryGetProperty("secretKeyRef"u8, out _),
        "secretkeyref" or "secretref" => true,
        "tls" => value.TryGetProperty("key"u8, out _),
        _ => false,
    };
}
