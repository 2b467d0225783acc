namespace Kollect.Core.Backends.Postgres;

/// <summary>A difference that prevents an export and that only an administrator can resolve. Closed.</summary>
internal abstract record Gap
{
    private Gap() { }

    /// <summary>The server only speaks PostgreSQL's protocol, or is too old.</summary>
    public sealed record UnsupportedServer(string Why) : Gap;

    /// <summary>A hot standby, which takes no writes.</summary>
    public sealed record Standby : Gap;

    /// <summary><c>default_transaction_read_only</c> is on for the role, the database or the server.</summary>
    public sealed record ReadOnlyTransactions : Gap;

    /// <summary>The database holds texts in another encoding than UTF-8.</summary>
    public sealed record WrongEncoding(string Encoding) : Gap;

    /// <summary>A worker of Citus: advisory locks hold on one node only.</summary>
    /// <param name="Group"><c>pg_dist_local_group.groupid</c>.</param>
    public sealed record CitusWorker(int Group) : Gap;

    /// <summary>Schemas are never created.</summary>
    public sealed record SchemaMissing(string Schema) : Gap;

    /// <summary>No USAGE.</summary>
    public sealed record NoSchemaUsage(string Schema) : Gap;

    /// <summary>Table missing, and no CREATE on the schema.</summary>
    public sealed record CannotCreateTable(TableName Table) : Gap;

    /// <summary>Table missing in mode <c>existing</c>.</summary>
    public sealed record TableMissing(TableName Table) : Gap;

    /// <summary>A view, foreign table, sequence, …</summary>
    /// <param name="Kind"><c>pg_class.relkind</c>.</param>
    public sealed record NotATable(TableName Table, string Kind) : Gap;

    /// <summary>A wanted column does not exist.</summary>
    public sealed record ColumnMissing(TableName Table, Column Column) : Gap;

    /// <summary>A wanted column has another type.</summary>
    public sealed record WrongType(TableName Table, Column Column, string Actual) : Gap;

    /// <summary>The collation of a text column takes different texts for equal.</summary>
    public sealed record NondeterministicColumn(TableName Table, Column Column) : Gap;

    /// <summary>A unique index on the identity has such a collation, and ON CONFLICT relies on every index on these columns.</summary>
    public sealed record NondeterministicIndex(TableName Table, string Index) : Gap;

    /// <summary>A wanted column is computed by the server.</summary>
    public sealed record GeneratedColumn(TableName Table, string Column) : Gap;

    /// <summary>A column outside the wanted ones is NOT NULL without a default, so no row can be inserted.</summary>
    public sealed record UnfillableColumn(TableName Table, string Column) : Gap;

    /// <summary>No usable unique index exactly on the identity columns.</summary>
    /// <param name="IsPartitioned">No index of a partitioned table can be created CONCURRENTLY.</param>
    /// <param name="Unusable">Indexes on the right columns that are invalid, partial or deferrable.</param>
    public sealed record NoIdentityIndex(TableName Table, bool IsPartitioned, Seq<string> Unusable) : Gap;

    /// <summary>Partitioned by something that is not part of the identity: no unique index on the identity alone is possible.</summary>
    /// <param name="Key">An expression stands as an empty name.</param>
    public sealed record PartitionKey(TableName Table, Seq<string> Key) : Gap;

    /// <summary>A partitioned table without partitions takes no row.</summary>
    /// <param name="ByHash">False = by list or range, where a default partition takes every row.</param>
    public sealed record NoPartition(TableName Table, bool ByHash) : Gap;

    /// <summary>A trigger, rule or child table, because of which the rows may not be those that were sent.</summary>
    public sealed record Intercepted(TableName Table, Interceptor By) : Gap;

    /// <summary>The server refuses updates and deletes, because a publication sends them and the table has no replica identity.</summary>
    /// <param name="Index">A unique index that can serve; None = there is none yet.</param>
    public sealed record NoReplicaIdentity(TableName Table, Option<string> Index) : Gap;

    /// <summary>Privileges that the role lacks, in the order SELECT, INSERT, UPDATE, DELETE.</summary>
    public sealed record MissingPrivileges(TableName Table, Seq<string> Privileges) : Gap;

    /// <summary>The history is missing, and provisioning may not create it.</summary>
    /// <param name="IsExisting">True = mode <c>existing</c>; false = the role lacks CREATE on the schema.</param>
    public sealed record HistoryMissing(History History, bool IsExisting) : Gap;

    /// <summary>A relation of the history's name is another one.</summary>
    /// <param name="Wrong">One entry for each defect.</param>
    public sealed record NotTheHistory(History History, Seq<string> Wrong) : Gap;

    /// <summary>Its statements are none that Citus takes.</summary>
    public sealed record NoHistoryInCitus(TableName Table) : Gap;

    /// <summary>Policies would hide rows from the mirror.</summary>
    /// <param name="Forced">They apply to the role only because they are forced on the owner.</param>
    public sealed record RowSecurity(TableName Table, bool Forced) : Gap;
}
