using Npgsql;

namespace Kollect.Benchmarks.Yardsticks;

/// <summary>
/// The classic solution: COPY to a temporary table, an unconditional upsert, an anti-join delete. It has statistics and no nested loop,
/// which the planner would choose for tables without statistics; so it is a fair yardstick.
/// </summary>
internal sealed class Classic(NpgsqlDataSource source) : IContestant
{
    public string Name => "classic";

    public async Task ExportAsync(string table, Snapshot snapshot, CancellationToken cancel)
    {
        await using var connection = await source.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await Columns.RunAsync(connection, $"CREATE TEMP TABLE staging (LIKE {table} INCLUDING DEFAULTS) ON COMMIT DROP", cancel);
        await Columns.CopyAsync(connection, "staging", snapshot, cancel);
        await Columns.RunAsync(
            connection,
            $"ANALYZE staging (target_name, source_uid); SET LOCAL enable_nestloop = off; {Upsert(table)}; {Delete(table)}",
            cancel);
        await transaction.CommitAsync(cancel);
    }

    private static string Upsert(string table) =>
        $"""
        INSERT INTO {table} ({Columns.List})
        SELECT {Columns.List} FROM staging
        ON CONFLICT (inventory_namespace, inventory_name, target_name, source_uid) DO UPDATE
        SET cluster = EXCLUDED.cluster, resource_namespace = EXCLUDED.resource_namespace,
            payload = EXCLUDED.payload, exported_at = EXCLUDED.exported_at
        """;

    private static string Delete(string table) =>
        $"""
        DELETE FROM {table} AS t
        WHERE t.inventory_namespace = '{Snapshot.InventoryNamespace}' AND t.inventory_name = '{Snapshot.InventoryName}'
          AND t.cluster = '{Snapshot.Cluster}'
          AND NOT EXISTS (SELECT FROM staging AS s WHERE s.target_name = t.target_name AND s.source_uid = t.source_uid)
        """;
}
