using System.Buffers;
using System.Text.Json;

namespace Kollect.Shell.Kubernetes;

/// <summary>Reads what the API server answers to a list and to discovery.</summary>
internal static class Lists
{
    /// <summary>A page, and the token of the next one; null = this was the last.</summary>
    public static (ListPage Page, string? Next) Read(byte[] json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var root = document.RootElement;
            var metadata = root.GetProperty("metadata");
            var apiVersion = root.GetProperty("apiVersion").GetString()!;
            var listKind = root.GetProperty("kind").GetString()!;
            var kind = listKind.EndsWith("List", StringComparison.Ordinal) ? listKind[..^4] : listKind;
            var items = root.TryGetProperty("items", out var list) && list.ValueKind == JsonValueKind.Array
                ? list.EnumerateArray().Select(item => Typed(item, apiVersion, kind)).ToArray()
                : [];
            var next = metadata.TryGetProperty("continue", out var token) ? token.GetString() : null;
            return (new ListPage(metadata.GetProperty("resourceVersion").GetString()!, items), string.IsNullOrEmpty(next) ? null : next);
        }
        catch (Exception damaged) when (damaged is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new KubernetesException(ApiError.Malformed, "the API server's answer to a list is no list", inner: damaged);
        }
    }

    /// <summary>The kinds of a group and version, without subresources.</summary>
    public static IReadOnlyList<DiscoveredResource> ReadDiscovery(string group, string version, byte[] json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return (
                from it in document.RootElement.GetProperty("resources").EnumerateArray()
                let plural = it.GetProperty("name").GetString()!
                where !plural.Contains('/')
                select new DiscoveredResource(
                    it.GetProperty("kind").GetString()!,
                    new Resource(@group, version, plural, it.GetProperty("namespaced").GetBoolean()),
                    it.GetProperty("verbs").EnumerateArray().Select(verb => verb.GetString()!).ToArray())).ToArray();
        }
        catch (Exception damaged) when (damaged is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new KubernetesException(ApiError.Malformed, "the API server's answer to discovery is no list of resources", inner: damaged);
        }
    }

    /// <summary>Lists leave out of their items what a watch has: apiVersion and kind.</summary>
    private static byte[] Typed(JsonElement item, string apiVersion, string kind)
    {
        var buffer = new ArrayBufferWriter<byte>(4 << 10);
        using var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { SkipValidation = true });
        writer.WriteStartObject();
        writer.WriteString("apiVersion", apiVersion);
        writer.WriteString("kind", kind);
        foreach (var field in item.EnumerateObject())
            if (!field.NameEquals("apiVersion") && !field.NameEquals("kind"))
                field.WriteTo(writer);
        writer.WriteEndObject();
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }
}
