using Kollect.Core.Backends.Postgres;
using Npgsql;

namespace Kollect.Shell.Backends.Postgres;

/// <summary>Reads the facts that Core's plan needs; decides nothing.</summary>
internal static class Observe
{
    public static async Task<Observed> DestinationAsync(Session session, TableName table, CancellationToken cancel)
    {
        object[] name = [table.Schema, table.Name];
        var kinds = await session.QueryAsync(
            Catalog.Table, row => (Kind: row.GetString(0), CanDelete: row.GetBoolean(1), RowSecurity: row.GetBoolean(2)), cancel, name);
        var columns = await session.QueryAsync(Catalog.Columns, Column, cancel, name);
        var indexes = await session.QueryAsync(
            Catalog.UniqueIndexes,
            row => new ObservedIndex(row.GetString(0), row.GetFieldValue<string[]>(1).ToSeq(), row.GetBoolean(2)),
            cancel,
            name);
        var citus = await CitusAsync(session, name, cancel);
        return await session.QueryRowAsync(
            Catalog.Server,
            row => new Observed(
                ServerVersion: row.GetString(0),
                ReadOnly: row.GetBoolean(1),
                SchemaExists: row.GetBoolean(2),
                CanUseSchema: row.GetBoolean(3),
                CanCreateTable: row.GetBoolean(4),
                CanCreateTemp: row.GetBoolean(5),
                Table: kinds.HeadOrNone().Map(it => new ObservedTable(it.Kind, it.CanDelete, it.RowSecurity, columns, indexes)))
            { Citus = citus },
            cancel,
            table.Schema);
    }

    private static async Task<Option<Citus>> CitusAsync(Session session, object[] name, CancellationToken cancel)
    {
        if (!await session.QueryRowAsync(Catalog.HasCitus, row => row.GetBoolean(0), cancel))
            return None;
        return await session.QueryRowAsync(
            Catalog.Citus,
            row => new Citus(
                row.GetInt32(0),
                row.IsDBNull(1) ? None : new CitusTable(row.GetString(1), row.GetBoolean(2), row.IsDBNull(3) ? None : row.GetString(3))),
            cancel,
            name);
    }

    private static ObservedColumn Column(NpgsqlDataReader row) => new(
        Name: row.GetString(0),
        Type: row.GetString(1),
        NotNull: row.GetBoolean(2),
        HasDefault: row.GetBoolean(3),
        Generated: row.GetBoolean(4),
        CanSelect: row.GetBoolean(5),
        CanInsert: row.GetBoolean(6),
        CanUpdate: row.GetBoolean(7));
}
