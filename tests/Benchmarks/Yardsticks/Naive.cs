using Npgsql;
using NpgsqlTypes;

namespace Kollect.Benchmarks.Yardsticks;

/// <summary>
/// One upsert per row, prepared once, in one transaction; then an anti-join over two text arrays. Without the planner setting the delete
/// uses a nested loop: a minute for 20,000 rows, growing with their square.
/// </summary>
internal sealed class Naive(NpgsqlDataSource source) : IContestant
{
    public string Name => "naive";

    public async Task ExportAsync(string table, Snapshot snapshot, CancellationToken cancel)
    {
        await using var connection = await source.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await UpsertAsync(connection, table, snapshot, cancel);
        await Columns.RunAsync(connection, "SET LOCAL enable_nestloop = off", cancel);
        await DeleteAsync(connection, table, snapshot, cancel);
        await transaction.CommitAsync(cancel);
    }

    private static async Task UpsertAsync(NpgsqlConnection connection, string table, Snapshot snapshot, CancellationToken cancel)
    {
        await using var upsert = new NpgsqlCommand(
            $"""
            INSERT INTO {table} ({Columns.List})
            VALUES ('{Snapshot.InventoryNamespace}', '{Snapshot.InventoryName}', $1, $2, '{Snapshot.Cluster}', $3, $4, $5)
            ON CONFLICT (inventory_namespace, inventory_name, target_name, source_uid) DO UPDATE
            SET cluster = EXCLUDED.cluster, resource_namespace = EXCLUDED.resource_namespace,
                payload = EXCLUDED.payload, exported_at = EXCLUDED.exported_at
            """,
            connection);
        foreach (var type in (NpgsqlDbType[])[NpgsqlDbType.Text, NpgsqlDbType.Text, NpgsqlDbType.Text, NpgsqlDbType.Jsonb, NpgsqlDbType.TimestampTz])
            upsert.Parameters.Add(new NpgsqlParameter { NpgsqlDbType = type });
        await upsert.PrepareAsync(cancel);
        foreach (var item in snapshot.Items)
        {
            upsert.Parameters[0].Value = item.TargetName;
            upsert.Parameters[1].Value = item.Uid;
            upsert.Parameters[2].Value = item.Namespace;
            upsert.Parameters[3].Value = item.Payload;
            upsert.Parameters[4].Value = snapshot.ExportedAt;
            await upsert.ExecuteNonQueryAsync(cancel);
        }
    }

    private static async Task DeleteAsync(NpgsqlConnection connection, string table, Snapshot snapshot, CancellationToken cancel)
    {
        await using var delete = new NpgsqlCommand(
            $"""
            DELETE FROM {table} AS t
            WHERE t.inventory_namespace = '{Snapshot.InventoryNamespace}' AND t.inventory_name = '{Snapshot.InventoryName}'
              AND t.cluster = '{Snapshot.Cluster}'
              AND NOT EXISTS (SELECT FROM unnest($1, $2) AS s (target_name, source_uid)
                              WHERE s.target_name = t.target_name AND s.source_uid = t.source_uid)
            """,
            connection)
        { CommandTimeout = 0 };
        delete.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = [.. snapshot.Items.Select(item => item.TargetName)] });
        delete.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = [.. snapshot.Items.Select(item => item.Uid)] });
        await delete.ExecuteNonQueryAsync(cancel);
    }
}
