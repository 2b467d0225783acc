using System.Diagnostics;
using System.Globalization;
using Kollect.Core.Failures;
using Kollect.Core.Sinks;

namespace Kollect.Core.Backends.Postgres;

/// <summary>Changes and gaps as the SQL and the words that a database administrator reads.</summary>
internal static class Render
{
    private static readonly string IdentityColumns = string.Join(", ", Columns.Identity);

    /// <summary>One statement per change.</summary>
    public static Statement Change(PostgresChange change) => change switch
    {
        PostgresChange.CreateTable create => new Statement(CreateTable(create.Table), $"table {create.Table} is missing"),
        PostgresChange.CreateLedger create => new Statement(create.Ledger.Own.Create, $"table {create.Ledger.At}, the ledger of exports, is missing"),
        PostgresChange.CreateFreshness create => new Statement(create.View.CreateView, $"view {create.View.At} of the ledger is missing"),
        PostgresChange.CreateHistory create => new Statement(
            create.History.Own.Create, $"table {create.History.At}, the history of {create.History.Table}, is missing (options.history)"),
        PostgresChange.CreateHistoryIndex create => new Statement(
            create.History.CreateIndex, $"old versions in {create.History.At} are found by the time at which they ended"),
        PostgresChange.CreateTimeline create => new Statement(
            create.History.CreateTimeline, $"view {create.History.Timeline}, the history together with the present rows, is missing"),
        _ => throw new UnreachableException(),
    };

