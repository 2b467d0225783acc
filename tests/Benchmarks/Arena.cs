using System.Diagnostics;
using Kollect.Benchmarks.Yardsticks;
using Npgsql;

namespace Kollect.Benchmarks;

/// <summary>Measurements of one run.</summary>
/// <param name="Milliseconds">Wall clock time of the export, connecting included.</param>
/// <param name="WalBytes">Write-ahead log that the server wrote meanwhile; each run follows a checkpoint, so that full-page writes are equal for all.</param>
internal sealed record Measured(double Milliseconds, long WalBytes);

/// <summary>Gives every run the same start, a fresh, vacuumed table after a checkpoint, and verifies the result.</summary>
internal sealed class Arena(NpgsqlDataSource source)
{
    private const string Table = "contest";

    /// <summary>Creates the table <c>template</c> (the sink's own table form) and fills <c>{name}</c> of that form with a snapshot.</summary>
    public async Task FillAsync(string name, Snapshot snapshot, CancellationToken cancel)
    {
        await using var connection = await source.OpenConnectionAsync(cancel);
        await Columns.RunAsync(connection, $"DROP TABLE IF EXISTS {name}; CREATE TABLE {name} (LIKE template INCLUDING ALL)", cancel);
        await Columns.CopyAsync(connection, name, snapshot, cancel);
        await Columns.RunAsync(connection, $"VACUUM (ANALYZE) {name}", cancel);
    }

    /// <summary>One export into a table that starts as a copy of <paramref name="start"/> and must end as <paramref name="end"/>.</summary>
    public async Task<Measured> RunAsync(IContestant contestant, string? start, string end, Snapshot snapshot, CancellationToken cancel)
    {
        await PrepareAsync(start, cancel);
        contestant.Prepare(snapshot);
        GC.Collect();
        var before = await ScalarAsync<string>("SELECT pg_current_wal_insert_lsn()::text", cancel);
        var watch = Stopwatch.StartNew();
        await contestant.ExportAsync(Table, snapshot, cancel);
        var elapsed = watch.Elapsed.TotalMilliseconds;
        var wal = await ScalarAsync<decimal>($"SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '{before}')", cancel);
        await VerifyAsync(contestant, end, cancel);
        return new Measured(elapsed, (long)wal);
    }

    private async Task PrepareAsync(string? start, CancellationToken cancel)
    {
        await using var connection = await source.OpenConnectionAsync(cancel);
        await Columns.RunAsync(
            connection,
            $"DROP VIEW IF EXISTS {Table}_timeline; DROP TABLE IF EXISTS {Table}, {Table}_history; CREATE TABLE {Table} (LIKE template INCLUDING ALL)",
            cancel);
        if (start is not null)
        {
            await Columns.RunAsync(connection, $"INSERT INTO {Table} SELECT * FROM {start}", cancel);
            await Columns.RunAsync(connection, $"VACUUM (ANALYZE) {Table}", cancel);
        }

        await Columns.RunAsync(connection, "CHECKPOINT", cancel);
    }

    /// <summary>Verifies the rows, so that a fast but wrong export does not count.</summary>
    private async Task VerifyAsync(IContestant contestant, string end, CancellationToken cancel)
    {
        var (actual, expected) = (await DigestAsync(Table, cancel), await DigestAsync(end, cancel));
        if (actual != expected)
            throw new InvalidOperationException($"{contestant.Name} wrote rows that differ from the snapshot: {actual} instead of {expected}");
    }

    private Task<string> DigestAsync(string table, CancellationToken cancel) => ScalarAsync<string>(
        "SELECT count(*) || ' rows, digest ' || coalesce(sum(hashtextextended(source_uid || resource_namespace || payload::text, 0)::numeric), 0) "
        + $"FROM {table}",
        cancel);

    public async Task<T> ScalarAsync<T>(string sql, CancellationToken cancel)
    {
        await using var command = source.CreateCommand(sql);
        command.CommandTimeout = 0;
        return (T)(await command.ExecuteScalarAsync(cancel))!;
    }
}
