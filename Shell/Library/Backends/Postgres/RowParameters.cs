using System.Diagnostics;
using Kollect.Core.Backends;
using Kollect.Core.Snapshots;
using Npgsql;
using NpgsqlTypes;

namespace Kollect.Shell.Backends.Postgres;

/// <summary>Values of columns as parameters of statements.</summary>
internal sealed class RowParameters(SnapshotHeader header)
{
    /// <summary>$1 inventory_namespace, $2 inventory_name, $3 cluster.</summary>
    public object[] OfScope { get; } = [.. Columns.OfExport.Filter(column => column is Column.OfScope).Map(column => Value(column, header))];

    /// <summary>$1 to $3, and $4 exported_at.</summary>
    public object[] OfExport { get; } = [.. Columns.OfExport.Map(column => Value(column, header))];

    /// <summary>One array for each column of an item.</summary>
    public static IEnumerable<object> Arrays(IReadOnlyCollection<Row> rows) => Columns.OfItem.AsEnumerable().Select(column => Array(column, rows));

    /// <summary>One array for each column of an item that is part of the identity.</summary>
    public static IEnumerable<object> Identities(IReadOnlyCollection<Row> rows) =>
        Columns.OfItem.AsEnumerable().Where(column => column.Role == ColumnRole.Identity).Select(column => Array(column, rows));

    private static object Value(Column column, SnapshotHeader header) => column switch
    {
        Column.OfScope it => it.Read(header.Scope),
        Column.Time => header.ExportedAt.UtcDateTime,
        _ => throw new UnreachableException(),
    };

    private static object Array(Column column, IReadOnlyCollection<Row> rows) => column switch
    {
        Column.OfItem it => rows.Select(it.Read).ToArray(),
        Column.Payload => new NpgsqlParameter { Value = rows.Select(row => row.Payload).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Jsonb },
        _ => throw new UnreachableException(),
    };
}
