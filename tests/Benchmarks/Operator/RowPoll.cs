using System.Diagnostics;
using System.Runtime.InteropServices;
using Npgsql;
using NpgsqlTypes;

namespace Kollect.Benchmarks.Operator;

/// <summary>
/// Finds the moment from which another session sees a row: a prepared SELECT on a connection of its own, repeated with a pause of half a
/// millisecond, because two cores have more to do than to poll. A moment is that of the answer; <see cref="Gaps"/> is its resolution.
/// </summary>
internal sealed class RowPoll : IDisposable
{
    private const uint PauseMicroseconds = 500;

    private readonly NpgsqlConnection connection;
    private readonly NpgsqlCommand one;
    private readonly NpgsqlCommand many;
    private readonly NpgsqlCommand present;
    private readonly List<double> gaps = [];
    private long last;

    public RowPoll(NpgsqlConnection connection, string table)
    {
        this.connection = connection;
        const string Scope = "inventory_namespace = 'default' AND inventory_name = 'all'";

        // Few rows of many: through the index, whatever the planner assumes of a table without statistics.
        Run("SET enable_hashjoin = off; SET enable_mergejoin = off; SET enable_seqscan = off; SET enable_bitmapscan = off");
        one = Prepared(
            $"SELECT {Population.VersionOfPayload} = $3 FROM {table} WHERE {Scope} AND target_name = $1 AND source_uid = $2",
            NpgsqlDbType.Text,
            NpgsqlDbType.Text,
            NpgsqlDbType.Text);
        many = Prepared(
            $"SELECT count(*) FROM unnest($1, $2, $3) AS w (target, uid, version) JOIN {table} "
            + $"ON {Scope} AND target_name = w.target AND source_uid = w.uid AND {Population.VersionOfPayload} = w.version",
            NpgsqlDbType.Array | NpgsqlDbType.Text,
            NpgsqlDbType.Array | NpgsqlDbType.Text,
            NpgsqlDbType.Array | NpgsqlDbType.Text);
        present = Prepared(
            $"SELECT source_uid FROM unnest($1, $2) AS w (target, uid) JOIN {table} ON {Scope} AND target_name = w.target AND source_uid = w.uid",
            NpgsqlDbType.Array | NpgsqlDbType.Text,
            NpgsqlDbType.Array | NpgsqlDbType.Text);
    }

    /// <summary>Milliseconds between two looks, since the last <see cref="Begin"/>.</summary>
    public IReadOnlyList<double> Gaps => gaps;

    /// <summary>Begins a series of looks.</summary>
    public void Begin() => last = 0;

    /// <summary>Whether the row of an object shows its revision.</summary>
    public bool Shows(ClusterObject it)
    {
        one.Parameters[0].Value = it.Target;
        one.Parameters[1].Value = it.Uid;
        one.Parameters[2].Value = it.Version;
        var found = one.ExecuteScalar() is true;
        Looked();
        return found;
    }

    /// <summary>Whether the rows of all objects show their revision.</summary>
    public bool ShowsAll(IReadOnlyList<ClusterObject> objects)
    {
        many.Parameters[0].Value = objects.Select(it => it.Target).ToArray();
        many.Parameters[1].Value = objects.Select(it => it.Uid).ToArray();
        many.Parameters[2].Value = objects.Select(it => it.Version).ToArray();
        var found = (long)many.ExecuteScalar()! == objects.Count;
        Looked();
        return found;
    }

    /// <summary>The uids of those objects that have a row.</summary>
    public HashSet<string> Present(IReadOnlyList<ClusterObject> objects)
    {
        present.Parameters[0].Value = objects.Select(it => it.Target).ToArray();
        present.Parameters[1].Value = objects.Select(it => it.Uid).ToArray();
        using var reader = present.ExecuteReader();
        HashSet<string> found = [];
        while (reader.Read())
            found.Add(reader.GetString(0));
        Looked();
        return found;
    }

    /// <summary>The pause between two looks.</summary>
    public static void Pause() => _ = Sleep(PauseMicroseconds);

    public void Dispose()
    {
        one.Dispose();
        many.Dispose();
        present.Dispose();
    }

    private void Looked()
    {
        var now = Stopwatch.GetTimestamp();
        if (last != 0)
            gaps.Add(Stopwatch.GetElapsedTime(last, now).TotalMilliseconds);
        last = now;
    }

    private void Run(string sql)
    {
        using var command = new NpgsqlCommand(sql, connection);
        command.ExecuteNonQuery();
    }

    private NpgsqlCommand Prepared(string sql, params NpgsqlDbType[] types)
    {
        var command = new NpgsqlCommand(sql, connection);
        foreach (var type in types)
            command.Parameters.Add(new NpgsqlParameter { NpgsqlDbType = type });
        command.Prepare();
        return command;
    }

    /// <summary>usleep(3): the pauses of .NET are whole milliseconds.</summary>
    [DllImport("libc", EntryPoint = "usleep")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Sleep(uint microseconds);
}
