using System.Diagnostics;
using Kollect.Core.Backends;
using Kollect.Core.Snapshots;
using Npgsql;
using NpgsqlTypes;

namespace Kollect.Shell.Backends.Postgres;

/// <summary>Writes rows into a binary COPY, column by column. The writer of each column is chosen once for an export, not for each row.</summary>
/// <param name="columns">Columns of the COPY in its order.</param>
/// <param name="header">Values that all rows share.</param>
internal sealed class RowWriter(Seq<Column> columns, SnapshotHeader header)
{
    private readonly Func<NpgsqlBinaryImporter, Row, CancellationToken, Task>[] writes = [.. columns.AsEnumerable().Select(column => Write(column, header))];

    /// <summary>Writes the columns after <c>StartRowAsync</c>. The payload of a kept row is NULL.</summary>
    public async ValueTask WriteAsync(NpgsqlBinaryImporter to, Row row, CancellationToken cancel)
    {
        foreach (var write in writes)
            await write(to, row, cancel);
    }

    private static Func<NpgsqlBinaryImporter, Row, CancellationToken, Task> Write(Column column, SnapshotHeader header)
    {
        switch (column)
        {
            case Column.OfScope it:
                var text = it.Read(header.Scope);
                return (to, _, cancel) => to.WriteAsync(text, NpgsqlDbType.Text, cancel);
            case Column.OfItem { Read: var read }:
                return (to, row, cancel) => to.WriteAsync(read(row), NpgsqlDbType.Text, cancel);
            case Column.Payload:
                return (to, row, cancel) => row.IsKept ? to.WriteNullAsync(cancel) : to.WriteAsync(row.Payload, NpgsqlDbType.Jsonb, cancel);
            case Column.Time:
                var time = header.ExportedAt.UtcDateTime;
                return (to, _, cancel) => to.WriteAsync(time, NpgsqlDbType.TimestampTz, cancel);
            default:
                throw new UnreachableException();
        }
    }
}
