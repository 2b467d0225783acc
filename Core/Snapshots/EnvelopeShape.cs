using Kollect.Core.Formatting;

namespace Kollect.Core.Snapshots;

/// <summary>The facts around <c>items</c> that distinguish a whole snapshot from a part of one and from a single object.</summary>
/// <param name="IsKubernetes">True = it has <c>apiVersion</c> or <c>kind</c>, as the output of kubectl does.</param>
/// <param name="Kind">None = absent.</param>
/// <param name="Continue"><c>metadata.continue</c> of the API server; None or empty = this is the last page.</param>
/// <param name="OwnField">A field that only an item or a single object has, e.g. <c>uid</c> or <c>metadata.name</c>; None = there is no such field.</param>
public sealed record EnvelopeShape(bool IsKubernetes, Option<string> Kind, Option<string> Continue, Option<string> OwnField)
{
    /// <summary>No field has been read.</summary>
    public static EnvelopeShape Nothing { get; } = new(false, None, None, None);

    /// <summary>Why the array <c>items</c> beside these fields is not one whole snapshot; None = it may be one.</summary>
    /// <remarks>Without this check a page of a list, or an object with a field <c>items</c>, would delete the rows of all other objects.</remarks>
    public Option<string> Objection =>
        Continue.Filter(token => token.Length > 0).Map(_ =>
            "metadata.continue is set: this is one page of a longer list — give all of it: kubectl get -o json reads every page")
        | Kind.Filter(kind => !IsList(kind)).Map(kind =>
            $"items stands in an object of kind {Shown.Quoted(kind)}, which is no List — put the object into an array: [ … ]")
        | OwnField.Map(own =>
            $"{own} stands beside items: is it one object, or a list? — put the object into an array: [ … ]");

    /// <summary>Why an object without an array <c>items</c> is not a single element; None = it is one.</summary>
    /// <param name="isEnvelope">True = it has <c>schemaVersion</c>.</param>
    /// <param name="hasItems">True = it has <c>items</c>, which is not an array.</param>
    public Option<string> ObjectionWithoutItems(bool isEnvelope, bool hasItems) =>
        OwnField.IsNone && (isEnvelope || hasItems || Kind.Exists(IsList))
            ? "has no array items — an empty snapshot must be said: give \"items\": []"
            : None;

    // Kubernetes API conventions: the kind of every list, and of nothing else, ends with List.
    private static bool IsList(string kind) => kind.EndsWith("List", StringComparison.Ordinal);
}
