namespace Kollect.Core.Backends.Postgres;

/// <summary>The state of the destination as the server reports it, read without changing anything.</summary>
/// <param name="Engine">What the server is; where it cannot be a destination, nothing else was read.</param>
/// <param name="ServerVersion">As <c>server_version</c> prints it: <c>15.18 (Debian 15.18-0+deb12u1)</c>.</param>
/// <param name="IsStandby">The server is in recovery: a hot standby, which takes no writes.</param>
/// <param name="ReadOnly">Transactions are read-only: <c>default_transaction_read_only</c>, or a standby.</param>
/// <param name="Encoding">Of the database: <c>UTF8</c>, <c>SQL_ASCII</c>, …</param>
/// <param name="SchemaExists">False = nothing else was read.</param>
/// <param name="CanUseSchema">USAGE on the schema.</param>
/// <param name="CanCreateTable">CREATE on the schema.</param>
/// <param name="CanCreateTemp">TEMP on the database: a staging table is possible.</param>
/// <param name="Table">None = no relation of that name.</param>
internal sealed record Observed(
    ServerEngine Engine,
    string ServerVersion,
    bool IsStandby,
    bool ReadOnly,
    string Encoding,
    bool SchemaExists,
    bool CanUseSchema,
    bool CanCreateTable,
    bool CanCreateTemp,
    Option<ObservedTable> Table)
{
    /// <summary>None = a server without Citus.</summary>
    public Option<Citus> Citus { get; init; }

    /// <summary>The relation of the ledger's name, without constraints and interceptors; None = there is none, or none is kept.</summary>
    public Option<ObservedTable> Ledger { get; init; }

    /// <summary>The relation of the name of <see cref="Postgres.Freshness"/>; None = there is none, or no ledger is kept.</summary>
    public Option<ObservedFreshness> Freshness { get; init; }

    /// <summary>The relation of the history's name, without constraints and interceptors; None = there is none, or none is kept.</summary>
    public Option<ObservedTable> History { get; init; }

    /// <summary><c>pg_class.relkind</c> of the relation of the timeline's name; None = there is none, or no history is kept.</summary>
    public Option<string> Timeline { get; init; }

    /// <summary>The destination, if it is a table of Citus.</summary>
    public Option<CitusTable> CitusTable => Citus.Bind(it => it.Table);

    /// <summary>A server that cannot be a destination: only <paramref name="engine"/> is known.</summary>
    public static Observed Only(ServerEngine engine) => new(engine, "", false, false, "", false, false, false, false, None);
}

/// <summary>A relation of the wanted name.</summary>
/// <param name="Kind"><c>pg_class.relkind</c>: <c>r</c> table, <c>p</c> partitioned table, <c>v</c> view, …</param>
/// <param name="CanDelete">DELETE on the table.</param>
/// <param name="RowSecurity">Row-level security policies apply to this role.</param>
/// <param name="IsOwner">The role owns the table; policies apply to it only where they are forced.</param>
/// <param name="IsUnlogged">A crash of the server empties the table.</param>
/// <param name="PartitionOf">The table whose partition this is; None = it is no partition.</param>
/// <param name="Partitioning">None = not partitioned.</param>
/// <param name="LacksReplicaIdentity">A publication sends updates or deletes, and the server refuses them without a replica identity.</param>
/// <param name="Columns">Those that exist, dropped ones left out.</param>
/// <param name="UniqueIndexes">Every unique index.</param>
/// <param name="Constraints">CHECK, exclusion and foreign keys; no unique ones.</param>
/// <param name="Interceptors">Triggers, rules and child tables, disabled ones too.</param>
internal sealed record ObservedTable(
    string Kind,
    bool CanDelete,
    bool RowSecurity,
    bool IsOwner,
    bool IsUnlogged,
    Option<TableName> PartitionOf,
    Option<Partitioning> Partitioning,
    bool LacksReplicaIdentity,
    Seq<ObservedColumn> Columns,
    Seq<ObservedIndex> UniqueIndexes,
    Seq<ObservedConstraint> Constraints,
    Seq<Interceptor> Interceptors);

/// <summary>How a partitioned table divides its rows.</summary>
/// <param name="Strategy"><c>pg_partitioned_table.partstrat</c>: <c>h</c> hash, <c>l</c> list, <c>r</c> range.</param>
/// <param name="Key">Its columns; an expression stands as an empty name.</param>
/// <param name="Partitions">Partitions directly below it.</param>
internal sealed record Partitioning(string Strategy, Seq<string> Key, long Partitions);

