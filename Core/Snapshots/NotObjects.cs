using Kollect.Core.Formatting;

namespace Kollect.Core.Snapshots;

/// <summary>What the API server gives in place of objects: it has kind and apiVersion, but is not an object of a cluster.</summary>
internal static class NotObjects
{
    /// <summary>What it is, and how to get objects; None = the kind may be that of an object.</summary>
    /// <param name="message">Of a Status; null = none.</param>
    public static Option<string> Objection(string? apiVersion, string? kind, string? message) => (apiVersion, kind) switch
    {
        ("v1", "Status") => $"is a Status of the API server, which says {Shown.Quoted(message ?? "nothing")} — correct the cause and read the objects again",
        ({ } version, "Table") when IsMeta(version) => Objects("is a Table, which holds the columns that kubectl prints"),
        ({ } version, "PartialObjectMetadata" or "PartialObjectMetadataList") when IsMeta(version) =>
            Objects("is PartialObjectMetadata, which is an object without its content"),
        ({ } version, "WatchEvent") when version == "v1" || IsMeta(version) => OfWatch,
        ({ } version, "AdmissionReview") when version.StartsWith("admission.k8s.io/", StringComparison.Ordinal) =>
            Objects("is an AdmissionReview, which the API server sends to webhooks"),
        ({ } version, "ConversionReview") when version.StartsWith("apiextensions.k8s.io/", StringComparison.Ordinal) =>
            Objects("is a ConversionReview, which the API server sends to webhooks"),
        _ => None,
    };

    /// <summary>The objection to <c>{"type":"ADDED","object":{…}}</c>, which has no kind of its own.</summary>
    public static string OfWatch { get; } = Objects("is an event of a watch, which holds one change");

    private static string Objects(string what) => $"{what} — give the objects: kubectl get KIND -A -o json";

    private static bool IsMeta(string version) => version.StartsWith("meta.k8s.io/", StringComparison.Ordinal);
}
