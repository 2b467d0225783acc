using System.Text.Json;
using Kollect.Core.Secrets;

namespace Kollect.Shell.Manifests;

/// <summary>Reads a <c>v1</c> Secret from a manifest as the API server would store it. Problems name keys, never values.</summary>
internal static class SecretManifests
{
    /// <summary>True for a document that <see cref="Read(ManifestDocument)"/> accepts.</summary>
    public static bool IsSecret(ManifestDocument document) => document is { ApiVersion: "v1", Kind: "Secret" };

    /// <summary>
    /// Decodes <c>data</c>, lets <c>stringData</c> override it, and adds the annotations; <c>type</c> and <c>immutable</c> are ignored.
    /// </summary>
    /// <remarks>A key whose bytes are not UTF-8 text (a keystore) has no value, only a reason: no setting of a sink is binary.</remarks>
    /// <returns>Left: all problems, at least one.</returns>
    public static Either<Seq<ManifestProblem>, SecretData> Read(ManifestDocument document)
    {
        if (!IsSecret(document))
            return Seq1(new ManifestProblem(document.Source.File, document.Source.Line, $"{document} is not a Secret of apiVersion v1"));
        return document.Json.Bind(bytes =>
        {
            using var json = JsonDocument.Parse(bytes);
            return Read(document, json.RootElement);
        });
    }

    private static Either<Seq<ManifestProblem>, SecretData> Read(ManifestDocument document, JsonElement root)
    {
        var problems = new List<ManifestProblem>();
        var data = Fields(document, root, "data", problems).Choose(field => Decode(document, field, problems)).ToList();
        var text = Fields(document, root, "stringData", problems).Choose(field => Text(document, "stringData", field, problems)).ToList();
        var annotations = root.TryGetProperty("metadata", out var metadata) && metadata.ValueKind is JsonValueKind.Object
            ? Fields(document, metadata, "annotations", problems, "metadata.").Choose(field => Text(document, "metadata.annotations", field, problems)).ToList()
            : [];
        if (problems.Count > 0)
            return problems.ToSeq().Strict();
        var (values, notText) = (HashMap<string, SecretText>(), HashMap<string, string>());
        foreach (var (key, value) in data.Concat(text.Select(pair => (pair.Key, Right<string, string>(pair.Value)))))
            (values, notText) = value.Match(
                Right: it => (values.AddOrUpdate(key, new SecretText(it)), notText.Remove(key)),
                Left: why => (values.Remove(key), notText.AddOrUpdate(key, why)));
        return new SecretData(
            new SecretRef(document.Namespace, document.Name),
            values,
            annotations.Fold(HashMap<string, string>(), (map, pair) => map.AddOrUpdate(pair.Key, pair.Value)))
        {
            NotText = notText,
        };
    }

    private static IEnumerable<JsonProperty> Fields(
        ManifestDocument document, JsonElement parent, string name, List<ManifestProblem> problems, string prefix = "")
    {
        if (!parent.TryGetProperty(name, out var fields) || fields.ValueKind is JsonValueKind.Null)
            return [];
        if (fields.ValueKind is JsonValueKind.Object)
            return fields.EnumerateObject();
        problems.Add(At(document, prefix + name, $"{prefix}{name} is not a mapping; write key: value pairs below it"));
        return [];
    }

    private static Option<(string Key, Either<string, string> Value)> Decode(ManifestDocument document, JsonProperty field, List<ManifestProblem> problems)
    {
        var path = $"data[{field.Name}]";
        return Text(document, "data", field, problems).Bind(pair => Bytes(pair.Value).Match(
            Some: bytes => Some((pair.Key, SecretEncoding.Read(bytes))),
            None: () =>
            {
                problems.Add(At(
                    document, path, $"data[{SecretKeys.Shown(field.Name)}] is not base64; encode it, or move it to stringData, which takes plain text"));
                return None;
            }));
    }

    // Go decodes null as an empty value, for text and for bytes.
    private static Option<(string Key, string Value)> Text(
        ManifestDocument document, string parent, JsonProperty field, List<ManifestProblem> problems)
    {
        if (field.Value.ValueKind is JsonValueKind.String or JsonValueKind.Null)
            return (field.Name, field.Value.GetString() ?? "");
        var path = $"{parent}[{field.Name}]";
        problems.Add(At(document, path, $"{parent}[{SecretKeys.Shown(field.Name)}] is not text; quote it"));
        return None;
    }

    private static Option<byte[]> Bytes(string base64)
    {
        var bytes = new byte[base64.Length];
        return Convert.TryFromBase64String(base64, bytes, out var length) ? bytes[..length] : None;
    }

    private static ManifestProblem At(ManifestDocument document, string path, string message) =>
        new(document.Source.File, document.Source.LineOf(path), message);
}
