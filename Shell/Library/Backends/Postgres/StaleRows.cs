using Kollect.Core.Backends.Postgres;

namespace Kollect.Shell.Backends.Postgres;

/// <summary>Deletes the rows of the scope that the snapshot does not have, until the rows that are left can be counted as the snapshot's.</summary>
internal sealed class StaleRows(Session session, ExportPlan plan)
{
    private readonly RowParameters parameters = new(plan.Header);

    /// <summary>Counts the rows, and deletes where counting does not prove that none is stale.</summary>
    /// <param name="written">The counts of the upsert.</param>
    /// <param name="delete">Deletes what is stale, and gives the number of rows.</param>
    public async Task<WriteCounts> DeleteAsync(WriteCounts written, ScopeSize size, Func<Task<long>> delete, CancellationToken cancel)
    {
        var (rows, deleted) = (await CountAsync(cancel), 0L);
        if (size.HasNoStale(rows))
            return written with { Rows = rows };
        for (var deletes = 0; deletes == 0 || (!size.Fits(rows) && deletes < ScopeSize.MaxDeletes); deletes++)
        {
            deleted += await delete();
            rows = await CountAsync(cancel);
        }

        return size.Compared(written, deleted, rows);
    }

    private Task<long> CountAsync(CancellationToken cancel) =>
        session.QueryRowAsync(plan.Statements.CountRows, row => row.GetInt64(0), cancel, parameters.OfScope);
}
