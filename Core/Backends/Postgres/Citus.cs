namespace Kollect.Core.Backends.Postgres;

/// <summary>The extension Citus, which spreads tables over the nodes of a cluster; None everywhere = a server without it.</summary>
/// <param name="Group"><c>pg_dist_local_group.groupid</c> of the node: 0 = the coordinator (COORDINATOR_GROUP_ID of Citus), else a worker.</param>
/// <param name="Table">How the destination is spread; None = a table of this node alone, or none at all.</param>
internal sealed record Citus(int Group, Option<CitusTable> Table)
{
    /// <summary>The node is a worker. An advisory lock holds on one node, so exporters through several nodes do not exclude each other.</summary>
    public bool IsWorker => Group != 0;
}

/// <summary>A row of <c>pg_dist_partition</c>.</summary>
/// <param name="Method"><c>partmethod</c>: <c>h</c> hash, <c>r</c> range, <c>a</c> append, <c>n</c> by no column.</param>
/// <param name="IsReplicated"><c>repmodel</c> is <c>t</c> (two-phase commit): with method <c>n</c> a reference table, whole on every node.</param>
/// <param name="Column">The distribution column; None with method <c>n</c>.</param>
internal sealed record CitusTable(string Method, bool IsReplicated, Option<string> Column)
{
    /// <summary><c>distributed by source_uid</c>, <c>a reference table</c>.</summary>
    public override string ToString() => Column.Match(
        column => $"distributed by {column}",
        () => Method == "n" && IsReplicated ? "a reference table" : "managed on one node");
}
