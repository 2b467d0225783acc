namespace Kollect.Core.Backends.Postgres;

/// <summary>What a server allows in statements on a table.</summary>
internal enum TableForm
{
    /// <summary>Everything.</summary>
    Plain,

    /// <summary>No system columns in RETURNING ("cannot retrieve a system column in this context").</summary>
    Partitioned,

    /// <summary>
    /// A table of Citus, on any number of nodes: no correlated subquery and no join of it with an array ("correlated subqueries are not supported when the FROM
    /// clause contains a set returning function"; "complex joins are only supported when all distributed tables are co-located …"). What the table holds
    /// is read alone, and compared on the coordinator.
    /// </summary>
    Citus,
}

/// <summary>
/// The statements that write rows as arrays of parameters, where no temporary table may be created. None of them relies on statistics: a
/// table that was never analyzed, or only when it was small, seems to hold one row of an inventory, and a join with it then reads
/// all rows of the inventory for each row of the batch. Parameters are those of <see cref="ExportStatements"/>, then the ones that
/// each statement names.
/// </summary>
/// <param name="Table">The destination.</param>
/// <param name="IdentityIndex">The columns of its identity index, in the order of the index.</param>
/// <param name="Form">What the server allows in statements on the table.</param>
internal sealed record BatchStatements(TableName Table, Seq<string> IdentityIndex, TableForm Form = TableForm.Plain)
{
    /// <summary>
    /// What <see cref="Upsert"/> and <see cref="DeleteByIdentity"/> replace is kept there; None = nowhere. Not for <see cref="TableForm.Citus"/>.
    /// </summary>
    public Option<History> History { get; init; }

    /// <summary>
    /// Writes a batch. Columns: inserted, written. Parameters $1 to $4, then an array for each of
    /// <see cref="Columns.OfItem"/>. No identity twice in one batch.
    /// </summary>
    /// <param name="skipUnchanged">Leave equal rows out before the conflict clause, as <see cref="ExportStatements.Upsert"/> does.</param>
    public string Upsert(bool skipUnchanged) => History.Match(UpsertAndKeep, () =>
        $"""
        WITH {(skipUnchanged && Form == TableForm.Citus ? Held(Columns.Content, Columns.OfExport.Count + 1) + ", " : "")}written AS (
            INSERT INTO {Table} AS t ({Columns.List(Columns.All)})
            SELECT {ExportStatements.Values}
            FROM unnest({ArraysFrom(Columns.OfExport.Count + 1, Columns.OfItem)})
                 AS s ({Columns.List(Columns.OfItem)}){(skipUnchanged ? "\n    " + Unequal : "")}
            {ExportStatements.OnConflict}
            RETURNING {(TellsNewRows ? ExportStatements.IsNew : "NULL::bool AS inserted -- no xmax can be returned here")}
        )
        SELECT count(*) FILTER (WHERE inserted) AS inserted,
               count(*)                         AS written
        FROM written
        """);

    private string UpsertAndKeep(History history) =>
        $"""
        WITH {Changed(history)}, written AS (
            INSERT INTO {Table} AS t ({Columns.List(Columns.All)})
            SELECT {ExportStatements.Values}
            FROM s
            {ExportStatements.OnConflict}
            RETURNING {(TellsNewRows ? ExportStatements.IsNew : "NULL::bool AS inserted -- no xmax can be returned here")}
        )
        SELECT count(*) FILTER (WHERE inserted) AS inserted,
               count(*)                         AS written
        FROM written
        """;

    /// <summary>
    /// Members of a WITH: <c>s</c>, the rows of a batch that differ from those of the table, and with a history what they replace. Parameters of
    /// <see cref="Upsert"/>. Each old row is found by one probe of the identity index; what stands after the ctid belongs to no index by IS TRUE, and
    /// keeps the same ctid in another partition out.
    /// </summary>
    internal string Changed(Option<History> history) =>
        $"""
        s AS MATERIALIZED (
            SELECT *
            FROM unnest({ArraysFrom(Columns.OfExport.Count + 1, Columns.OfItem)})
                 AS s ({Columns.List(Columns.OfItem)})
            WHERE {Postgres.History.Indented(OldRow(EqualContent))} IS NOT TRUE
        )
        """
        + history.Map(it => $", {it.KeptOverwritten(name => $"t.{name}", OldRows)}").IfNone("");

    private string OldRows =>
        $"""
        FROM {Table} t
        WHERE t.ctid = ANY (ARRAY(
            SELECT {Postgres.History.Indented(OldRow("o.ctid"))}
            FROM s
        ))
          AND (t.inventory_namespace = $1 AND t.inventory_name = $2 AND t.exported_at <> $4
               AND ({string.Join(", ", ItemIdentity.Map(it => $"t.{it.Name}"))}) IN (SELECT {Columns.List(ItemIdentity)} FROM s)) IS TRUE
        """;

    /// <summary>
    /// Looks for the rows of a batch before it is written. Columns: held (under any cluster label), adopted (under another one). Parameters $1 to $3,
    /// then $4 target_name, $5 source_uid (text[]).
    /// </summary>
    public string CountHeld => Form == TableForm.Citus ? CountHeldOfCitus :
        $"""
        SELECT count(cluster)                        AS held,
               count(*) FILTER (WHERE cluster <> $3) AS adopted
        FROM (
            SELECT {OldRow("o.cluster").Replace("\n", "\n    ", StringComparison.Ordinal)} AS cluster
            FROM unnest({ArraysFrom(4, ItemIdentity)}) AS s ({Columns.List(ItemIdentity)})
            OFFSET 0 -- evaluated once, not once for each count
        ) held
        """;

