using System.Globalization;
using System.Text.Json;

namespace Kollect.Shell.Tests.Backends.Conformance;

/// <summary>A row as an independent client reads it.</summary>
/// <param name="Payload">JSON text; its numbers have the stored digits.</param>
/// <param name="ExportedAt">UTC.</param>
internal sealed record StoredRow(
    string InventoryNamespace,
    string InventoryName,
    string TargetName,
    string SourceUid,
    string Cluster,
    string ResourceNamespace,
    string Payload,
    DateTimeOffset ExportedAt)
{
    // Deeper than any backend stores; the default is 64.
    private static readonly JsonDocumentOptions Deep = new() { MaxDepth = 2_000 };

    /// <summary>Reads a JSON object with a member per column. A missing column reads as empty.</summary>
    /// <param name="payloadIsText">True = the payload is a string that contains JSON.</param>
    public static StoredRow Parse(string json, bool payloadIsText = false)
    {
        using var document = JsonDocument.Parse(json, Deep);
        var row = document.RootElement;
        return new StoredRow(
            Text("inventory_namespace"),
            Text("inventory_name"),
            Text("target_name"),
            Text("source_uid"),
            Text("cluster"),
            Text("resource_namespace"),
            payloadIsText ? Text("payload") : row.TryGetProperty("payload", out var payload) ? payload.GetRawText() : "",
            DateTimeOffset.TryParse(Text("exported_at"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
                ? time.ToUniversalTime()
                : default);

        string Text(string column) => row.TryGetProperty(column, out var it) ? it.GetString()! : "";
    }

    /// <summary>The members of a JSON object that are texts.</summary>
    public static IReadOnlyDictionary<string, string> Texts(string json)
    {
        using var document = JsonDocument.Parse(json, Deep);
        return document.RootElement.EnumerateObject()
            .Where(it => it.Value.ValueKind == JsonValueKind.String)
            .ToDictionary(it => it.Name, it => it.Value.GetString()!, StringComparer.Ordinal);
    }

    /// <summary>True if the payload equals a JSON text, ignoring spaces and the order of members. Numbers are compared by exact value.</summary>
    public bool Holds(string json)
    {
        using var stored = JsonDocument.Parse(Payload, Deep);
        using var expected = JsonDocument.Parse(json, Deep);
        return JsonElement.DeepEquals(stored.RootElement, expected.RootElement);
    }
}
