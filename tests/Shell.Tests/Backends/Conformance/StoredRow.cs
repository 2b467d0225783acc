using System.Globalization;
using System.Text.Json;

namespace Kollect.Shell.Tests.Backends.Conformance;

/// <summary>A row as a client that is not our exporter reads it back.</summary>
/// <param name="Payload">JSON text; its numbers have the digits that are stored.</param>
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
    // Deeper than any backend stores; the default of 64 is not.
    private static readonly JsonDocumentOptions Deep = new() { MaxDepth = 2_000 };

    /// <summary>A JSON object with a member per column. A column that a test left out reads as empty.</summary>
    /// <param name="json">One row.</param>
    /// <param name="payloadIsText">The payload is a string that holds JSON, not JSON itself.</param>
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
            DateTimeOffset.TryParse(Text("exported_at"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time.ToUniversalTime() : default);

        string Text(string column) => row.TryGetProperty(column, out var it) ? it.GetString()! : "";
    }

    /// <summary>Is the payload this JSON text, whatever its spaces and the order of its members? Numbers count by value, exactly.</summary>
    public bool Holds(string json)
    {
        using var stored = JsonDocument.Parse(Payload, Deep);
        using var expected = JsonDocument.Parse(json, Deep);
        return JsonElement.DeepEquals(stored.RootElement, expected.RootElement);
    }
}
