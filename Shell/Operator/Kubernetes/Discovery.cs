using System.Text.Json;

namespace Kollect.Operator.Kubernetes;

/// <summary>Reads the API server's answers to discovery requests.</summary>
internal static class Discovery
{
    /// <summary>Reads the kinds of a group and version, without subresources.</summary>
    public static IReadOnlyList<DiscoveredResource> Read(string group, string version, ReadOnlyMemory<byte> json)
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
}