    /// <summary>The problem, and the statement or action that resolves it.</summary>
    public static Refusal Explain(Gap gap) => gap switch
    {
        Gap.UnsupportedServer it => new Refusal(it.Why, "name a PostgreSQL server of version 12 or newer in the Secret"),
        Gap.Standby => new Refusal(
            "the server is a hot standby and takes no writes",
            "connect to the primary, e.g. with target_session_attrs=read-write in the connection string"),
        Gap.ReadOnlyTransactions => new Refusal(
            "default_transaction_read_only is on, for the role, the database, the server or in the connection string",
            $"ALTER ROLE {Role} SET default_transaction_read_only = off;\n"
            + "-- or take it out of the connection string; a database or server may be read-only on purpose: then name another"),
        Gap.WrongEncoding it => new Refusal(
            $"the database has the encoding {it.Encoding}, which cannot hold every text of Kubernetes; only UTF8 can",
            "CREATE DATABASE inventory ENCODING 'UTF8' TEMPLATE template0; -- an encoding cannot be changed; name that database in the Secret"),
        Gap.CitusWorker it => new Refusal(
            string.Create(
                CultureInfo.InvariantCulture,
                $"the server is a worker of Citus (group {it.Group}); locks hold on one node only, so exporters through several nodes could mix their rows"),
            "connect to the coordinator: SELECT nodename, nodeport FROM pg_dist_node WHERE groupid = 0;"),
        Gap.SchemaMissing it => new Refusal(
            $"schema {Identifier.Visible(it.Schema)} does not exist; schemas are never created",
            $"CREATE SCHEMA {Identifier.Visible(it.Schema)};"),
        Gap.NoSchemaUsage it => new Refusal(
            $"the role may not use schema {Identifier.Visible(it.Schema)}",
            $"GRANT USAGE ON SCHEMA {Identifier.Visible(it.Schema)} TO {Role};"),
        Gap.CannotCreateTable it => new Refusal(
            $"table {it.Table} does not exist and the role may not create it in schema {Identifier.Visible(it.Table.Schema)}",
            $"GRANT CREATE ON SCHEMA {Identifier.Visible(it.Table.Schema)} TO {Role};"
            + $"\n-- or create the table yourself:\n{CreateTable(it.Table)}"),
        Gap.TableMissing it => new Refusal(
            $"table {it.Table} does not exist and provisioning.mode is existing",
            CreateTable(it.Table)),
        Gap.NotATable it => new Refusal(
            $"{it.Table} is {KindName(it.Kind)}, not a table",
            "name a table in spec.postgres.table"),
        Gap.ColumnMissing it => new Refusal(
            $"column {it.Column.Name} of {it.Table} does not exist",
            AddColumn(it.Table, it.Column)),
        Gap.WrongType it => new Refusal(
            $"column {it.Column.Name} of {it.Table} has type {it.Actual}, not {it.Column.PostgresType}",
            $"ALTER TABLE {it.Table} ALTER COLUMN {it.Column.Name} TYPE {it.Column.PostgresType}"
            + $" USING {it.Column.Name}::{it.Column.PostgresType};"),
        Gap.NondeterministicColumn it => new Refusal(
            $"column {it.Column.Name} of {it.Table} has a nondeterministic collation, which takes different texts for equal",
            $"ALTER TABLE {it.Table} ALTER COLUMN {it.Column.Name} TYPE {it.Column.PostgresType} COLLATE \"C\";"),
        Gap.NondeterministicIndex it => new Refusal(
            $"unique index {Identifier.Visible(it.Index)} of {it.Table} has a nondeterministic collation, which takes different identities for equal",
            $"DROP INDEX {new TableName(it.Table.Schema, it.Index)}; -- once another unique index is on ({IdentityColumns})"),
        Gap.GeneratedColumn it => new Refusal(
            $"column {it.Column} of {it.Table} is generated by the server and cannot be written",
            $"ALTER TABLE {it.Table} ALTER COLUMN {it.Column} DROP EXPRESSION;"),
        Gap.UnfillableColumn it => new Refusal(
            $"column {Identifier.Visible(it.Column)} of {it.Table} is NOT NULL without a default, and an export does not fill it",
            $"ALTER TABLE {it.Table} ALTER COLUMN {Identifier.Visible(it.Column)} DROP NOT NULL;"),
        Gap.NoIdentityIndex it => new Refusal(
            $"{it.Table} has no usable unique index exactly on ({IdentityColumns})" + Unusable(it.Unusable),
            $"CREATE UNIQUE INDEX {(it.IsPartitioned ? "" : "CONCURRENTLY ")}ON {it.Table} ({IdentityColumns});"),
        Gap.PartitionKey it => new Refusal(
            $"{it.Table} is partitioned by ({string.Join(", ", it.Key.Map(column => column.Length == 0 ? "an expression" : column))}), "
            + $"so the identity ({IdentityColumns}) alone cannot be unique in it",
            "-- a partition key cannot be changed: create another table, and name it in spec.postgres.table\n"
            + $"{CreateTable(it.Table with { Name = Another }, " PARTITION BY HASH (inventory_name)")}\n"
            + OnlyPartition(it.Table with { Name = Another }, byHash: true)),
        Gap.NoPartition it => new Refusal(
            $"{it.Table} is partitioned and has no partition, so it takes no row",
            OnlyPartition(it.Table, it.ByHash)),
        Gap.Intercepted it => Interception(it.Table, it.By),
        Gap.NoReplicaIdentity it => new Refusal(
            $"a publication sends updates and deletes of {it.Table}, and the server refuses them without a replica identity",
            $"ALTER TABLE {it.Table} REPLICA IDENTITY {it.Index.Match(index => $"USING INDEX {Identifier.Visible(index)}", () => "FULL")};"),
        Gap.MissingPrivileges it => new Refusal(
            $"the role lacks {string.Join(", ", it.Privileges)} on {it.Table}",
            $"GRANT {string.Join(", ", it.Privileges)} ON {it.Table} TO {Role};"),
        Gap.HistoryMissing it => new Refusal(
            $"table {it.History.At}, which options.history needs, does not exist and "
            + (it.IsExisting ? "provisioning.mode is existing" : "the role may not create it"),
            (it.IsExisting ? "" : $"GRANT CREATE ON SCHEMA {Identifier.Visible(it.History.At.Schema)} TO {Role};\n-- or create it yourself:\n")
            + $"{it.History.Own.Create}\n{it.History.CreateIndex}\n{it.History.CreateTimeline}\n{it.History.Own.Grant(History.Privileges)}"),
        Gap.NotTheHistory it => new Refusal(
            $"{it.History.At} is not the history of {it.History.Table}: {string.Join(", ", it.Wrong)}",
            $"ALTER TABLE {it.History.At} RENAME TO {Identifier.Visible(it.History.Old)};\n"
            + $"{it.History.Own.Create}\n{it.History.CreateIndex}\n{it.History.Own.Grant(History.Privileges)}"),
        Gap.NoHistoryInCitus it => new Refusal(
            $"options.history is \"true\", and {it.Table} is a table of Citus, for which no history is kept", "-- remove options.history"),
        Gap.RowSecurity it => new Refusal(
            $"row-level security of {it.Table} applies to the role{(it.Forced ? ", although it owns the table (FORCE)" : "")}, "
            + "so rows could be hidden from the mirror",
            it.Forced ? $"ALTER TABLE {it.Table} NO FORCE ROW LEVEL SECURITY;" : $"ALTER ROLE {Role} BYPASSRLS;"),
        _ => throw new UnreachableException(),
    };

