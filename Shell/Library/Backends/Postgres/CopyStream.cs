using Npgsql;

namespace Kollect.Shell.Backends.Postgres;

/// <summary>
/// A binary COPY that is closed and reopened every <see cref="RowsPerCopy"/> rows: <c>statement_timeout</c> then bounds each
/// piece, not a stream of any length.
/// </summary>
internal sealed class CopyStream(Session session, string sql) : IAsyncDisposable
{
    private const int RowsPerCopy = 50_000;

    private NpgsqlBinaryImporter? copy;
    private int rows;

    /// <summary>Rows that were sent.</summary>
    public long Sent { get; private set; }

    /// <summary>Rows that the server counted, in the pieces that are finished.</summary>
    public long Counted { get; private set; }

    /// <summary>Begins the next row of the COPY.</summary>
    public async ValueTask<NpgsqlBinaryImporter> StartRowAsync(CancellationToken cancel)
    {
        if (rows == RowsPerCopy)
            await FinishAsync(cancel);
        copy ??= await session.CopyAsync(sql, cancel);
        rows++;
        Sent++;
        await copy.StartRowAsync(cancel);
        return copy;
    }

    /// <summary>Ends the COPY, so that its rows are in the table.</summary>
    public async ValueTask FinishAsync(CancellationToken cancel)
    {
        if (copy is null)
            return;
        Counted += (long)await copy.CompleteAsync(cancel);
        await copy.DisposeAsync();
        copy = null;
        rows = 0;
    }

    /// <summary>Without <see cref="FinishAsync"/> before it, the rows of the last piece are dropped.</summary>
    public async ValueTask DisposeAsync()
    {
        if (copy is not null)
            await copy.DisposeAsync();
    }
}
