namespace Kollect.Core.Backends.Postgres;

/// <summary>
/// The statements that write a difference. Their cost grows with the difference and not with the inventory, whatever the statistics of the table say, under
/// the planner settings of <see cref="WriteMethod.Batches"/>. Parameters are those of <see cref="BatchStatements"/>. Not for <see cref="TableForm.Citus"/>.
/// </summary>
/// <param name="Batches">Those of the same table.</param>
internal sealed record DeltaStatements(BatchStatements Batches)
{
    /// <summary>
    /// Writes the rows of a batch that differ from those of the table. Columns: offered (rows that differ), inserted, written. Where another exporter has
    /// written a row of a newer snapshot, or something else came in between, written is less than offered. Parameters as
    /// <see cref="BatchStatements.Upsert"/>.
    /// </summary>
    public string Upsert =>
        $"""
        WITH {Batches.Changed(Batches.History)}, written AS (
            INSERT INTO {Batches.Table} AS t ({Columns.List(Columns.All)})
            SELECT {ExportStatements.Values}
            FROM s
            {ExportStatements.OnConflict}
                WHERE t.cluster <> excluded.cluster OR t.exported_at <= excluded.exported_at
            RETURNING {(Batches.TellsNewRows ? ExportStatements.IsNew : "NULL::bool AS inserted -- no xmax can be returned here")}
        )
        SELECT (SELECT count(*) FROM s)         AS offered,
               count(*) FILTER (WHERE inserted) AS inserted,
               count(*)                         AS written
        FROM written
        """;

    /// <summary>
    /// Rows of this scope by identity. Parameters and answer as <see cref="BatchStatements.DeleteByIdentity"/>. No join: each row is found by one probe of the
    /// identity index. What stands after the ctid belongs to no index by IS TRUE, and keeps rows that have moved, or the same ctid in another partition.
    /// </summary>
    public string Delete => Batches.Keeping(
        $"""
        DELETE FROM {Batches.Table} t
        WHERE ctid = ANY (ARRAY(
            SELECT {Indented(Batches.OldRow("o.ctid"))}
            FROM unnest({Identities}) AS s ({Columns.List(BatchStatements.ItemIdentity)})
        ))
          AND (inventory_namespace = $1 AND inventory_name = $2 AND cluster = $3
               AND ({Columns.List(BatchStatements.ItemIdentity)}) IN (SELECT * FROM unnest({Identities}))) IS TRUE
        """);

    /// <summary>
    /// Column: intercepts. False = the table has no trigger, no rule and no child; true = it may have some, <see cref="Catalog.Interceptors"/> tells
    /// (PostgreSQL manual, pg_class: relhastriggers, relhasrules and relhassubclass are true at least while there are some). Parameters: $1 schema, $2 table.
    /// </summary>
    public const string MayIntercept =
        """
        SELECT c.relhastriggers OR c.relhasrules OR c.relhassubclass AS intercepts
        FROM pg_class c
             JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = $1 AND c.relname = $2
        """;

    private static string Identities { get; } = BatchStatements.ArraysFrom(4, BatchStatements.ItemIdentity);

    private static string Indented(string sql) => sql.Replace("\n", "\n    ", StringComparison.Ordinal);
}
