namespace Kollect.Core.Backends.Postgres;

/// <summary>
/// The table <c>NAME_history</c> beside a destination: the versions of rows that exports have overwritten or deleted, written in the transaction that does
/// so, by the same statement. A version that an export of its own time replaces was there at no moment, and is left out.
/// </summary>
/// <remarks>
/// A version is what the statement sees: no lock is taken for it, so that of a row which another writer changes while the statement runs, the version
/// before that change is kept.
/// </remarks>
/// <param name="Table">The destination.</param>
internal sealed record History(TableName Table)
{
    /// <summary>The privileges that it needs.</summary>
    public const string Privileges = "SELECT, INSERT, UPDATE, DELETE";

    /// <summary>The columns of the row, then when the version was in the table and what ended it.</summary>
    public static Seq<OwnColumn> Columns { get; } = Join(
        Backends.Columns.All.Map(it => new OwnColumn(it.Name, it.PostgresType, it.PostgresCatalogName, IsRequired: true, it.Meaning)),
        Seq(
            Column(HistoryTexts.ValidFrom, "timestamp with time zone", "timestamptz"),
            Column(HistoryTexts.ValidTo, "timestamp with time zone", "timestamptz"),
            Column(HistoryTexts.Change, "text", "text")));

    /// <summary>Names of the columns of the primary key: the identity of the row, and when the version began.</summary>
    public static Seq<string> Key { get; } = Backends.Columns.Identity.Add(HistoryTexts.ValidFrom).Strict();

    /// <summary>The table of the history.</summary>
    public TableName At => Table with { Name = Table.Name + HistoryTexts.Suffix };

    /// <summary>The view of history and present rows.</summary>
    public TableName Timeline => Table with { Name = Table.Name + HistoryTexts.TimelineSuffix };

    /// <summary>Another name for what stands in the way of the history.</summary>
    public string Old => Table.Name + "_old";

    /// <summary>The same with its columns and its key.</summary>
    public OwnTable Own => new(At, Columns, Key);

    /// <summary>The objection to a name of the destination; None = there is room for the longer names.</summary>
    public static Option<string> NameProblem(string table) =>
        HistoryTexts.NameProblem(table, Identifier.MaxBytes, HistoryTexts.TimelineSuffix, "PostgreSQL");

    /// <summary>For <see cref="Sweep"/>, and for what ended within a time.</summary>
    public string CreateIndex => $"CREATE INDEX ON {At} ({HistoryTexts.ValidTo});";

    /// <summary>One row for each version, past and present; with <c>valid_to IS NULL</c> those that are in the destination now.</summary>
    public string CreateTimeline =>
        $"""
        CREATE VIEW {Timeline} AS
            SELECT {Names}
            FROM {At}
            UNION ALL
            SELECT {Backends.Columns.List(Backends.Columns.All)}, {Time}, NULL, NULL
            FROM {Table};
        """;

    /// <summary>
    /// Deletes versions that ended long ago; waits for no other session. Parameters: $1 age in seconds (float8), $2 most versions.
    /// </summary>
    public string Sweep =>
        $"""
        DELETE FROM {At}
        WHERE ctid = ANY (ARRAY(
            SELECT ctid
            FROM {At}
            WHERE {HistoryTexts.ValidTo} < now() - make_interval(secs => $1)
            ORDER BY {HistoryTexts.ValidTo}
            LIMIT $2
            FOR UPDATE SKIP LOCKED
        ))
        """;

    /// <summary>
    /// A member of a WITH: keeps old rows that the same statement overwrites. Parameters of <see cref="ExportStatements"/>.
    /// </summary>
    /// <param name="column">A column's name -> the expression of its old value.</param>
    /// <param name="from">FROM and the condition, without the one about the time.</param>
    internal string KeptOverwritten(Func<string, string> column, string from) => Kept(
        column,
        "$4",
        $"CASE WHEN {column("cluster")} = $3 THEN '{HistoryTexts.Updated}' ELSE '{HistoryTexts.Adopted}' END",
        from);

    /// <summary>The same statement with what it deletes kept; it answers with one row. Column: deleted.</summary>
    /// <param name="delete">A DELETE of the destination.</param>
    /// <param name="alias">Of the destination in it, with a dot; empty = none is needed.</param>
    /// <param name="time">The parameter that has the time of the export.</param>
    internal string Deleting(string delete, string alias, string time) =>
        $"""
        WITH gone AS (
            {Indented(delete)}
            RETURNING {string.Join(", ", Backends.Columns.All.Map(it => alias + it.Name))}
        ), {Kept(name => name, time, $"'{HistoryTexts.Deleted}'", $"FROM gone\nWHERE {Time} <> {time}")}
        SELECT count(*) AS deleted FROM gone
        """;

    // The time comes back where a clock goes back: the later version of a time is the one that counts.
    private string Kept(Func<string, string> column, string time, string change, string from) =>
        $"""
        kept AS (
            INSERT INTO {At} ({Names})
            SELECT {string.Join(", ", Backends.Columns.All.Map(it => column(it.Name)))},
                   {column(Time)}, greatest({column(Time)}, {time}), {change}
            {Indented(from)}
            ON CONFLICT ({string.Join(", ", Key)}) DO UPDATE
                SET {string.Join(",\n            ", Assignments())}
        )
        """;

    internal const string Time = "exported_at";

    internal static string Indented(string sql) => sql.Replace("\n", "\n    ", StringComparison.Ordinal);

    private static readonly string Names = string.Join(", ", Columns.Map(it => it.Name));

    private static IEnumerable<string> Assignments()
    {
        var others = Columns.Filter(it => !Key.Contains(it.Name)).Map(it => it.Name);
        var width = others.Map(name => name.Length).Max();
        return others.AsEnumerable().Select(name => $"{name.PadRight(width)} = excluded.{name}");
    }

    private static OwnColumn Column(string name, string type, string catalogName) => new(name, type, catalogName, IsRequired: true, HistoryTexts.Of(name));
}
