using Kollect.Core.Collection.JsonPaths;

namespace Kollect.Core.Collection;

/// <summary>A valid <c>KollectProfile</c>: a kind of objects, and the attributes to extract from each object.</summary>
/// <param name="Kind">The kind of the objects that are collected.</param>
/// <param name="Attributes">In the order of the manifest; all names are unique and differ from <see cref="ResourceExport.As"/>.</param>
/// <param name="Resource">None = the item does not contain the object itself.</param>
internal sealed record Profile(string Namespace, string Name, ResourceKind Kind, Seq<ProfileAttribute> Attributes, Option<ResourceExport> Resource);

/// <summary>Group, version and kind of objects.</summary>
/// <param name="Group">Empty = the core group.</param>
/// <param name="Version">E.g. <c>v1</c>.</param>
/// <param name="Kind">E.g. <c>Deployment</c>.</param>
internal sealed record ResourceKind(string Group, string Version, string Kind)
{
    /// <summary><c>Deployment (apps/v1)</c>.</summary>
    public override string ToString() => $"{Kind} ({(Group.Length > 0 ? Group + "/" : "")}{Version})";
}

/// <summary>A value to extract from each object.</summary>
/// <param name="Name">The field of <c>attributes</c> that holds the value.</param>
/// <param name="Path">The path of the value in the object.</param>
/// <param name="Type">The type that the value must have.</param>
/// <param name="IsOptional">False = an object without the value is reported.</param>
internal sealed record ProfileAttribute(string Name, AttributePath Path, AttributeType Type, bool IsOptional);

/// <summary>The type of an attribute. For each type null counts as absent.</summary>
internal enum AttributeType
{
    /// <summary>The value unchanged if the path finds one at most, else the list of all values.</summary>
    Any,

    /// <summary>A text; a number or a boolean is converted to text as it is written.</summary>
    Text,

    /// <summary>A whole number of any size; a text that contains one is converted.</summary>
    Int,

    /// <summary>A number; a text that contains one is converted.</summary>
    Number,

    /// <summary>A boolean; a text such as <c>"True"</c>, which conditions have, is converted. Case is ignored.</summary>
    Bool,

    /// <summary>The list that the path finds, or a list of all values that it finds.</summary>
    List,

    /// <summary>An object.</summary>
    Object,
}

/// <summary>The object itself as one more attribute, without <c>metadata.managedFields</c>.</summary>
/// <param name="As">The field of <c>attributes</c> that holds the object.</param>
/// <param name="Include">The fields of the object to keep, such as <c>spec</c>; empty = all.</param>
/// <param name="Prune">The paths of values to omit; none of them selects the whole object.</param>
/// <param name="Sensitive">The fields whose values are replaced, however deep; None = no value is replaced.</param>
internal sealed record ResourceExport(string As, Seq<string> Include, Seq<JsonPath> Prune, Option<SensitiveFields> Sensitive)
{
    /// <summary>True = this field of the object is kept.</summary>
    public bool Keeps(string field) => Include.IsEmpty || Include.Contains(field);
}