/// <summary>A column that exists.</summary>
/// <param name="Name">Unquoted.</param>
/// <param name="Type">As <c>format_type</c> prints it: for people only, because its quotes depend on <c>quote_all_identifiers</c>.</param>
/// <param name="BuiltIn"><c>pg_type.typname</c> of a type of <c>pg_catalog</c>; empty for any other type.</param>
/// <param name="Modifier"><c>pg_attribute.atttypmod</c>: a length or a precision; -1 = none.</param>
/// <param name="IsDeterministic">False = a collation that takes different texts for equal.</param>
/// <param name="NotNull">Has a NOT NULL constraint, or its domain has one.</param>
/// <param name="HasDefault">Has a default, or is an identity column.</param>
/// <param name="Generated">Computed by the server: cannot be written.</param>
/// <param name="CanSelect">SELECT on the table or this column.</param>
/// <param name="CanInsert">INSERT on the table or this column.</param>
/// <param name="CanUpdate">UPDATE on the table or this column.</param>
internal sealed record ObservedColumn(
    string Name,
    string Type,
    string BuiltIn,
    int Modifier,
    bool IsDeterministic,
    bool NotNull,
    bool HasDefault,
    bool Generated,
    bool CanSelect,
    bool CanInsert,
    bool CanUpdate);

/// <summary>A unique index that exists.</summary>
/// <param name="Name">Unquoted.</param>
/// <param name="Columns">Key columns in index order; an expression stands as an empty name.</param>
/// <param name="Usable">Valid, not partial and not deferrable: <c>ON CONFLICT</c> can rely on it.</param>
/// <param name="IsDeterministic">False = it takes different texts for equal.</param>
internal sealed record ObservedIndex(string Name, Seq<string> Columns, bool Usable, bool IsDeterministic)
{
    /// <summary>Exactly on the identity columns, in any order.</summary>
    public bool IsIdentity => IsOn(Backends.Columns.Identity);

    /// <summary>Exactly on these columns, in any order.</summary>
    public bool IsOn(Seq<string> columns) =>
        Columns.OrderBy(it => it, StringComparer.Ordinal).SequenceEqual(columns.OrderBy(it => it, StringComparer.Ordinal));
}

/// <summary>A constraint that exists.</summary>
/// <param name="Type"><c>pg_constraint.contype</c>: <c>c</c> CHECK, <c>x</c> exclusion, <c>f</c> foreign key; <c>R</c> = a foreign key of another
/// table that refers to this one.</param>
/// <param name="Name">Unquoted.</param>
/// <param name="Of">The table that the constraint belongs to.</param>
/// <param name="Definition">As the server prints it, for people only.</param>
internal sealed record ObservedConstraint(string Type, string Name, TableName Of, string Definition);

/// <summary>An object that can skip or alter rows on their way into the table. Closed.</summary>
internal abstract record Interceptor
{
    private Interceptor() { }

    /// <summary>A trigger of the table or of a partition, on INSERT, UPDATE or DELETE.</summary>
    /// <param name="Of">The table or partition.</param>
    /// <param name="Name">Unquoted.</param>
    /// <param name="PerRow">FOR EACH ROW; false = FOR EACH STATEMENT.</param>
    /// <param name="Before">BEFORE or INSTEAD OF; false = AFTER.</param>
    /// <param name="Fires">Enabled in a session like this one.</param>
    public sealed record Trigger(TableName Of, string Name, bool PerRow, bool Before, bool Fires) : Interceptor;

    /// <summary>A rule of the table on INSERT, UPDATE or DELETE.</summary>
    /// <param name="Of">The table.</param>
    /// <param name="Name">Unquoted.</param>
    /// <param name="Fires">Enabled in a session like this one.</param>
    public sealed record Rule(TableName Of, string Name, bool Fires) : Interceptor;

    /// <summary>A child table by inheritance: its rows are read with the table's, and no index of the table covers them.</summary>
    public sealed record Child(TableName Table) : Interceptor;

    /// <summary>True = nobody can tell that rows arrive as they were sent: no export goes there.</summary>
    public bool IsGap => this is Trigger { Fires: true, PerRow: true, Before: true } or Rule { Fires: true } or Child;

    /// <summary>True = an export reads its rows again before it commits.</summary>
    public bool NeedsCheck => this is Trigger { Fires: true } or Rule { Fires: true } or Child;
}
