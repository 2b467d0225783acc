using System.Diagnostics;
using Kollect.Core.Backends.Postgres;
using Npgsql;

namespace Kollect.Shell.Backends.Postgres;

/// <summary>One connection in one transaction: nothing of an operation outlives it on the server, so a pooler may stand in between.</summary>
internal sealed class Session : IAsyncDisposable
{
    private readonly NpgsqlDataSource source;
    private readonly NpgsqlConnection connection;
    private readonly Stopwatch running = new();
    private NpgsqlTransaction transaction;

    private Session(NpgsqlDataSource source, NpgsqlConnection connection, NpgsqlTransaction transaction) =>
        (this.source, this.connection, this.transaction) = (source, connection, transaction);

    /// <summary>Connects, authenticates and begins.</summary>
    /// <param name="source">Disposed with this, also when it fails.</param>
    public static async Task<Session> OpenAsync(NpgsqlDataSource source, CancellationToken cancel)
    {
        NpgsqlConnection? connection = null;
        try
        {
            connection = await source.OpenConnectionAsync(cancel);
            return new Session(source, connection, await connection.BeginTransactionAsync(cancel));
        }
        catch
        {
            if (connection is not null)
                await connection.DisposeAsync();
            await source.DisposeAsync();
            throw;
        }
    }

    /// <summary>The lock for which a statement may wait now.</summary>
    public AwaitedLock Awaited { get; private set; } = AwaitedLock.RowOrTable;

    /// <summary>The time since the last statement began.</summary>
    public TimeSpan Running => running.Elapsed;

    /// <summary>Takes an advisory lock; if that fails, <see cref="Awaited"/> tells which.</summary>
    public async Task LockAsync(string sql, string name, AwaitedLock awaited, CancellationToken cancel)
    {
        Awaited = awaited;
        await ExecuteAsync(sql, cancel, name);
        Awaited = AwaitedLock.RowOrTable;
    }

    /// <summary>Drops everything, also after an error; further statements run in a new transaction.</summary>
    public async Task StartOverAsync(CancellationToken cancel)
    {
        await transaction.RollbackAsync(cancel);
        await transaction.DisposeAsync();
        transaction = await connection.BeginTransactionAsync(cancel);
    }

    /// <summary>Runs a statement; gives the number of rows it changed.</summary>
    public async Task<long> ExecuteAsync(string sql, CancellationToken cancel, params object[] parameters)
    {
        await using var command = Command(sql, parameters);
        return await command.ExecuteNonQueryAsync(cancel);
    }

    /// <summary>All rows of a small answer.</summary>
    public async Task<Seq<T>> QueryAsync<T>(string sql, Func<NpgsqlDataReader, T> read, CancellationToken cancel, params object[] parameters)
    {
        await using var command = Command(sql, parameters);
        await using var reader = await command.ExecuteReaderAsync(cancel);
        var rows = new List<T>();
        while (await reader.ReadAsync(cancel))
            rows.Add(read(reader));
        return rows.ToSeq();
    }

    /// <summary>The only row of an answer.</summary>
    public async Task<T> QueryRowAsync<T>(string sql, Func<NpgsqlDataReader, T> read, CancellationToken cancel, params object[] parameters) =>
        (await QueryAsync(sql, read, cancel, parameters)).Single();

    /// <summary>Starts a binary COPY.</summary>
    public Task<NpgsqlBinaryImporter> CopyAsync(string sql, CancellationToken cancel) =>
        connection.BeginBinaryImportAsync(sql, cancel);

    /// <summary>Everything or, when this throws, possibly nothing.</summary>
    public Task CommitAsync(CancellationToken cancel) => transaction.CommitAsync(cancel);

    /// <summary>Rolls back uncommitted writes.</summary>
    public async ValueTask DisposeAsync()
    {
        await transaction.DisposeAsync();
        await connection.DisposeAsync();
        await source.DisposeAsync();
    }

    private NpgsqlCommand Command(string sql, object[] parameters)
    {
        running.Restart();
        var command = new NpgsqlCommand(sql, connection, transaction);
        foreach (var parameter in parameters)
            command.Parameters.Add(parameter as NpgsqlParameter ?? new NpgsqlParameter { Value = parameter });
        return command;
    }
}
