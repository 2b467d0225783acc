using Kollect.Core.Formatting;

namespace Kollect.Core.Snapshots;

/// <summary>The facts around <c>items</c> that distinguish a whole snapshot from a part of one and from a single object.</summary>
/// <param name="ApiVersion">None = absent.</param>
/// <param name="IsKubernetes">True = it has <c>apiVersion</c> or <c>kind</c>, as the output of kubectl does.</param>
/// <param name="Kind">None = absent.</param>
/// <param name="Continue"><c>metadata.continue</c> of the API server; None or empty = this is the last page.</param>
/// <param name="OwnField">A field that only an item or a single object has, e.g. <c>uid</c> or <c>metadata.name</c>; None = there is no such field.</param>
internal sealed record EnvelopeShape(
    Option<string> ApiVersion, bool IsKubernetes, Option<string> Kind, Option<string> Continue, Option<string> OwnField)
{
    /// <summary>No field has been read.</summary>
    public static EnvelopeShape Nothing { get; } = new(None, false, None, None, None);

    /// <summary>True = there is an object <c>metadata</c>.</summary>
    public bool HasMetadata { get; init; }

    /// <summary>The names of all other fields, as far as they tell what the object is.</summary>
    public Seq<string> Fields { get; init; }

    /// <summary><c>message</c> of a Status.</summary>
    public Option<string> Message { get; init; }

    /// <summary>The type of items that have none.</summary>
    public Option<ItemType> ItemType => Snapshots.ItemType.Of(ApiVersion, Kind);

    /// <summary>Why the array <c>items</c> beside these fields is not one whole snapshot; None = it may be one.</summary>
    /// <remarks>Without this check a page of a list, or an object with a field <c>items</c>, would delete the rows of all other objects.</remarks>
    public Option<string> Objection =>
        NotObjects.Objection(ApiVersion.IfNoneUnsafe((string?)null), Kind.IfNoneUnsafe((string?)null), null).Map(what => $"{what}; this is no snapshot")
        | Continue.Filter(token => token.Length > 0).Map(_ =>
            "metadata.continue is set: this is one page of a longer list — give all of it: kubectl get -o json reads every page")
        | Kind.Filter(kind => !IsList(kind)).Map(kind =>
            $"items stands in an object of kind {Shown.Quoted(kind)}, which is no List — put the object into an array: [ … ]")
        | OwnField.Map(own =>
            $"{own} stands beside items: is it one object, or a list? — put the object into an array: [ … ]");

    /// <summary>Why an object without an array <c>items</c> is not a single element; None = it is one.</summary>
    /// <param name="isEnvelope">True = it has <c>schemaVersion</c>.</param>
    /// <param name="hasItems">True = it has <c>items</c>, which is not an array.</param>
    public Option<string> ObjectionWithoutItems(bool isEnvelope, bool hasItems) =>
        NotObjects.Objection(ApiVersion.IfNoneUnsafe((string?)null), Kind.IfNoneUnsafe((string?)null), Message.IfNoneUnsafe((string?)null))
            .Map(what => $"{what}; this is no snapshot")
        | (OwnField.IsNone && (isEnvelope || hasItems || Kind.Exists(IsList))
            ? "has no array items — an empty snapshot must be said: give \"items\": []"
            : None)
        | (OwnField.IsNone && !IsObject ? Some(NoElement) : None);

    private bool IsObject => ApiVersion.IsSome && Kind.IsSome && HasMetadata;

    private string NoElement =>
        Fields.Contains("type") && Fields.Contains("object") ? $"{NotObjects.OfWatch}; this is no snapshot"
        : !IsKubernetes && Fields.IsEmpty && !HasMetadata
            ? "is an empty object {}, and no snapshot — an empty snapshot must be said: give [] or {\"items\": []}"
        : "is an object with neither targetName and uid nor apiVersion, kind and metadata, and no snapshot"
            + " — give NDJSON items, a JSON array, an export envelope or the output of kubectl get -o json";

    // Kubernetes API conventions: the kind of every list, and of nothing else, ends with List.
    private static bool IsList(string kind) => kind.EndsWith("List", StringComparison.Ordinal);
}
