using Npgsql;
using NpgsqlTypes;

namespace Kollect.Benchmarks.Yardsticks;

/// <summary>The eight columns of a row, shared by the yardsticks.</summary>
internal static class Columns
{
    public const string List =
        "inventory_namespace, inventory_name, target_name, source_uid, cluster, resource_namespace, payload, exported_at";

    /// <summary>Writes all rows by one binary COPY.</summary>
    public static async Task CopyAsync(NpgsqlConnection connection, string table, Snapshot snapshot, CancellationToken cancel)
    {
        await using var copy = await connection.BeginBinaryImportAsync($"COPY {table} ({List}) FROM STDIN (FORMAT binary)", cancel);
        foreach (var item in snapshot.Items)
        {
            await copy.StartRowAsync(cancel);
            await copy.WriteAsync(Snapshot.InventoryNamespace, NpgsqlDbType.Text, cancel);
            await copy.WriteAsync(Snapshot.InventoryName, NpgsqlDbType.Text, cancel);
            await copy.WriteAsync(item.TargetName, NpgsqlDbType.Text, cancel);
            await copy.WriteAsync(item.Uid, NpgsqlDbType.Text, cancel);
            await copy.WriteAsync(Snapshot.Cluster, NpgsqlDbType.Text, cancel);
            await copy.WriteAsync(item.Namespace, NpgsqlDbType.Text, cancel);
            await copy.WriteAsync(item.Payload, NpgsqlDbType.Jsonb, cancel);
            await copy.WriteAsync(snapshot.ExportedAt, NpgsqlDbType.TimestampTz, cancel);
        }

        await copy.CompleteAsync(cancel);
    }

    public static async Task RunAsync(NpgsqlConnection connection, string sql, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(cancel);
    }
}
