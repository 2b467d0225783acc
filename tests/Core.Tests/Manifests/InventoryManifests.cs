using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using Kollect.Core.Explanations;
using Kollect.Core.Failures;
using Kollect.Core.Manifests;
using Kollect.Models.V1Alpha1;

namespace Kollect.Core.Tests.Manifests;

/// <summary>Plain manifests of inventories, profiles and targets, and the functions that read and validate each kind.</summary>
internal static class InventoryManifests
{
    public const string InventorySpec = PlainManifests.Inventory;

    public const string ClusterInventorySpec = PlainManifests.ClusterInventory;

    public const string ProfileSpec = PlainManifests.Profile;

    public const string TargetSpec = PlainManifests.Target;

    /// <inheritdoc cref="PlainManifests.Manifest"/>
    public static JsonObject Manifest(string kind, JsonNode spec) => PlainManifests.Manifest(kind, spec);

    public static ValidationResult Validate(JsonObject manifest)
    {
        var json = Encoding.UTF8.GetBytes(manifest.ToJsonString());
        return (string?)manifest["kind"] switch
        {
            "KollectInventory" => ManifestValidation.Validate(KollectInventory.ReadJson(json, out var structural)!, structural),
            "KollectClusterInventory" => ManifestValidation.Validate(KollectClusterInventory.ReadJson(json, out var structural)!, structural),
            "KollectProfile" => ManifestValidation.Validate(KollectProfile.ReadJson(json, out var structural)!, structural),
            "KollectTarget" => ManifestValidation.Validate(KollectTarget.ReadJson(json, out var structural)!, structural),
            "KollectClusterTarget" => ManifestValidation.Validate(KollectClusterTarget.ReadJson(json, out var structural)!, structural),
            "KollectScope" => ManifestValidation.Validate(KollectScope.ReadJson(json, out var structural)!, structural),
            _ => throw new UnreachableException(),
        };
    }

    public static Either<Seq<Problem>, object> Parse(JsonObject manifest)
    {
        var json = Encoding.UTF8.GetBytes(manifest.ToJsonString());
        return (string?)manifest["kind"] switch
        {
            "KollectInventory" => InventoryParser.Parse(KollectInventory.ReadJson(json, out var structural)!, structural).Map(it => (object)it),
            "KollectClusterInventory" => InventoryParser.Parse(KollectClusterInventory.ReadJson(json, out var structural)!, structural).Map(it => (object)it),
            "KollectProfile" => ProfileParser.Parse(KollectProfile.ReadJson(json, out var structural)!, structural).Map(it => (object)it),
            "KollectTarget" => TargetParser.Parse(KollectTarget.ReadJson(json, out var structural)!, structural).Map(it => (object)it),
            "KollectClusterTarget" => TargetParser.Parse(KollectClusterTarget.ReadJson(json, out var structural)!, structural).Map(it => (object)it),
            _ => throw new UnreachableException(),
        };
    }

    public static T Parsed<T>(string kind, JsonNode spec) =>
        (T)Parse(Manifest(kind, spec)).IfLeft(problems => throw new Xunit.Sdk.XunitException(problems.ToString()));
}
