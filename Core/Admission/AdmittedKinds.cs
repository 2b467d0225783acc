using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using Kollect.Core.Models.V1Alpha1;
using Kollect.Core.Reconciling;
using Kollect.Core.Validation;

namespace Kollect.Core.Admission;

/// <summary>Validates the JSON of one object, which is well-formed.</summary>
internal delegate ValidationResult Validate(ReadOnlySpan<byte> json);

/// <summary>The kinds that the webhook is asked about, and the validation of each.</summary>
internal static class AdmittedKinds
{
    private static readonly (string ApiVersion, string Kind, Validate Validate)[] All =
    [
        ("kollect.dev/v1alpha1", "KollectDatabaseSink", DatabaseSink),
    ];

    public static string Names => string.Join(", ", All.Select(it => it.Kind));

    public static bool TryFind(string? apiVersion, string? kind, [NotNullWhen(true)] out Validate? validate)
    {
        validate = All.FirstOrDefault(it => it.ApiVersion == apiVersion && it.Kind == kind).Validate;
        return validate is not null;
    }

    private static ValidationResult DatabaseSink(ReadOnlySpan<byte> json)
    {
        var sink = KollectDatabaseSink.ReadJson(json, out var structural) ?? throw new UnreachableException("well-formed, and an object");
        return SinkValidation.Validate(sink, SinkReconcile.OfSpec(structural));
    }
}
