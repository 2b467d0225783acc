using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Kollect.Core.Failures;
using Kollect.Core.Formatting;
using Kollect.Core.Manifests;

namespace Kollect.Core.Explanations;

/// <summary>A valid manifest with a change that breaks one rule.</summary>
/// <param name="Kind">Of the manifest.</param>
/// <param name="Spec">The valid spec; without changes the broken one.</param>
/// <param name="Changes">See <see cref="PlainManifests.With"/>; a path that begins with <c>metadata/</c> is one of the manifest.</param>
internal sealed record ProblemExample(string Kind, string Spec, Seq<(string Path, string? Json)> Changes)
{
    private const string OfMetadata = "metadata/";

    /// <summary>Of a field with its value, in characters.</summary>
    private const int MaxShown = 110;

    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The broken spec.</summary>
    public JsonObject BrokenSpec => PlainManifests.With(Spec, Changes.Filter(it => !IsOfMetadata(it)));

    /// <summary>The broken manifest.</summary>
    public JsonObject Manifest => PlainManifests.With(
        PlainManifests.Manifest(Kind, JsonNode.Parse("{}")!).ToJsonString(),
        Join(Changes.Filter(IsOfMetadata), Seq1(("spec", (string?)(Changes.IsEmpty ? "{}" : BrokenSpec.ToJsonString())))));

    /// <summary>The fields that are wrong, each as YAML: <c>spec.options.db-password: "hunter22"</c>.</summary>
    public Seq<string> Fields => Changes.IsEmpty
        ? Seq1($"spec: {Spec.Trim()}")
        : Changes.Map(it => Field(IsOfMetadata(it) ? it.Path : "spec/" + it.Path, it.Json)).Strict();

    /// <summary>What validation says of it with this id.</summary>
    public Seq<Problem> Findings(string id)
    {
        var json = Changes.IsEmpty
            ? Manifest.ToJsonString().Replace("\"spec\":{}", $"\"spec\":{Spec}", StringComparison.Ordinal)
            : Manifest.ToJsonString();
        return KnownKinds.Find(Kind).Match(
            validate => validate(Encoding.UTF8.GetBytes(json)),
            () => throw new System.Diagnostics.UnreachableException()) is var result
                ? Join(result.Problems, result.Warnings).Filter(it => it.Id == id).Strict()
                : Empty;
    }

    private static bool IsOfMetadata((string Path, string? Json) change) => change.Path.StartsWith(OfMetadata, StringComparison.Ordinal);

    private static string Field(string path, string? json)
    {
        var name = path.Replace('/', '.');
        return json is null ? $"# {name} is absent" : Shown.Cut($"{name}: {JsonNode.Parse(json)?.ToJsonString(Readable) ?? "null"}", MaxShown);
    }
}
