namespace Kollect.Core.Backends.Postgres;

/// <summary>
/// The statements with which an export reads its rows again before it commits; used only where triggers run, because no count shows
/// what a trigger does to a row. Parameters as in <see cref="ExportStatements"/>.
/// </summary>
/// <param name="Table">The destination.</param>
/// <param name="SkipUnchanged">Equal rows keep an older time.</param>
internal sealed record CheckStatements(TableName Table, bool SkipUnchanged)
{
    /// <summary>Triggers that are deferred to the commit run with their statement instead, so that the check sees what they do.</summary>
    public const string RunDeferredTriggers = "SET CONSTRAINTS ALL IMMEDIATE";

    /// <summary>Counts the staged rows that the table does not hold as they were sent. Column: altered. Parameters $1 to $4.</summary>
    public string Staged =>
        $"""
        SELECT count(*) AS altered
        FROM {ExportStatements.Staging} s
        WHERE s.payload IS NOT NULL
          AND {Differs}
        """;

    /// <summary>The same of a batch: parameters $1 to $4, then an array for each of <see cref="Columns.OfItem"/>.</summary>
    public string Batch =>
        $"""
        SELECT count(*) AS altered
        FROM unnest({BatchStatements.ArraysFrom(Columns.OfExport.Count + 1, Columns.OfItem)})
             AS s ({Columns.List(Columns.OfItem)})
        WHERE {Differs}
        """;

    private string Differs =>
        $"""
        NOT EXISTS (
              SELECT FROM {Table} t
              WHERE t.inventory_namespace = $1 AND t.inventory_name = $2
                AND t.target_name = s.target_name AND t.source_uid = s.source_uid
                AND ({string.Join(" AND ", Columns.Content.Map(column => $"t.{column.Name} = {ExportStatements.Value(column)}"))}) IS TRUE
                AND t.exported_at {(SkipUnchanged ? "<=" : "=")} $4
          )
        """;
}
