using Kollect.Core.Collection.JsonPaths;

namespace Kollect.Core.Collection;

/// <summary>A <c>KollectProfile</c> that is valid by construction: a kind of objects, and what is kept of each.</summary>
/// <param name="Namespace">Of the profile.</param>
/// <param name="Name">Of the profile.</param>
/// <param name="Kind">Whose objects.</param>
/// <param name="Attributes">In the order of the manifest; names are unique, also beside <see cref="ResourceExport.As"/>.</param>
/// <param name="Resource">None = the object itself is not kept.</param>
public sealed record Profile(string Namespace, string Name, ResourceKind Kind, Seq<ProfileAttribute> Attributes, Option<ResourceExport> Resource);

/// <summary>Group, version and kind, by which objects are found.</summary>
/// <param name="Group">Empty = the core group.</param>
/// <param name="Version"><c>v1</c>.</param>
/// <param name="Kind"><c>Deployment</c>.</param>
public sealed record ResourceKind(string Group, string Version, string Kind)
{
    /// <summary><c>Deployment (apps/v1)</c>.</summary>
    public override string ToString() => $"{Kind} ({(Group.Length > 0 ? Group + "/" : "")}{Version})";
}

/// <summary>One value that is taken out of each object.</summary>
/// <param name="Name">Its field in <c>attributes</c>.</param>
/// <param name="Path">Where it is.</param>
/// <param name="Type">What it must be.</param>
/// <param name="IsOptional">An object without it is nothing to report.</param>
public sealed record ProfileAttribute(string Name, JsonPath Path, AttributeType Type, bool IsOptional);

/// <summary>What an attribute must be; null counts as absent for each of them.</summary>
public enum AttributeType
{
    /// <summary>As it is found: the value of a path that finds one at most, the list of all values of another.</summary>
    Any,

    /// <summary>Text; a number or a truth value becomes text as it is written.</summary>
    Text,

    /// <summary>A whole number of any size, also one that is written as text.</summary>
    Int,

    /// <summary>Any number, also one that is written as text.</summary>
    Number,

    /// <summary>True or false, also when written as text, in upper or lower case: conditions have <c>"True"</c>.</summary>
    Bool,

    /// <summary>A list: the one that the path finds, or of all values that it finds.</summary>
    List,

    /// <summary>An object.</summary>
    Object,
}

/// <summary>The object itself as one more attribute, without <c>metadata.managedFields</c>.</summary>
/// <param name="As">Its field in <c>attributes</c>.</param>
/// <param name="Prune">What is left out of it; none is the whole object.</param>
public sealed record ResourceExport(string As, Seq<JsonPath> Prune);