    /// <summary><c>trigger "t" of "public"."items"</c>.</summary>
    internal static string Named(Interceptor interceptor) => interceptor switch
    {
        Interceptor.Trigger it => $"trigger {Identifier.Visible(it.Name)} of {it.Of}",
        Interceptor.Rule it => $"rule {Identifier.Visible(it.Name)} of {it.Of}",
        Interceptor.Child it => $"child table {it.Table}",
        _ => throw new UnreachableException(),
    };

    private static Refusal Interception(TableName table, Interceptor by) => by switch
    {
        Interceptor.Trigger it => new Refusal(
            $"{Named(by)} runs before each row and may skip or alter it",
            $"ALTER TABLE {it.Of} DISABLE TRIGGER {Identifier.Visible(it.Name)}; -- an AFTER trigger that leaves this table alone may stay"),
        Interceptor.Rule it => new Refusal(
            $"{Named(by)} replaces or adds to what an export writes",
            $"ALTER TABLE {it.Of} DISABLE RULE {Identifier.Visible(it.Name)};"),
        Interceptor.Child it => new Refusal(
            $"{it.Table} inherits from {table}: its rows are read with the table's, and the unique index does not cover them",
            $"ALTER TABLE {it.Table} NO INHERIT {table};"),
        _ => throw new UnreachableException(),
    };

    private const string Another = "kollect_items";

    private static string OnlyPartition(TableName table, bool byHash) =>
        $"CREATE TABLE {table with { Name = $"{Another}_all" }} PARTITION OF {table} "
        + (byHash ? "FOR VALUES WITH (MODULUS 1, REMAINDER 0);" : "DEFAULT;");

    // The role's name comes from a Secret and is not printed.
    internal const string Role = "<role of the sink>";

    // CREATE TABLE "public"."inventory_items" (
    //     inventory_namespace text NOT NULL,
    //     …
    //     PRIMARY KEY (inventory_namespace, inventory_name, target_name, source_uid)
    // );
    private static string CreateTable(TableName table, string partitions = "")
    {
        var names = Columns.All.Map(column => column.Name.Length).Max();
        var types = Columns.All.Map(column => column.PostgresType.Length).Max();
        var lines = Columns.All.Map(column =>
            $"    {column.Name.PadRight(names)} {column.PostgresType.PadRight(types)} NOT NULL{DefaultClause(column)},\n");
        return $"CREATE TABLE {table} (\n{string.Concat(lines)}    PRIMARY KEY ({IdentityColumns})\n){partitions};";
    }

    private static string AddColumn(TableName table, Column column) =>
        $"ALTER TABLE {table} ADD COLUMN {column.Name} {column.PostgresType} NOT NULL{DefaultClause(column)};"
        + (column.Default.IsSome ? "" : " -- the table must be empty: there is no value for its old rows");

    private static string DefaultClause(Column column) => column.Default.Match(value => $" DEFAULT {value}", () => "");

    private static string Unusable(Seq<string> indexes) => indexes.IsEmpty
        ? ""
        : $"; {string.Join(", ", indexes.Map(Identifier.Quote))} is invalid, partial or deferrable";

    private static string KindName(string relkind) => relkind switch
    {
        "v" => "a view",
        "m" => "a materialized view",
        "f" => "a foreign table",
        "S" => "a sequence",
        "c" => "a composite type",
        "i" or "I" => "an index",
        _ => $"a relation of kind {relkind}",
    };
}
