using System.Diagnostics;
using System.Globalization;
using Kollect.Core.Failures;
using Kollect.Core.Secrets;
using Kollect.Core.Snapshots;

namespace Kollect.Core.Backends.Postgres;

/// <summary>The lock that an export waited for.</summary>
internal enum AwaitedLock
{
    /// <summary>A row, or the table: any statement that reads or writes may wait for it.</summary>
    RowOrTable,

    /// <summary>The advisory lock of the scope.</summary>
    Scope,

    /// <summary>The advisory lock of the inventory, which an export needs to adopt rows of another cluster label, or while another one adopts.</summary>
    Inventory,
}

/// <summary>Another session that holds a lock of the same name, or of the table.</summary>
/// <param name="Pid">Process id of its backend.</param>
/// <param name="ApplicationName">As the session names itself; empty = it does not.</param>
/// <param name="Since">The age of its transaction; None = the role may not see it.</param>
internal sealed record LockHolder(int Pid, string ApplicationName, Option<TimeSpan> Since);

/// <summary>A wait for a lock that took too long, and who holds it.</summary>
internal static class LockWaits
{
    /// <summary>SQLSTATE lock_not_available: the server cancelled a statement by <c>lock_timeout</c>.</summary>
    public const string Code = "55P03";

    /// <summary>
    /// Sessions with an advisory lock. Columns: pid, application_name, seconds (null = not visible to the role). Parameter $1: the lock's name. The key of 64
    /// bits stands in two columns of 32 (PostgreSQL manual, pg_locks).
    /// </summary>
    public const string AdvisoryHolders =
        """
        SELECT a.pid, a.application_name, extract(epoch FROM now() - a.xact_start)::float8 AS seconds
        FROM pg_locks l
             JOIN pg_stat_activity a ON a.pid = l.pid
        WHERE l.locktype = 'advisory' AND l.granted AND l.pid <> pg_backend_pid()
          AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
          AND (l.classid::bigint << 32 | l.objid::bigint) = hashtextextended($1, 0) AND l.objsubid = 1
        ORDER BY a.xact_start
        LIMIT 3
        """;

    /// <summary>
    /// Sessions that locked the table or rows of it. Which rows, the server does not tell; the oldest comes first. Columns as in
    /// <see cref="AdvisoryHolders"/>. Parameters: $1 schema, $2 table.
    /// </summary>
    public const string TableHolders =
        """
        SELECT a.pid, a.application_name, extract(epoch FROM now() - a.xact_start)::float8 AS seconds
        FROM pg_locks l
             JOIN pg_stat_activity a ON a.pid = l.pid
        WHERE l.locktype = 'relation' AND l.granted AND l.mode <> 'AccessShareLock' AND l.pid <> pg_backend_pid()
          AND l.relation = (SELECT c.oid
                            FROM pg_class c
                                 JOIN pg_namespace n ON n.oid = c.relnamespace
                            WHERE n.nspname = $1 AND c.relname = $2)
        ORDER BY a.xact_start
        LIMIT 3
        """;

    /// <summary>The milliseconds for <see cref="ExportStatements.LimitLockWaits"/>; None = the sink or its Secret says how long to wait.</summary>
    public static Option<string> Limit(PostgresSink sink, HashMap<string, SecretText> connection) =>
        sink.Settings.Options.ContainsKey("lock_timeout") || connection.ContainsKey("lock_timeout")
            ? None
            : Waits.Locks.TotalMilliseconds.ToString(CultureInfo.InvariantCulture);

    /// <summary>The failure: which lock, how long, who holds it, and what to do.</summary>
    /// <param name="waited">The time for which the statement ran.</param>
    /// <param name="holders">Seen after the wait; empty = none of them holds it any more.</param>
    public static Failure Explain(AwaitedLock awaited, TableName table, Scope scope, TimeSpan waited, Seq<LockHolder> holders) => new Failure.TryLater(
        FailureLine.Of(
            Stage.Export,
            string.Create(
                CultureInfo.InvariantCulture,
                $"waited {Math.Max(0.1, waited.TotalSeconds):0.#} s for {Name(awaited, table, scope)}; {Held(awaited, holders)} ({Code})"),
            "nothing was written, and it is tried again; "
            + (holders.IsEmpty ? "if it lasts, " : "end that transaction (pg_terminate_backend(pid)), or ") + "raise options.lock_timeout"),
        Waits.Later);

    private static string Name(AwaitedLock awaited, TableName table, Scope scope) => awaited switch
    {
        AwaitedLock.RowOrTable => $"a lock on {table} or on rows of it",
        AwaitedLock.Scope => $"the export of {scope.InventoryNamespace}/{scope.InventoryName} of cluster \"{scope.Cluster}\" into {table} by another exporter",
        AwaitedLock.Inventory =>
            $"exports of {scope.InventoryNamespace}/{scope.InventoryName} under other cluster labels into {table}, because rows change their label",
        _ => throw new UnreachableException(),
    };

    private static string Held(AwaitedLock awaited, Seq<LockHolder> holders) => holders.IsEmpty
        ? "nobody holds it any more"
        : (awaited == AwaitedLock.RowOrTable ? "transactions that hold locks there, the oldest first: " : "held by ")
            + string.Join(", ", holders.Map(Show));

    // pid 4711 (psql, for 45 s)
    private static string Show(LockHolder holder)
    {
        var since = holder.Since.Map(age => string.Create(CultureInfo.InvariantCulture, $"for {age.TotalSeconds:0} s"));
        var known = string.Join(", ", Join(holder.ApplicationName.Length > 0 ? Seq1(holder.ApplicationName) : Empty, since.ToSeq()));
        return string.Create(CultureInfo.InvariantCulture, $"pid {holder.Pid}") + (known.Length > 0 ? $" ({known})" : "");
    }
}
