namespace Kollect.Core.Snapshots;

/// <summary>The kind and apiVersion that a typed list, such as a <c>PodList</c>, states once for items without their own.</summary>
/// <param name="ApiVersion">E.g. <c>v1</c>.</param>
/// <param name="Kind">E.g. <c>Pod</c>.</param>
internal sealed record ItemType(string ApiVersion, string Kind)
{
    private const string Suffix = "List";

    /// <summary>None = the list is a plain <c>List</c>, whose items have their own types, or no list.</summary>
    public static Option<ItemType> Of(Option<string> listApiVersion, Option<string> listKind) =>
        from version in listApiVersion
        from kind in listKind
        where kind.Length > Suffix.Length && kind.EndsWith(Suffix, StringComparison.Ordinal)
        select new ItemType(version, kind[..^Suffix.Length]);
}
