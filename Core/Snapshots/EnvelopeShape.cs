using Kollect.Core.Formatting;

namespace Kollect.Core.Snapshots;

/// <summary>What stands around <c>items</c> and tells a whole snapshot from a part of one, or from a single object.</summary>
/// <param name="IsKubernetes">It has <c>apiVersion</c> or <c>kind</c>: what kubectl prints.</param>
/// <param name="Kind">None = not given.</param>
/// <param name="Continue"><c>metadata.continue</c> of the API server; None or empty = nothing follows this page.</param>
/// <param name="OwnField">A field that only an item or a single object has, e.g. <c>uid</c> or <c>metadata.name</c>; None = there is none.</param>
public sealed record EnvelopeShape(bool IsKubernetes, Option<string> Kind, Option<string> Continue, Option<string> OwnField)
{
    /// <summary>Nothing seen.</summary>
    public static EnvelopeShape Nothing { get; } = new(false, None, None, None);

    /// <summary>Why the array <c>items</c> beside these fields is not one whole snapshot; None = it may be one.</summary>
    /// <remarks>Without this a page of a list, or an object with a field <c>items</c>, would delete the rows of all others.</remarks>
    public Option<string> Objection =>
        Continue.Filter(token => token.Length > 0).Map(_ =>
            "metadata.continue is set: this is one page of a longer list — give all of it: kubectl get -o json reads every page")
        | Kind.Filter(kind => !IsList(kind)).Map(kind =>
            $"items stands in an object of kind {Shown.Quoted(kind)}, which is no List — put the object into an array: [ … ]")
        | OwnField.Map(own =>
            $"{own} stands beside items: is it one object, or a list? — put the object into an array: [ … ]");

    /// <summary>Why an object without an array <c>items</c> is no element of its own; None = it is one.</summary>
    /// <param name="isEnvelope">It has <c>schemaVersion</c>.</param>
    /// <param name="hasItems"><c>items</c> is there, but no array.</param>
    public Option<string> ObjectionWithoutItems(bool isEnvelope, bool hasItems) =>
        OwnField.IsNone && (isEnvelope || hasItems || Kind.Exists(IsList))
            ? "has no array items — an empty snapshot must be said: give \"items\": []"
            : None;

    // By the API's conventions every list, and nothing else, is named so.
    private static bool IsList(string kind) => kind.EndsWith("List", StringComparison.Ordinal);
}
