using System.Text.Json;
using Kollect.Core.Collection.JsonPaths;
using Kollect.Core.Formatting;

namespace Kollect.Core.Manifests;

/// <summary>
/// <c>spec.export.prune</c> of a profile: a list of JSONPaths, or an object with the fields of the Go operator. A Kubernetes schema cannot express this,
/// so it is read as JSON.
/// </summary>
/// <param name="Paths">JSONPaths of what is left out.</param>
/// <param name="Pointers">JSON Pointers (RFC 6901) of what is left out.</param>
/// <param name="ScrubKeys">Trimmed. None = the form of a list, which replaces no values.</param>
/// <param name="HasDefaults">True = the fields that change without a change of the object are left out as well.</param>
/// <param name="Cel">Paths of expressions that have no effect.</param>
/// <param name="Faults">The problems of a value that has neither form.</param>
internal sealed record PruneParts(
    Seq<PruneText> Paths, Seq<PruneText> Pointers, Option<Seq<string>> ScrubKeys, bool HasDefaults, Seq<string> Cel, Seq<Finding> Faults)
{
    public const string Path = "spec.export.prune";

    private const int MaxItems = 256;
    private const int MaxScrubKeys = 64;

    private static readonly string[] Fields = ["defaults", "jsonPointers", "jsonPaths", "scrubKeys", "cel"];

    private static readonly PruneParts Nothing = new([], [], None, HasDefaults: false, [], []);

    /// <summary>True = nothing is given.</summary>
    public bool IsEmpty => Paths.IsEmpty && Pointers.IsEmpty && ScrubKeys.IsNone && Faults.IsEmpty;

    /// <summary>Reads well-formed JSON, as the reader of the models returns it; null = absent.</summary>
    public static PruneParts Read(string? json)
    {
        if (json is null)
            return Nothing;
        using var document = JsonDocument.Parse(json);
        return document.RootElement.ValueKind switch
        {
            JsonValueKind.Null => Nothing,
            JsonValueKind.Array => OfList(document.RootElement),
            JsonValueKind.Object => OfObject(document.RootElement),
            _ => Nothing with { Faults = Seq1(new Finding(Path, "is neither a list of JSONPaths nor an object with the field jsonPaths or jsonPointers")) },
        };
    }

    private static PruneParts OfList(JsonElement list)
    {
        var (texts, faults) = Texts(Path, list, MaxItems);
        return Nothing with { Paths = texts, Faults = faults };
    }

    private static PruneParts OfObject(JsonElement root)
    {
        var unknown = root.EnumerateObject().Where(it => !Fields.Contains(it.Name))
            .Select(it => new Finding($"{Path}.{it.Name}", $"is no known field{Nearest.DidYouMean(it.Name, Fields)}")).ToArray().ToSeq();
        var (paths, ofPaths) = List("jsonPaths", MaxItems);
        var (pointers, ofPointers) = List("jsonPointers", MaxItems);
        var (keys, ofKeys) = List("scrubKeys", MaxScrubKeys);
        var (cel, ofCel) = List("cel", MaxItems);
        var defaults = root.TryGetProperty("defaults", out var given) ? given.ValueKind : JsonValueKind.Null;
        var ofDefaults = defaults is JsonValueKind.Null or JsonValueKind.True or JsonValueKind.False
            ? Seq<Finding>()
            : Seq1(new Finding($"{Path}.defaults", "must be true or false"));
        return new PruneParts(
            paths,
            pointers,
            Some(keys.Map(it => it.Text.Trim()).Filter(it => it.Length > 0).Strict()),
            defaults != JsonValueKind.False,
            cel.Map(it => it.Path).Strict(),
            Join(unknown, ofPaths, ofPointers, ofKeys, ofCel, ofDefaults));

        (Seq<PruneText> Texts, Seq<Finding> Faults) List(string field, int max) =>
            root.TryGetProperty(field, out var value) && value.ValueKind != JsonValueKind.Null
                ? value.ValueKind == JsonValueKind.Array
                    ? Texts($"{Path}.{field}", value, max)
                    : ([], Seq1(new Finding($"{Path}.{field}", "must be a list of texts")))
                : ([], []);
    }

    private static (Seq<PruneText> Texts, Seq<Finding> Faults) Texts(string path, JsonElement list, int max)
    {
        if (list.GetArrayLength() > max)
            return ([], Seq1(new Finding(path, FormattableString.Invariant($"has {list.GetArrayLength():N0} items; at most {max} are possible"))));
        var items = list.EnumerateArray().Select((it, index) => (Path: FormattableString.Invariant($"{path}[{index}]"), Value: it)).ToArray();
        return (
            items.Where(it => it.Value.ValueKind == JsonValueKind.String).Select(it => new PruneText(it.Path, it.Value.GetString()!)).ToArray().ToSeq(),
            items.Where(it => it.Value.ValueKind != JsonValueKind.String).Select(it => new Finding(it.Path, "must be text")).ToArray().ToSeq());
    }
}

/// <summary>A path or pointer of what is left out, with its place in the manifest.</summary>
internal sealed record PruneText(string Path, string Text)
{
    /// <summary>The same as a JSONPath.</summary>
    public Either<JsonPathError, JsonPath> AsPath => JsonPath.Compile(Text);

    /// <summary>The same as a JSON Pointer.</summary>
    public Either<JsonPathError, JsonPath> AsPointer => JsonPath.OfPointer(Text.Trim());
}
