using System.Diagnostics;
using Kollect.Core.Backends.Postgres;
using Kollect.Shell.Backends.Dial;
using Kollect.Shell.Backends.Postgres.Wire;
using Npgsql;

namespace Kollect.Shell.Backends.Postgres;

/// <summary>One connection in one transaction: nothing of an operation outlives it on the server, so a pooler may stand in between.</summary>
internal sealed class Session : IAsyncDisposable
{
    /// <summary>A page holds identities, which fit into a row of an index (<see cref="Limits.MaxIndexRowBytes"/>).</summary>
    private const int RowBytes = Limits.MaxIndexRowBytes + 1_024;

    private readonly NpgsqlDataSource source;
    private readonly NpgsqlConnection connection;
    private readonly Relay? relay;
    private readonly ServerConnections bounds;
    private readonly Stopwatch running = new();
    private NpgsqlTransaction transaction;

    private Session(NpgsqlDataSource source, NpgsqlConnection connection, NpgsqlTransaction transaction, Relay? relay, ServerConnections bounds) =>
        (this.source, this.connection, this.transaction, this.relay, this.bounds) = (source, connection, transaction, relay, bounds);

    /// <summary>Connects, authenticates and begins.</summary>
    /// <param name="source">Disposed with this, also when it fails.</param>
    /// <param name="relay">The way of <paramref name="source"/> to the server; disposed with this, also when it fails. Null = it dials by itself.</param>
    public static async Task<Session> OpenAsync(NpgsqlDataSource source, Relay? relay, ServerConnections bounds, CancellationToken cancel)
    {
        NpgsqlConnection? connection = null;
        try
        {
            connection = await source.OpenConnectionAsync(cancel);
            return new Session(source, connection, await connection.BeginTransactionAsync(cancel), relay, bounds);
        }
        catch (Exception failed)
        {
            if (connection is not null)
                await connection.DisposeAsync();
            await source.DisposeAsync();
            if (relay is not null)
                await relay.DisposeAsync();
            if (UnreadableAnswerException.Is(failed))
                throw new UnreadableAnswerException(failed);
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

    /// <summary>Further statements run in a new transaction, after the last one was committed.</summary>
    public async Task BeginAgainAsync(CancellationToken cancel)
    {
        await transaction.DisposeAsync();
        transaction = await connection.BeginTransactionAsync(cancel);
    }

    /// <summary>Runs a statement; gives the number of rows it changed.</summary>
    public async Task<long> ExecuteAsync(string sql, CancellationToken cancel, params object[] parameters)
    {
        await using var command = Command(sql, parameters);
        try
        {
            return await command.ExecuteNonQueryAsync(cancel);
        }
        catch (Exception failed) when (UnreadableAnswerException.Is(failed))
        {
            throw new UnreadableAnswerException(failed);
        }
    }

    /// <summary>All rows of an answer of at most <see cref="ServerLimits.AnswerBytes"/>.</summary>
    public async Task<Seq<T>> QueryAsync<T>(string sql, Func<NpgsqlDataReader, T> read, CancellationToken cancel, params object[] parameters)
    {
        var rows = new List<T>();
        await ReadAsync(sql, row => rows.Add(read(row)), cancel, parameters);
        return rows.ToSeq();
    }

    /// <summary>The rows of a page of the table, each of at most <see cref="RowBytes"/> in the long run.</summary>
    /// <param name="most">The page's <c>LIMIT</c>.</param>
    public async Task<Seq<T>> QueryPageAsync<T>(string sql, int most, Func<NpgsqlDataReader, T> read, CancellationToken cancel, params object[] parameters)
    {
        var rows = new List<T>();
        await ReadAsync(
            sql,
            row =>
            {
                rows.Add(read(row));
                if (rows.Count > most)
                    bounds.Exceed(ServerLimits.AnswerBytes);
                bounds.AllowRow(RowBytes);
            },
            cancel,
            parameters);
        return rows.ToSeq();
    }

    /// <summary>The only row of an answer.</summary>
    public async Task<T> QueryRowAsync<T>(string sql, Func<NpgsqlDataReader, T> read, CancellationToken cancel, params object[] parameters) =>
        await QueryAsync(sql, read, cancel, parameters) is [var row] ? row : throw new UnreadableAnswerException(null);

    /// <summary>Starts a binary COPY.</summary>
    public Task<NpgsqlBinaryImporter> CopyAsync(string sql, CancellationToken cancel)
    {
        bounds.AllowAnswer();
        return connection.BeginBinaryImportAsync(sql, cancel);
    }

    /// <summary>Everything or, when this throws, possibly nothing.</summary>
    public Task CommitAsync(CancellationToken cancel) => transaction.CommitAsync(cancel);

    /// <summary>Rolls back uncommitted writes.</summary>
    public async ValueTask DisposeAsync()
    {
        await transaction.DisposeAsync();
        await connection.DisposeAsync();
        await source.DisposeAsync();
        if (relay is not null)
            await relay.DisposeAsync();
    }

    private async Task ReadAsync(string sql, Action<NpgsqlDataReader> onRow, CancellationToken cancel, object[] parameters)
    {
        await using var command = Command(sql, parameters);
        try
        {
            await using var reader = await command.ExecuteReaderAsync(cancel);
            while (await reader.ReadAsync(cancel))
                onRow(reader);
        }
        catch (Exception failed) when (UnreadableAnswerException.Is(failed))
        {
            throw new UnreadableAnswerException(failed);
        }
    }

    private NpgsqlCommand Command(string sql, object[] parameters)
    {
        running.Restart();
        bounds.AllowAnswer();
        var command = new NpgsqlCommand(sql, connection, transaction);
        foreach (var parameter in parameters)
            command.Parameters.Add(parameter as NpgsqlParameter ?? new NpgsqlParameter { Value = parameter });
        return command;
    }
}

/// <summary>The server's answer is not one of PostgreSQL's protocol, or not one to that statement.</summary>
internal sealed class UnreadableAnswerException(Exception? cause) : IOException("the answer cannot be read", cause)
{
    /// <summary>What Npgsql throws where it takes a message as it comes.</summary>
    public static bool Is(Exception exception) => exception
        is InvalidCastException or FormatException or OverflowException or ArgumentException or IndexOutOfRangeException or NotSupportedException
        or (InvalidOperationException and not ObjectDisposedException);
}
