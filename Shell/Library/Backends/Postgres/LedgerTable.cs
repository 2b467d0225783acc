using Kollect.Core.Backends.Postgres;
using Kollect.Core.Exports;
using Kollect.Core.Formatting;
using Kollect.Core.Sinks;
using Kollect.Core.Snapshots;
using Npgsql;
using NpgsqlTypes;

namespace Kollect.Shell.Backends.Postgres;

/// <summary>The entries of one scope in the ledger, in the transaction of the session.</summary>
internal sealed class LedgerTable(Session session, Ledger ledger, SnapshotHeader header)
{
    /// <summary>Old entries of a scope that one export deletes.</summary>
    private const long SweptAtOnce = 1_000;

    /// <summary>Of a refusal, in UTF-16 code units.</summary>
    private const int MaxRefusal = 2_000;

    private object[] Scope { get; } =
        [ledger.Table.Name, header.Scope.InventoryNamespace, header.Scope.InventoryName, header.Scope.Cluster];

    private NpgsqlParameter Checksum => Optional(NpgsqlDbType.Text, header.Content.Map(content => content.Checksum));

    /// <summary>Reads the newest entry.</summary>
    public async Task<LedgerReading> ReadAsync(CancellationToken cancel)
    {
        var reading = DeferRead();
        await session.SendAsync(cancel);
        return reading.Value;
    }

    /// <summary>The same with the next statements.</summary>
    public Answer<LedgerReading> DeferRead() => session.DeferRow(
        ledger.Newest,
        row => new LedgerReading(
            row.IsDBNull(0)
                ? None
                : new LedgerEntry(
                    ExportedAt: new DateTimeOffset(row.GetDateTime(0)),
                    VerifiedAt: new DateTimeOffset(row.GetDateTime(1)),
                    Checksum: row.IsDBNull(2) ? None : row.GetString(2),
                    Items: row.GetInt64(3),
                    IsComplete: row.GetBoolean(4),
                    Rejected: row.GetInt64(5),
                    Xid: row.GetInt64(6),
                    Horizon: row.GetInt64(7),
                    Rows: row.GetInt64(8)),
            row.GetInt64(9)),
        Scope);

    /// <summary>Asks, with the next statements, whether the entry was written by this server: see <see cref="RepairStatements.IsOfThisServer"/>.</summary>
    public Answer<bool> DeferIsOfThisServer(LedgerEntry entry) => session.DeferRow(
        new RepairStatements(ledger).IsOfThisServer, row => row.GetBoolean(0), [.. Scope, entry.ExportedAt.UtcDateTime, entry.Horizon]);

    /// <summary>The entry of rows that this transaction wrote.</summary>
    /// <param name="horizon">Read before the rows were compared.</param>
    /// <param name="rows">Rows of the scope afterwards.</param>
    public Task InsertAsync(DateTimeOffset exportedAt, ExportOutcome outcome, TimeSpan duration, long horizon, long rows, CancellationToken cancel)
    {
        DeferInsert(exportedAt, outcome, duration, horizon, rows);
        return session.SendAsync(cancel);
    }

    /// <summary>The same with the next statements, or with the commit.</summary>
    public void DeferInsert(DateTimeOffset exportedAt, ExportOutcome outcome, TimeSpan duration, long horizon, long rows) => session.DeferWrite(
        ledger.Insert,
        [
            .. Scope, exportedAt.UtcDateTime, Checksum, outcome.Items, !outcome.StaleKept, outcome.Inserted, outcome.Updated, outcome.Deleted,
            outcome.Adopted, outcome.Rejected, (long)duration.TotalMilliseconds, Shown.Plain(header.Exporter), horizon, rows,
        ]);

    /// <summary>The entry of an export that wrote nothing.</summary>
    public Task<long> InsertRefusedAsync(SnapshotCounts read, TimeSpan duration, string refusal, CancellationToken cancel) => session.ExecuteAsync(
        ledger.InsertRefused,
        cancel,
        [
            .. Scope, header.ExportedAt.UtcDateTime, Checksum, read.Items, read.ShowsWhatIsStale, read.Rejected, (long)duration.TotalMilliseconds,
            Shown.Plain(header.Exporter), Shown.Cut(Shown.Plain(refusal), MaxRefusal),
        ]);

    /// <summary>The rows were found to be the snapshot of the header.</summary>
    /// <param name="compared">The horizon of the comparison and the rows; None = the rows were not compared with the whole snapshot.</param>
    public Task VerifyAsync(LedgerEntry entry, Option<(long Horizon, long Rows)> compared, CancellationToken cancel)
    {
        DeferVerify(entry, compared);
        return session.SendAsync(cancel);
    }

    /// <summary>The same with the next statements, or with the commit.</summary>
    public void DeferVerify(LedgerEntry entry, Option<(long Horizon, long Rows)> compared) => session.DeferWrite(
        ledger.Verify,
        [
            .. Scope, entry.ExportedAt.UtcDateTime, header.ExportedAt.UtcDateTime,
            compared.IsSome ? Checksum : Optional(NpgsqlDbType.Text, Option<string>.None),
            Optional(NpgsqlDbType.Bigint, compared.Map(it => it.Horizon)), Optional(NpgsqlDbType.Bigint, compared.Map(it => it.Rows)),
        ]);

    /// <summary>The outcome with the labels of other clusters that export too, where rows were adopted.</summary>
    public async Task<ExportOutcome> TakenFromAsync(ExportOutcome outcome, CancellationToken cancel) => outcome.Adopted == 0
        ? outcome
        : outcome with
        {
            TakenFrom = await session.QueryAsync(
                ledger.TakenFrom,
                row => new LiveCluster(row.GetString(0), row.GetInt64(1), new DateTimeOffset(row.GetDateTime(2))),
                cancel,
                [.. Scope, header.ExportedAt.UtcDateTime]),
        };

    /// <summary>Entries after <paramref name="time"/> bind no later snapshot: the inventory is gone.</summary>
    public Task<long> ForgetAfterAsync(DateTimeOffset time, CancellationToken cancel) =>
        session.ExecuteAsync(ledger.ForgetAfter, cancel, [.. Scope, time.UtcDateTime]);

    /// <summary>Deletes old entries of this scope and of the next one, which may have no exports any more.</summary>
    public async Task SweepAsync(LedgerSettings settings, CancellationToken cancel)
    {
        var next = await session.QueryAsync(
            ledger.NextScope, row => new object[] { row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3) }, cancel, Scope);
        foreach (var scope in Scope.Cons(next.Filter(it => !it.SequenceEqual(Scope))))
            await session.ExecuteAsync(ledger.Sweep, cancel, [.. scope, settings.Keep.TotalSeconds, SweptAtOnce]);
    }

    /// <summary>After an entry of a difference, with the next statements or with the commit: its number stays small, and old ones are deleted.</summary>
    /// <param name="before">The newest entry before that one.</param>
    public void DeferTidying(LedgerEntry before, LedgerSettings settings)
    {
        if (Ledger.RollsUp(before.ExportedAt, header.ExportedAt))
            session.DeferWrite(ledger.RollUp, [.. Scope, header.ExportedAt.UtcDateTime, Shown.Plain(header.Exporter)]);
        if (Ledger.Sweeps(before.ExportedAt, header.ExportedAt))
            session.DeferWrite(ledger.Sweep, [.. Scope, settings.Keep.TotalSeconds, SweptAtOnce]);
    }

    private static NpgsqlParameter Optional<T>(NpgsqlDbType type, Option<T> value) =>
        new() { NpgsqlDbType = type, Value = value.Match(it => (object)it!, () => DBNull.Value) };
}
