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
    private readonly List<Deferred> deferred = [];
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

    /// <summary>The lock for which the last refused statement waited.</summary>
    public AwaitedLock Awaited { get; private set; } = AwaitedLock.RowOrTable;

    /// <summary>The time since statements were last sent.</summary>
    public TimeSpan Running => running.Elapsed;

    /// <summary>Takes an advisory lock; if that fails, <see cref="Awaited"/> tells which.</summary>
    public Task LockAsync(string sql, string name, AwaitedLock awaited, CancellationToken cancel)
    {
        DeferLock(sql, name, awaited);
        return SendAsync(cancel);
    }

    /// <summary>Drops everything, also after an error; further statements run in a new transaction.</summary>
    public async Task StartOverAsync(CancellationToken cancel)
    {
        deferred.Clear();
        await transaction.RollbackAsync(cancel);
        await BeginAgainAsync(cancel);
    }

    /// <summary>Further statements run in a new transaction, after the last one was committed. The server hears of it with the first of them.</summary>
    public async Task BeginAgainAsync(CancellationToken cancel)
    {
        await transaction.DisposeAsync();
        transaction = await connection.BeginTransactionAsync(cancel);
    }

    /// <summary>A lock to take with the next statements, in one round trip.</summary>
    public void DeferLock(string sql, string name, AwaitedLock awaited) =>
        deferred.Add(new Deferred(Command(sql, [name])) { OnRow = Ignore, Awaited = awaited });

    /// <summary>A setting to apply with the next statements; if the server refuses it, <paramref name="explain"/> gives the exception.</summary>
    public void DeferSetting(ServerSetting setting, Func<PostgresException, Exception> explain) =>
        deferred.Add(new Deferred(Command(ExportStatements.Set, [setting.Name, setting.Value])) { OnRow = Ignore, Explain = explain });

    /// <summary>Settings to apply with the next statements.</summary>
    public void DeferSettings(Seq<ServerSetting> settings)
    {
        foreach (var setting in settings)
            DeferSetting(setting, refused => refused);
    }

    /// <summary>A query to send with the next statements in one round trip; each row of its answer is read as it comes.</summary>
    public void DeferQuery(string sql, Action<NpgsqlDataReader> onRow, params object[] parameters) =>
        deferred.Add(new Deferred(Command(sql, parameters)) { OnRow = onRow });

    /// <summary>A statement without an answer to send with the next ones; the number of rows that it changed is there after <see cref="SendAsync"/>.</summary>
    public Func<long> DeferWrite(string sql, params object[] parameters)
    {
        var command = Command(sql, parameters);
        deferred.Add(new Deferred(command));
        return () => command.RecordsAffected;
    }

    /// <summary>A query for one row to send with the next statements; the answer is there after <see cref="SendAsync"/>.</summary>
    public Answer<T> DeferRow<T>(string sql, Func<NpgsqlDataReader, T> read, params object[] parameters)
    {
        var answer = new Answer<T>();
        DeferQuery(sql, row => answer.Add(read(row)), parameters);
        return answer;
    }

    /// <summary>Sends what was deferred, in one round trip.</summary>
    public async Task SendAsync(CancellationToken cancel)
    {
        if (deferred.Count == 0)
            return;
        running.Restart();
        bounds.AllowAnswer();
        Deferred[] sent = [.. deferred];
        deferred.Clear();
        await using var batch = new NpgsqlBatch(connection, transaction);
        foreach (var it in sent)
            batch.BatchCommands.Add(it.Command);
        try
        {
            await using var reader = await batch.ExecuteReaderAsync(cancel);
            foreach (var query in sent.Where(it => it.OnRow is not null))
            {
                while (await reader.ReadAsync(cancel))
                    query.OnRow!(reader);
                await reader.NextResultAsync(cancel);
            }

            while (await reader.NextResultAsync(cancel))
            {
                // What is left has no answer, or one that nobody reads.
            }
        }
        catch (PostgresException refused) when (sent.FirstOrDefault(it => it.Command == refused.BatchCommand) is { } statement)
        {
            Awaited = statement.Awaited;
            throw statement.Explain(refused);
        }
        catch (Exception failed) when (UnreadableAnswerException.Is(failed))
        {
            throw new UnreadableAnswerException(failed);
        }
    }

    /// <summary>Runs a statement; gives the number of rows it changed.</summary>
    public async Task<long> ExecuteAsync(string sql, CancellationToken cancel, params object[] parameters)
    {
        var changed = DeferWrite(sql, parameters);
        await SendAsync(cancel);
        return changed();
    }

    /// <summary>All rows of an answer of at most <see cref="ServerLimits.AnswerBytes"/>.</summary>
    public async Task<Seq<T>> QueryAsync<T>(string sql, Func<NpgsqlDataReader, T> read, CancellationToken cancel, params object[] parameters)
    {
        var rows = new List<T>();
        DeferQuery(sql, row => rows.Add(read(row)), parameters);
        await SendAsync(cancel);
        return rows.ToSeq();
    }

    /// <summary>The rows of a page of the table, each of at most <see cref="RowBytes"/> in the long run.</summary>
    /// <param name="most">The page's <c>LIMIT</c>.</param>
    public Task<Seq<T>> QueryPageAsync<T>(string sql, int most, Func<NpgsqlDataReader, T> read, CancellationToken cancel, params object[] parameters)
    {
        var rows = 0;
        return QueryAsync(
            sql,
            row =>
            {
                var page = read(row);
                if (++rows > most)
                    bounds.Exceed(ServerLimits.AnswerBytes);
                bounds.AllowRow(RowBytes);
                return page;
            },
            cancel,
            parameters);
    }

    /// <summary>The only row of an answer.</summary>
    public async Task<T> QueryRowAsync<T>(string sql, Func<NpgsqlDataReader, T> read, CancellationToken cancel, params object[] parameters)
    {
        var row = DeferRow(sql, read, parameters);
        await SendAsync(cancel);
        return row.Value;
    }

    /// <summary>Starts a binary COPY.</summary>
    public Task<NpgsqlBinaryImporter> CopyAsync(string sql, CancellationToken cancel)
    {
        bounds.AllowAnswer();
        return connection.BeginBinaryImportAsync(sql, cancel);
    }

    /// <summary>Everything, deferred statements included, or, when this throws, possibly nothing.</summary>
    public async Task CommitAsync(CancellationToken cancel)
    {
        DeferWrite("COMMIT");
        await SendAsync(cancel);
    }

    /// <summary>Rolls back uncommitted writes.</summary>
    public async ValueTask DisposeAsync()
    {
        await transaction.DisposeAsync();
        await connection.DisposeAsync();
        await source.DisposeAsync();
        if (relay is not null)
            await relay.DisposeAsync();
    }

    private static NpgsqlBatchCommand Command(string sql, object[] parameters)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var parameter in parameters)
            command.Parameters.Add(parameter as NpgsqlParameter ?? new NpgsqlParameter { Value = parameter });
        return command;
    }

    private static void Ignore(NpgsqlDataReader row)
    {
    }

    private sealed record Deferred(NpgsqlBatchCommand Command)
    {
        /// <summary>Null = the server answers with no rows.</summary>
        public Action<NpgsqlDataReader>? OnRow { get; init; }

        public AwaitedLock Awaited { get; init; } = AwaitedLock.RowOrTable;

        public Func<PostgresException, Exception> Explain { get; init; } = refused => refused;
    }
}

/// <summary>The answer to a query for one row that was sent with other statements.</summary>
internal sealed class Answer<T>
{
    private readonly List<T> rows = [];

    /// <summary>The row.</summary>
    /// <exception cref="UnreadableAnswerException">There was none, or more than one.</exception>
    public T Value => rows is [var row] ? row : throw new UnreadableAnswerException(null);

    /// <summary>The row, if there was one.</summary>
    /// <exception cref="UnreadableAnswerException">There was more than one.</exception>
    public Option<T> Found => rows is [] ? None : Value;

    internal void Add(T row) => rows.Add(row);
}

/// <summary>The server's answer is not one of PostgreSQL's protocol, or not one to that statement.</summary>
internal sealed class UnreadableAnswerException(Exception? cause) : IOException("the answer cannot be read", cause)
{
    /// <summary>What Npgsql throws where it takes a message as it comes.</summary>
    public static bool Is(Exception exception) => exception
        is InvalidCastException or FormatException or OverflowException or ArgumentException or IndexOutOfRangeException or NotSupportedException
        or (InvalidOperationException and not ObjectDisposedException);
}
