using System.Diagnostics;
using Kollect.Core.Backends.Postgres;
using Kollect.Core.Sinks;
using Kollect.Core.Snapshots;

namespace Kollect.Shell.Backends.Postgres;

/// <summary>The history of a destination in the transaction of the session; without one, deletes are plain and nothing is swept.</summary>
internal sealed class HistoryTable(Session session, Option<History> history, SnapshotHeader header)
{
    /// <summary>Old versions that one statement deletes.</summary>
    private const long SweptAtOnce = 1_000;

    /// <summary>Those that one difference deletes, about once in an hour.</summary>
    private const long SweptByDifference = 10_000;

    private static readonly TimeSpan LongestSweep = TimeSpan.FromSeconds(2);

    /// <summary>A delete of rows of the destination to send with the next statements; the number of rows is there after they were sent.</summary>
    /// <param name="sql">Keeps what it deletes, where there is a history.</param>
    public Func<long> DeferDelete(string sql, params object[] parameters)
    {
        if (history.IsNone)
            return session.DeferWrite(sql, parameters);
        var deleted = session.DeferRow(sql, row => row.GetInt64(0), [.. parameters, header.RemovedAt.IfNone(header.ExportedAt).UtcDateTime]);
        return () => deleted.Value;
    }

    /// <summary>The same at once.</summary>
    public async Task<long> DeleteAsync(string sql, CancellationToken cancel, params object[] parameters)
    {
        var deleted = DeferDelete(sql, parameters);
        await session.SendAsync(cancel);
        return deleted();
    }

    /// <summary>Deletes old versions, in chunks, until none is left or the time is over: the next export goes on.</summary>
    public async Task SweepAsync(HistorySettings settings, CancellationToken cancel)
    {
        foreach (var (it, keep) in Swept(settings))
            for (var (running, more) = (Stopwatch.StartNew(), true); more && running.Elapsed < LongestSweep;)
                more = await session.ExecuteAsync(it.Sweep, cancel, keep.TotalSeconds, SweptAtOnce) == SweptAtOnce;
    }

    /// <summary>After a difference, with the next statements or with the commit.</summary>
    /// <param name="before">The time of the export before.</param>
    public void DeferSweep(HistorySettings settings, DateTimeOffset before)
    {
        foreach (var (it, keep) in Swept(settings).Filter(_ => Ledger.Sweeps(before, header.ExportedAt)))
            session.DeferWrite(it.Sweep, keep.TotalSeconds, SweptByDifference);
    }

    private Option<(History History, TimeSpan Keep)> Swept(HistorySettings settings) => from it in history from keep in settings.Keep select (it, keep);
}
