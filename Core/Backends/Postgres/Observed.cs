namespace Kollect.Core.Backends.Postgres;

/// <summary>The state of the destination as the server reports it, read without changing anything.</summary>
/// <param name="ServerVersion">As <c>server_version</c> prints it: <c>15.18 (Debian 15.18-0+deb12u1)</c>.</param>
/// <param name="ReadOnly">A standby, or <c>default_transaction_read_only</c>.</param>
/// <param name="SchemaExists">False = nothing else was read.</param>
/// <param name="CanUseSchema">USAGE on the schema.</param>
/// <param name="CanCreateTable">CREATE on the schema.</param>
/// <param name="CanCreateTemp">TEMP on the database: a staging table is possible.</param>
/// <param name="Table">None = no relation of that name.</param>
public sealed record Observed(
    string ServerVersion,
    bool ReadOnly,
    bool SchemaExists,
    bool CanUseSchema,
    bool CanCreateTable,
    bool CanCreateTemp,
    Option<ObservedTable> Table)
{
    /// <summary>None = a server without Citus.</summary>
    public Option<Citus> Citus { get; init; }

    /// <summary>The destination, if it is a table of Citus.</summary>
    public Option<CitusTable> CitusTable => Citus.Bind(it => it.Table);
}

/// <summary>A relation of the wanted name.</summary>
/// <param name="Kind"><c>pg_class.relkind</c>: <c>r</c> table, <c>p</c> partitioned table, <c>v</c> view, …</param>
/// <param name="CanDelete">DELETE on the table.</param>
/// <param name="RowSecurity">Row-level security policies apply to this role.</param>
/// <param name="Columns">Those that exist, dropped ones left out.</param>
/// <param name="UniqueIndexes">Every unique index.</param>
public sealed record ObservedTable(
    string Kind,
    bool CanDelete,
    bool RowSecurity,
    Seq<ObservedColumn> Columns,
    Seq<ObservedIndex> UniqueIndexes);

/// <summary>A column that exists.</summary>
/// <param name="Name">Unquoted.</param>
/// <param name="Type">As <c>format_type</c> prints it.</param>
/// <param name="NotNull">Has a NOT NULL constraint.</param>
/// <param name="HasDefault">Has a default, or is an identity column.</param>
/// <param name="Generated">Computed by the server: cannot be written.</param>
/// <param name="CanSelect">SELECT on the table or this column.</param>
/// <param name="CanInsert">INSERT on the table or this column.</param>
/// <param name="CanUpdate">UPDATE on the table or this column.</param>
public sealed record ObservedColumn(
    string Name,
    string Type,
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
public sealed record ObservedIndex(string Name, Seq<string> Columns, bool Usable)
{
    /// <summary>Exactly on the identity columns, in any order.</summary>
    public bool IsIdentity =>
        Columns.OrderBy(it => it, StringComparer.Ordinal).SequenceEqual(Backends.Columns.Identity.OrderBy(it => it, StringComparer.Ordinal));
}
