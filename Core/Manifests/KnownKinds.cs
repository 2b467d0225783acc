using Kollect.Models.V1Alpha1;
using static Kollect.Core.Manifests.SpecParts;

namespace Kollect.Core.Manifests;

/// <summary>Validates the JSON of one object, which is well-formed, and an object.</summary>
internal delegate ValidationResult Validate(ReadOnlySpan<byte> json);

/// <summary>The kinds of <c>kollect.dev</c>, and the validation of each.</summary>
internal static class KnownKinds
{
    /// <summary>The API version of all kinds.</summary>
    public const string ApiVersion = "kollect.dev/v1alpha1";

    private static readonly Seq<(string Kind, Validate Validate)> Validations = Seq<(string, Validate)>(
        ("KollectDatabaseSink", static json => SinkObject.Read(json).Validation),
        ("KollectInventory", static json => ManifestValidation.Validate(KollectInventory.ReadJson(json, out var structural)!, OfSpec(structural))),
        (
            "KollectClusterInventory",
            static json => ManifestValidation.Validate(KollectClusterInventory.ReadJson(json, out var structural)!, OfSpec(structural))),
        ("KollectProfile", static json => ManifestValidation.Validate(KollectProfile.ReadJson(json, out var structural)!, OfSpec(structural))),
        ("KollectTarget", static json => ManifestValidation.Validate(KollectTarget.ReadJson(json, out var structural)!, OfSpec(structural))),
        ("KollectClusterTarget", static json => ManifestValidation.Validate(KollectClusterTarget.ReadJson(json, out var structural)!, OfSpec(structural))),
        ("KollectScope", static json => ManifestValidation.Validate(KollectScope.ReadJson(json, out var structural)!, structural)),
        ("KollectClusterScope", static json => ManifestValidation.Validate(KollectClusterScope.ReadJson(json, out var structural)!, structural)));

    /// <summary>For messages: <c>KollectDatabaseSink, KollectInventory, …</c>.</summary>
    public static string Names => string.Join(", ", All);

    /// <summary>The names of the kinds.</summary>
    public static Seq<string> All => Validations.Map(it => it.Kind);

    /// <summary>The validation of a kind; None = a kind of another API group.</summary>
    public static Option<Validate> Find(string? kind) => Validations.Find(it => it.Kind == kind).Map(it => it.Validate);
}
