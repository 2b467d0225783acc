using Kollect.Core.Snapshots;

namespace Kollect.Core.Views;

/// <summary>A view over the rows of one target, with a column for each attribute of its profile.</summary>
/// <param name="RowNamespace">The value of <c>inventory_namespace</c> in the rows: the namespace of the target, or that of cluster-scoped inventories.</param>
/// <param name="Target">The value of <c>target_name</c> in the rows.</param>
/// <param name="Attributes">In the order of the profile; all names are different.</param>
internal sealed record TargetView(string RowNamespace, string Target, Seq<ViewAttribute> Attributes)
{
    /// <summary><c>platform/deployments</c>; a cluster-scoped target has no namespace.</summary>
    public string TargetName => RowNamespace == Scope.ClusterInventories ? Target : $"{RowNamespace}/{Target}";

    /// <summary>
    /// The name of the view, before it is made to fit: <c>inventory_items_platform_deployments</c>. Names of Kubernetes have no underscore, so that two
    /// targets of one table have different ones.
    /// </summary>
    public string NameOver(string table) =>
        RowNamespace == Scope.ClusterInventories ? $"{table}_{Target}" : $"{table}_{RowNamespace}_{Target}";
}

/// <summary>A field of <c>payload.attributes</c> that becomes a column.</summary>
internal sealed record ViewAttribute(string Name, ViewType Type);

/// <summary>The type of a column. A value that does not fit gives NULL.</summary>
internal enum ViewType
{
    /// <summary>A text; a number or a boolean as it is written.</summary>
    Text,

    /// <summary>A whole number of 64 bits, also one that a text contains.</summary>
    Integer,

    /// <summary>A number, also one that a text contains.</summary>
    Number,

    /// <summary>A boolean, also one that a text contains.</summary>
    Boolean,

    /// <summary>A text of RFC 3339.</summary>
    Timestamp,

    /// <summary>A list, as an array.</summary>
    List,

    /// <summary>An object, as JSON.</summary>
    Object,

    /// <summary>Any value but null, as JSON.</summary>
    Json,
}
