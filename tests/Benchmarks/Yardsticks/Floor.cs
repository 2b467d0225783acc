using Npgsql;

namespace Kollect.Benchmarks.Yardsticks;

/// <summary>Binary COPY into an empty table, the lower bound for storing these rows. Cannot mirror into a table with rows.</summary>
internal sealed class Floor(NpgsqlDataSource source) : IContestant
{
    public string Name => "floor";

    public async Task ExportAsync(string table, Snapshot snapshot, CancellationToken cancel)
    {
        await using var connection = await source.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await Columns.CopyAsync(connection, table, snapshot, cancel);
        await transaction.CommitAsync(cancel);
    }
}