    /// <summary>
    /// The next identities of this scope, in the order of the index. Columns: target_name, source_uid. Parameters $1 to $3, then $4, $5 the last
    /// target_name and source_uid of the page before (two empty texts at first), $6 the size of a page.
    /// </summary>
    public string PageOfIdentities =>
        $"""
        SELECT target_name, source_uid
        FROM {Table}
        WHERE inventory_namespace = $1 AND inventory_name = $2 AND cluster = $3
          AND {(IsTargetFirst ? "(target_name, source_uid) > ($4, $5)" : "(source_uid, target_name) > ($5, $4)")}
        ORDER BY {(IsTargetFirst ? "target_name, source_uid" : "source_uid, target_name")}
        LIMIT $6
        """;

    /// <summary>
    /// Rows of this scope by identity; reads the scope once. Parameters $1 to $3, then $4 target_name, $5 source_uid (text[]); with a history $6 the time of
    /// the export, and see <see cref="Postgres.History.Deleting"/> for the answer.
    /// </summary>
    public string DeleteByIdentity => Keeping(
        $"""
        DELETE FROM {Table} t
        USING unnest({ArraysFrom(4, ItemIdentity)}) AS stale ({Columns.List(ItemIdentity)})
        WHERE t.inventory_namespace = $1 AND t.inventory_name = $2 AND t.cluster = $3
          AND t.target_name = stale.target_name AND t.source_uid = stale.source_uid
        """);

    internal string Keeping(string delete) => History.Match(it => it.Deleting(delete, "t.", "$6"), () => delete);

    /// <summary>
    /// The same of one target, without a join: parameters $1 to $3, then $4 target_name (text), $5 source_uid (text[]). For <see cref="TableForm.Citus"/>.
    /// </summary>
    public string DeleteOfTarget =>
        $"""
        DELETE FROM {Table}
        WHERE inventory_namespace = $1 AND inventory_name = $2 AND cluster = $3
          AND target_name = $4 AND source_uid = ANY ($5::text[])
        """;

    /// <summary>False = <see cref="Upsert"/> does not tell which rows are new: ask <see cref="CountHeld"/> before.</summary>
    public bool TellsNewRows => Form == TableForm.Plain;

    private string CountHeldOfCitus =>
        $"""
        WITH {Held(Columns.Content.Take(1), 4)}
        SELECT count(*)                              AS held,
               count(*) FILTER (WHERE cluster <> $3) AS adopted
        FROM unnest({ArraysFrom(4, ItemIdentity)}) AS s ({Columns.List(ItemIdentity)})
             JOIN held USING ({Columns.List(ItemIdentity)})
        """;

    // held AS MATERIALIZED (SELECT target_name, source_uid, … FROM … WHERE … AND source_uid = ANY ($6::text[]))
    private string Held(Seq<Column> content, int arrays) =>
        $"""
        held AS MATERIALIZED ( -- one table and no join: every node reads its part, the coordinator compares
            SELECT {Columns.List(Join(ItemIdentity, content))}
            FROM {Table}
            WHERE inventory_namespace = $1 AND inventory_name = $2 AND source_uid = ANY (${arrays + 1}::text[])
        )
        """;

    internal static Seq<Column> ItemIdentity { get; } = Columns.OfItem.Filter(column => column.Role == ColumnRole.Identity).Strict();

    private bool IsTargetFirst
    {
        get
        {
            var order = IdentityIndex.AsEnumerable().ToList();
            return order.IndexOf("target_name") < order.IndexOf("source_uid");
        }
    }

    private string Unequal =>
        (Form == TableForm.Citus ? $"WHERE {UnequalToHeld}" : $"WHERE {OldRow(EqualContent)} IS NOT TRUE").Replace("\n", "\n    ", StringComparison.Ordinal);

    internal static string EqualContent =>
        string.Join(" AND ", Columns.Content.Map(column => $"o.{column.Name} = {ExportStatements.Value(column)}"));

    private static string UnequalToHeld =>
        $"""
        NOT EXISTS (
            SELECT FROM held o
            WHERE o.target_name = s.target_name AND o.source_uid = s.source_uid
              AND ({EqualContent}) IS TRUE
        )
        """;

    /// <summary>
    /// The value of an expression over the row <c>o</c> that the table holds for <c>s</c>; null = none. A scalar subquery is never turned into a join:
    /// it probes an index for each row, and only the identity index gives the order without a sort, which is switched off.
    /// </summary>
    internal string OldRow(string expression)
    {
        var last = IdentityIndex.Last;
        return $"""
        (
            SELECT {expression}
            FROM {Table} o
            WHERE {string.Join(" AND ", IdentityIndex.Filter(name => name != last).Map(name => $"o.{name} = {IdentityValue(name)}"))}
              AND o.{last} BETWEEN {IdentityValue(last)} AND {IdentityValue(last)} -- not =, which would make the order redundant
            ORDER BY o.{last} -- only the identity index has it: one probe, whatever the statistics say
            LIMIT 1
        )
        """;
    }

    private static string IdentityValue(string name) =>
        Columns.All.Find(column => column.Name == name).Map(ExportStatements.Value).IfNone(() => throw new ArgumentException(name, nameof(name)));

    // $5::text[], $6::text[], $7::text[], $8::jsonb[]
    internal static string ArraysFrom(int first, Seq<Column> columns) =>
        string.Join(", ", columns.AsEnumerable().Select((column, index) => FormattableString.Invariant($"${first + index}::{column.PostgresType}[]")));
}
