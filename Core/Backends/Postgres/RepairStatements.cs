namespace Kollect.Core.Backends.Postgres;

/// <summary>
/// The statements that look for rows which others have written since the rows were last compared. They read the scope without its payloads. Parameters that
/// they share: $1 inventory_namespace, $2 inventory_name, $3 cluster, $4 table_name, $5 the horizon of the newest entry (bigint).
/// </summary>
/// <remarks>
/// <para>
/// Touched is a row whose transaction has an id of at least the horizon, and is not one of the ledger's: see <see cref="Ledger"/>. xmin holds the lower 32 bits
/// of an id, so that it is compared modulo 2^32, as the server compares them (PostgreSQL manual, "Preventing Transaction ID Wraparound Failures"). A frozen
/// row still shows the id that it had before (heap_getsysattr reads HeapTupleHeaderGetRawXmin, heaptuple.c; freezing sets hint bits only since 9.4), so it may
/// seem touched after 2^31 further transactions, and is then compared for nothing.
/// </para>
/// <para>
/// An export has no subtransaction, so the xmin of each of its rows is the id in its entry.
/// </para>
/// </remarks>
/// <param name="Ledger">That of the table.</param>
internal sealed record RepairStatements(Ledger Ledger)
{
    /// <summary>Columns: rows, newest (null = no row; outside the years 1 to 9999: their first or last one), touched.</summary>
    public string Look =>
        $"""
        SELECT count(*)                                  AS rows,
               max({ExportStatements.InRange("exported_at")}) AS newest,
               count(*) FILTER (WHERE {Touched("                   ")}) AS touched
        FROM {Ledger.Table}
        WHERE {OfScope}
        """;

    /// <summary>The identities of the touched rows. Columns: target_name, source_uid. $6 the most rows.</summary>
    public string TouchedRows =>
        $"""
        SELECT target_name, source_uid
        FROM {Ledger.Table}
        WHERE {OfScope}
          AND {Touched("      ")}
        LIMIT $6
        """;

    /// <summary>
    /// Column: genuine; false = the newest entry was written by a transaction below its own horizon, which no server does that gave that horizon: the entry was
    /// restored from a dump, or replicated. Parameters of <see cref="Ledger.Newest"/>, $5 its time and $6 its horizon.
    /// </summary>
    public string IsOfThisServer =>
        $"""
        SELECT ((xmin::text::bigint - $6) & 4294967295) < 2147483648 AS genuine
        FROM {Ledger.At}
        WHERE table_name = $1 AND inventory_namespace = $2 AND inventory_name = $3 AND cluster = $4 AND exported_at = $5
        """;

    private const string OfScope = "inventory_namespace = $1 AND inventory_name = $2 AND cluster = $3";

    private string Touched(string indent) =>
        $"""
        ((xmin::text::bigint - $5) & 4294967295) < 2147483648
        AND xmin::text::bigint <> ALL (ARRAY(
            SELECT xid & 4294967295
            FROM {Ledger.At}
            WHERE table_name = $4 AND {OfScope} AND refusal IS NULL AND xid >= $5
        ))
        """.Replace("\n", "\n" + indent, StringComparison.Ordinal);
}
