using System.Diagnostics;
using System.Runtime.InteropServices;
using Npgsql;
using NpgsqlTypes;

namespace Kollect.Benchmarks.Operator;

/// <summary>
/// Finds the moment from which another session sees a row: a prepared SELECT on a connection of its own, repeated with a pause: half a
/// millisecond, and at least a hundredth of the time so far, because two cores have more to do than to poll. A moment is that of the answer;
/// <see cref="Gaps"/> is its resolution.
/// </summary>
internal sealed class RowPoll : IDisposable
{
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(0.5);

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
        using (var index = new NpgsqlCommand("SET enable_seqscan = off; SET enable_bitmapscan = off", connection))
            index.ExecuteNonQuery();
        one = Prepared(
            $"SELECT {Population.VersionOfPayload} = $3 FROM {table} WHERE {Scope} AND target_name = $1 AND source_uid = $2",
            NpgsqlDbType.Text,
            NpgsqlDbType.Text,
            NpgsqlDbType.Text);

        // OFFSET 0 keeps the subquery as it is, one descent of the index for each object; the planner, without statistics, would join the whole table.
        many = Prepared(
            "SELECT count(*) FROM unnest($1, $2, $3) AS w (target, uid, version) CROSS JOIN LATERAL "
            + $"(SELECT payload FROM {table} WHERE {Scope} AND target_name = w.target AND source_uid = w.uid OFFSET 0) AS found "
            + $"WHERE {Population.VersionOfPayload} = w.version",
            NpgsqlDbType.Array | NpgsqlDbType.Text,
            NpgsqlDbType.Array | NpgsqlDbType.Text,
            NpgsqlDbType.Array | NpgsqlDbType.Text);
        present = Prepared(
            "SELECT uid FROM unnest($1, $2) AS w (target, uid) CROSS JOIN LATERAL "
            + $"(SELECT 1 FROM {table} WHERE {Scope} AND target_name = w.target AND source_uid = w.uid OFFSET 0) AS found",
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
    /// <param name="since">The timestamp of what is looked for.</param>
    public static void Pause(long since)
    {
        var pause = Stopwatch.GetElapsedTime(since) / 100;
        _ = Sleep((uint)(pause > ShortestPause ? pause : ShortestPause).TotalMicroseconds);
    }

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
