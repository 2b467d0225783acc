using System.Text.Json;
using Kollect.Core.Formatting;
using static Kollect.Core.Manifests.SpecParts;

namespace Kollect.Core.Manifests;

/// <summary>One entry of <c>databaseSinkRefs</c>: text or an object. A Kubernetes schema cannot express this, so it is read as JSON.</summary>
/// <param name="Path"><c>spec.databaseSinkRefs[0]</c>.</param>
/// <param name="Name">Trimmed; empty where there is none.</param>
/// <param name="Namespace">None = not given.</param>
/// <param name="ExportMinInterval">None = not given.</param>
/// <param name="Faults">The problems of an entry that is neither text nor an object.</param>
internal sealed record SinkRefParts(string Path, string Name, Option<string> Namespace, Option<string> ExportMinInterval, Seq<Finding> Faults)
{
    /// <summary>True = the field maxExportBytes is given, which has no effect.</summary>
    public bool HasMaxExportBytes { get; init; }

    private const string MaxExportBytes = "maxExportBytes";

    private static readonly string[] Fields = ["name", "namespace", "exportMinInterval", MaxExportBytes];

    /// <summary>Reads well-formed JSON, as the reader of the models returns it.</summary>
    public static SinkRefParts Read(string path, string json)
    {
        using var document = JsonDocument.Parse(json);
        var root = document.RootElement;
        return root.ValueKind switch
        {
            JsonValueKind.String => new SinkRefParts(path, Trimmed(root.GetString()), None, None, []),
            JsonValueKind.Object => Read(path, root),
            _ => new SinkRefParts(path, "", None, None, Seq1(new Finding(path, "is neither the name of a sink nor an object with the field name"))),
        };
    }

    private static SinkRefParts Read(string path, JsonElement root)
    {
        var faults = root.EnumerateObject().Select(field => Fault(path, field)).SelectMany(fault => fault.AsEnumerable()).ToArray().ToSeq();
        return new SinkRefParts(
            path,
            Text(root, "name").IfNone(""),
            Text(root, "namespace"),
            Text(root, "exportMinInterval"),
            IsGiven(root, "name") ? faults : faults.Add(new Finding($"{path}.name", "is required but missing")))
        {
            HasMaxExportBytes = IsGiven(root, MaxExportBytes),
        };
    }

    private static Option<Finding> Fault(string path, JsonProperty field) =>
        !Fields.Contains(field.Name) ? new Finding($"{path}.{field.Name}", $"is no known field{Nearest.DidYouMean(field.Name, Fields)}")
        : field.Name == MaxExportBytes ? None
        : field.Value.ValueKind is not (JsonValueKind.String or JsonValueKind.Null)
            ? Some(new Finding($"{path}.{field.Name}", "must be text; put it in quotes"))
        : None;

    /// <summary>None = absent, blank, or no text.</summary>
    private static Option<string> Text(JsonElement root, string field) =>
        root.TryGetProperty(field, out var value) && value.ValueKind == JsonValueKind.String ? NonBlank(value.GetString()) : None;

    private static bool IsGiven(JsonElement root, string field) => root.TryGetProperty(field, out var value) && value.ValueKind != JsonValueKind.Null;
}
