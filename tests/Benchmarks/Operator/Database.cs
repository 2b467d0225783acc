using Kollect.Host.Demo;
using Npgsql;

namespace Kollect.Benchmarks.Operator;

/// <summary>The database of one contestant's life, and the benchmark's own two connections to it, which count for nobody.</summary>
internal sealed class Database : IAsyncDisposable
{
    private readonly NpgsqlConnection control;
    private readonly NpgsqlConnection polling;
    private readonly int postmaster;

    private Database(NpgsqlConnection control, NpgsqlConnection polling, string url, int postmaster) =>
        (this.control, this.polling, Url, this.postmaster) = (control, polling, url, postmaster);

    /// <summary>URL for a Secret.</summary>
    public string Url { get; }

    /// <summary>Connection string for the floor.</summary>
    public string ConnectionString { get; private init; } = "";

    /// <summary>
    /// An empty database, after a checkpoint: the server makes none by itself in the next hour, so each page is written to the log in full only
    /// once, when the first rows come.
    /// </summary>
    public static async Task<Database> CreateAsync(PrivatePostgres server, string name, CancellationToken cancel)
    {
        var bench = new PostgresBench(server, rows: 0, rounds: 0);
        var own = new NpgsqlConnectionStringBuilder(bench.ConnectionString) { Pooling = false, CommandTimeout = 0 };
        await using (var maintenance = new NpgsqlConnection(own.ConnectionString))
        {
            await maintenance.OpenAsync(cancel);
            foreach (var sql in new[] { $"DROP DATABASE IF EXISTS {name} WITH (FORCE)", $"CREATE DATABASE {name}", "CHECKPOINT" })
                await ExecuteAsync(maintenance, sql, cancel);
        }

        own.Database = name;
        var (control, polling) = (new NpgsqlConnection(own.ConnectionString), new NpgsqlConnection(own.ConnectionString));
        await control.OpenAsync(cancel);
        await polling.OpenAsync(cancel);
        var url = new UriBuilder(bench.Url) { Path = name }.Uri.AbsoluteUri;
        return new Database(control, polling, url, server.Pid) { ConnectionString = own.ConnectionString };
    }

    /// <summary>Of the server's processes, without the two connections; in seconds.</summary>
    public double ProcessorSeconds() => ProcessorTime.OfPostgres(postmaster, [control.ProcessID, polling.ProcessID]);

    /// <summary>Bytes of the write-ahead log so far.</summary>
    public async Task<double> WalBytesAsync(CancellationToken cancel) =>
        (double)await ScalarAsync<decimal>("SELECT pg_current_wal_lsn() - '0/0'::pg_lsn", cancel);

    /// <summary>Rows of the table; -1 = there is no table.</summary>
    public async Task<long> CountAsync(CancellationToken cancel)
    {
        try
        {
            return await ScalarAsync<long>($"SELECT count(*) FROM {Contestant.Table}", cancel);
        }
        catch (PostgresException missing) when (missing.SqlState == PostgresErrorCodes.UndefinedTable)
        {
            return -1;
        }
    }

    /// <summary>A transaction that begins now has this id or a later one.</summary>
    public Task<long> NextTransactionAsync(CancellationToken cancel) =>
        ScalarAsync<long>("SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint", cancel);

    /// <summary>
    /// Rows that were inserted or updated since then. The server's statistics do not serve: a connection that is kept reports them only after 10 s
    /// (pgstat.c, PGSTAT_IDLE_INTERVAL).
    /// </summary>
    public Task<long> WrittenRowsAsync(long since, CancellationToken cancel) =>
        ScalarAsync<long>($"SELECT count(*) FROM {Contestant.Table} WHERE xmin::text::bigint >= {since}", cancel);

    public RowPoll Poll() => new(polling, Contestant.Table);

    public async ValueTask DisposeAsync()
    {
        await control.DisposeAsync();
        await polling.DisposeAsync();
    }

    private async Task<T> ScalarAsync<T>(string sql, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(sql, control);
        return (T)(await command.ExecuteScalarAsync(cancel))!;
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancel);
    }
}
