using System.Diagnostics.CodeAnalysis;
using Kollect.Core.Models.V1Alpha1;
using Kollect.Core.Validation;
using static Kollect.Core.Validation.SpecParts;

namespace Kollect.Core.Admission;

/// <summary>Validates the JSON of one object, which is well-formed, and an object.</summary>
internal delegate ValidationResult Validate(ReadOnlySpan<byte> json);

/// <summary>The kinds that the webhook is asked about, and the validation of each.</summary>
internal static class AdmittedKinds
{
    private const string ApiVersion = "kollect.dev/v1alpha1";

    private static readonly (string Kind, Validate Validate)[] All =
    [
        ("KollectDatabaseSink", static json => SinkValidation.Validate(KollectDatabaseSink.ReadJson(json, out var structural)!, OfSpec(structural))),
        ("KollectInventory", static json => ManifestValidation.Validate(KollectInventory.ReadJson(json, out var structural)!, OfSpec(structural))),
        ("KollectClusterInventory", static json => ManifestValidation.Validate(KollectClusterInventory.ReadJson(json, out var structural)!, OfSpec(structural))),
        ("KollectProfile", static json => ManifestValidation.Validate(KollectProfile.ReadJson(json, out var structural)!, OfSpec(structural))),
        ("KollectTarget", static json => ManifestValidation.Validate(KollectTarget.ReadJson(json, out var structural)!, OfSpec(structural))),
        ("KollectClusterTarget", static json => ManifestValidation.Validate(KollectClusterTarget.ReadJson(json, out var structural)!, OfSpec(structural))),
    ];

    public static string Names => string.Join(", ", All.Select(it => it.Kind));

    public static bool TryFind(string? apiVersion, string? kind, [NotNullWhen(true)] out Validate? validate)
    {
        validate = apiVersion == ApiVersion ? All.FirstOrDefault(it => it.Kind == kind).Validate : null;
        return validate is not null;
    }
}
