using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace Kollect.Shell.Kubernetes;

/// <summary>Reads the API server's answers to list and discovery requests.</summary>
internal static class Lists
{
    /// <summary>Reads a page and the token of the next one; null = this is the last page.</summary>
    public static (ListPage Page, string? Next) Read(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json, JsonDepth.Document);
            var root = document.RootElement;
            var metadata = root.GetProperty("metadata");
            var apiVersion = Text(root, "apiVersion");
            var listKind = Text(root, "kind");
            var kind = listKind.EndsWith("List", StringComparison.Ordinal) ? listKind[..^4] : listKind;
            var items = Items(root, "items").Select(item => Typed(item, apiVersion, kind)).ToArray();
            var next = metadata.TryGetProperty("continue", out var token) ? token.GetString() : null;
            return (new ListPage(Text(metadata, "resourceVersion"), items), string.IsNullOrEmpty(next) ? null : next);
        }
        catch (Exception damaged) when (damaged is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new ApiException(ApiError.Malformed, "the API server's answer to a list is no list", inner: damaged);
        }
    }

    /// <summary>Reads the kinds of a group and version, without subresources.</summary>
    public static IReadOnlyList<DiscoveredResource> ReadDiscovery(string group, string version, ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return (
                from it in Items(document.RootElement, "resources")
                let plural = Text(it, "name")
                where !plural.Contains('/')
                select new DiscoveredResource(
                    Text(it, "kind"),
                    new Resource(@group, version, plural, it.GetProperty("namespaced").GetBoolean()),
                    Items(it, "verbs").Select(Text).ToArray())).ToArray();
        }
        catch (Exception damaged) when (damaged is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new ApiException(ApiError.Malformed, "the API server's answer to discovery is no list of resources", inner: damaged);
        }
    }

    private static string Text(JsonElement parent, string name) => Text(parent.GetProperty(name));

    /// <exception cref="InvalidOperationException">The value is no text; null is none either.</exception>
    private static string Text(JsonElement value) => value.GetString() ?? throw new InvalidOperationException("null in the place of a text");

    /// <summary>Go encodes an empty list as null.</summary>
    private static IEnumerable<JsonElement> Items(JsonElement parent, string name) =>
        parent.GetProperty(name) is { ValueKind: not JsonValueKind.Null } list ? list.EnumerateArray() : [];

    /// <summary>Adds apiVersion and kind, which the items of a list lack; the items of custom resources have them.</summary>
    private static byte[] Typed(JsonElement item, string apiVersion, string kind)
    {
        var json = JsonMarshal.GetRawUtf8Value(item);
        if (item.TryGetProperty("apiVersion", out _))
            return json.ToArray();
        var type = string.Create(
            CultureInfo.InvariantCulture,
            $$"""{"apiVersion":"{{JsonEncodedText.Encode(apiVersion)}}","kind":"{{JsonEncodedText.Encode(kind)}}",""");
        return [.. Encoding.UTF8.GetBytes(item.EnumerateObject().Any() ? type : type.TrimEnd(',')), .. json[1..]];
    }
}
