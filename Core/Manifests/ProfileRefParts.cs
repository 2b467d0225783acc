using System.Text.Json;
using Kollect.Core.Formatting;
using static Kollect.Core.Manifests.SpecParts;

namespace Kollect.Core.Manifests;

/// <summary><c>spec.profileRef</c> of a target: text or an object. A Kubernetes schema cannot express this, so it is read as JSON.</summary>
/// <param name="Path">Of the name: <c>spec.profileRef</c> or <c>spec.profileRef.name</c>.</param>
/// <param name="Name">Trimmed; empty where there is none.</param>
/// <param name="Namespace">None = not given.</param>
/// <param name="Faults">The problems of a value that is neither text nor an object.</param>
internal sealed record ProfileRefParts(string Path, string Name, Option<string> Namespace, Seq<Finding> Faults)
{
    public const string Field = "spec.profileRef";

    private static readonly string[] Fields = ["name", "namespace"];

    /// <summary>Reads well-formed JSON, as the reader of the models returns it; null = absent, which the schema reports.</summary>
    public static ProfileRefParts Read(string? json)
    {
        if (string.IsNullOrEmpty(json))
            return new ProfileRefParts(Field, "", None, []);
        using var document = JsonDocument.Parse(json);
        var root = document.RootElement;
        return root.ValueKind switch
        {
            JsonValueKind.String => new ProfileRefParts(Field, Trimmed(root.GetString()), None, []),
            JsonValueKind.Object => new ProfileRefParts(
                $"{Field}.name",
                Text(root, "name").IfNone(""),
                Text(root, "namespace"),
                root.EnumerateObject().SelectMany(it => Fault(it).AsEnumerable()).ToArray().ToSeq()),
            _ => new ProfileRefParts(Field, "", None, Seq1(new Finding(Field, "is neither the name of a profile nor an object with the field name"))),
        };
    }

    private static Option<Finding> Fault(JsonProperty field) =>
        !Fields.Contains(field.Name) ? new Finding($"{Field}.{field.Name}", $"is no known field{Nearest.DidYouMean(field.Name, Fields)}")
        : field.Value.ValueKind is not (JsonValueKind.String or JsonValueKind.Null)
            ? Some(new Finding($"{Field}.{field.Name}", "must be text; put it in quotes"))
        : None;

    /// <summary>None = absent, blank, or no text.</summary>
    private static Option<string> Text(JsonElement root, string field) =>
        root.TryGetProperty(field, out var value) && value.ValueKind == JsonValueKind.String ? NonBlank(value.GetString()) : None;
}
