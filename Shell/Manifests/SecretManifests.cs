using System.Text;
using System.Text.Json;
using Kollect.Core.Secrets;
using Kollect.Core.Sinks;

namespace Kollect.Shell.Manifests;

/// <summary>A v1 Secret of a manifest -> its data.</summary>
public static class SecretManifests
{
    /// <summary><c>data</c> is decoded from base64, <c>stringData</c> wins over it. Left: what is wrong, by key, never by value.</summary>
    public static Either<Seq<ManifestProblem>, SecretData> Read(ManifestDocument document)
    {
        using var json = JsonDocument.Parse(document.Json);
        var problems = new List<ManifestProblem>();
        var data = new Dictionary<string, SecretText>(StringComparer.Ordinal);
        foreach (var (key, value) in Texts(json.RootElement, "data"))
            if (Decode(value) is { } text)
                data[key] = new SecretText(text);
            else
                problems.Add(Problem(document, $"data[{key}]", "is not base64 of UTF-8 text; encode it, or put the text under stringData"));
        foreach (var (key, value) in Texts(json.RootElement, "stringData"))
            if (value is not null)
                data[key] = new SecretText(value);
            else
                problems.Add(Problem(document, $"stringData[{key}]", "is not a text; put it in quotes"));

        return problems.Count > 0
            ? problems.ToArray().ToSeq()
            : new SecretData(
                new SecretRef(document.Namespace, document.Name),
                data.Select(it => (it.Key, it.Value)).ToMap(),
                Annotations(json.RootElement));
    }

    private static ManifestProblem Problem(ManifestDocument document, string path, string message) =>
        new(document.Source.File, document.Source.LineOf(path), $"Secret {document.Namespace}/{document.Name}: {path} {message}");

    private static Map<string, string> Annotations(JsonElement secret) =>
        secret.TryGetProperty("metadata", out var metadata)
            ? Texts(metadata, "annotations").Where(it => it.Value is not null).Select(it => (it.Key, it.Value!)).ToMap()
            : Map<string, string>();

    /// <summary>A null value stands for anything but a text.</summary>
    private static IEnumerable<(string Key, string? Value)> Texts(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var map) && map.ValueKind == JsonValueKind.Object
            ? map.EnumerateObject().Select(it => (it.Name, it.Value.ValueKind == JsonValueKind.String ? it.Value.GetString() : null))
            : [];

    private static string? Decode(string? base64)
    {
        try
        {
            return base64 is null ? null : new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(Convert.FromBase64String(base64));
        }
        catch (Exception failure) when (failure is FormatException or DecoderFallbackException)
        {
            return null;
        }
    }
}
