using Kollect.Core.Backends.Postgres;
using Kollect.Core.Backends.Postgres.Views;
using Npgsql;

namespace Kollect.Shell.Backends.Postgres;

/// <summary>Reads the facts that Core's plan needs; decides nothing.</summary>
internal static class Observe
{
    public static async Task<Observed> DestinationAsync(Session session, Desired desired, CancellationToken cancel)
    {
        var table = desired.Table;
        object[] name = [table.Schema, table.Name];
        var engine = await session.QueryRowAsync(Catalog.Engine, row => new ServerEngine(row.GetString(0), row.GetInt32(1)), cancel);
        if (engine.Objection.IsSome)
            return Observed.Only(engine);
        var found = await TableAsync(session, table, cancel);
        var constraints = await session.QueryAsync(
            Catalog.Constraints,
            row => new ObservedConstraint(row.GetString(0), row.GetString(1), new TableName(row.GetString(2), row.GetString(3)), row.GetString(4)),
            cancel,
            name);
        var interceptors = await InterceptorsAsync(session, table, cancel);
        var citus = await CitusAsync(session, name, cancel);
        var ledger = desired.KeepsLedger ? await TableAsync(session, desired.Ledger.At, cancel) : None;
        var freshness = desired.KeepsLedger ? await FreshnessAsync(session, desired.Freshness.At, cancel) : None;
        var (history, timeline) = await HistoryAsync(session, desired, cancel);
        return await session.QueryRowAsync(
            Catalog.Server,
            row => new Observed(
                Engine: engine,
                ServerVersion: row.GetString(0),
                IsStandby: row.GetBoolean(1),
                ReadOnly: row.GetBoolean(2),
                Encoding: row.GetString(3),
                SchemaExists: row.GetBoolean(4),
                CanUseSchema: row.GetBoolean(5),
                CanCreateTable: row.GetBoolean(6),
                CanCreateTemp: row.GetBoolean(7),
                Table: found.Map(it => it with { Constraints = constraints, Interceptors = interceptors }))
            { Citus = citus, Ledger = ledger, Freshness = freshness, History = history, Timeline = timeline },
            cancel,
            table.Schema);
    }

    private static async Task<(Option<ObservedTable> History, Option<string> Timeline)> HistoryAsync(Session session, Desired desired, CancellationToken cancel)
    {
        foreach (var it in desired.History)
        {
            var views = await session.QueryAsync(Catalog.Table, row => row.GetString(0), cancel, it.Timeline.Schema, it.Timeline.Name);
            return (await TableAsync(session, it.At, cancel), views.HeadOrNone());
        }

        return (None, None);
    }

    /// <summary>Without constraints and interceptors; None = there is no relation of that name.</summary>
    private static async Task<Option<ObservedTable>> TableAsync(Session session, TableName table, CancellationToken cancel)
    {
        object[] name = [table.Schema, table.Name];
        // The table first: another exporter may create it now, and a table that is found has all that is read after it.
        var found = await session.QueryAsync(Catalog.Table, Table, cancel, name);
        if (found.IsEmpty)
            return None;
        var columns = await session.QueryAsync(Catalog.Columns, Column, cancel, name);
        var indexes = await session.QueryAsync(
            Catalog.UniqueIndexes,
            row => new ObservedIndex(row.GetString(0), Texts(row, 1), row.GetBoolean(2), row.GetBoolean(3)),
            cancel,
            name);
        return found.Head with { Columns = columns, UniqueIndexes = indexes };
    }

    /// <summary>The relation of a view's name; None = there is none.</summary>
    public static async Task<Option<ObservedView>> ViewAsync(Session session, TableName view, CancellationToken cancel) =>
        (await session.QueryAsync(
            ObservedView.Query,
            row => new ObservedView(
                row.GetString(0),
                row.GetBoolean(1),
                row.GetString(2),
                Texts(row, 3).Zip(Texts(row, 4)).Strict(),
                Texts(row, 5),
                Texts(row, 6).Zip(Texts(row, 7)).Map(it => new ViewGrant(it.Item1, it.Item2)).Strict()),
            cancel,
            view.Schema,
            view.Name)).HeadOrNone();

    private static async Task<Option<ObservedFreshness>> FreshnessAsync(Session session, TableName view, CancellationToken cancel) =>
        (await session.QueryAsync(Catalog.View, row => new ObservedFreshness(row.GetString(0), Texts(row, 1)), cancel, view.Schema, view.Name)).HeadOrNone();

    /// <summary>Triggers, rules and child tables.</summary>
    public static Task<Seq<Interceptor>> InterceptorsAsync(Session session, TableName table, CancellationToken cancel) =>
        session.QueryAsync(Catalog.Interceptors, Interceptor, cancel, table.Schema, table.Name);

    private static Interceptor Interceptor(NpgsqlDataReader row)
    {
        var of = new TableName(row.GetString(1), row.GetString(2));
        return row.GetString(0) switch
        {
            "trigger" => new Interceptor.Trigger(of, row.GetString(3), PerRow: row.GetBoolean(4), Before: row.GetBoolean(5), Fires: row.GetBoolean(6)),
            "rule" => new Interceptor.Rule(of, row.GetString(3), Fires: row.GetBoolean(6)),
            _ => new Interceptor.Child(of),
        };
    }

    /// <summary>The table without its columns, and what is read after them.</summary>
    private static ObservedTable Table(NpgsqlDataReader row) =>
        new(
            Kind: row.GetString(0),
            CanDelete: row.GetBoolean(1),
            RowSecurity: row.GetBoolean(2),
            IsOwner: row.GetBoolean(3),
            IsUnlogged: row.GetBoolean(4),
            PartitionOf: row.IsDBNull(6) ? None : new TableName(row.GetString(5), row.GetString(6)),
            Partitioning: row.IsDBNull(7) ? None : new Partitioning(row.GetString(7), Texts(row, 8), row.GetInt64(9)),
            LacksReplicaIdentity: row.GetBoolean(10),
            Columns: Empty,
            UniqueIndexes: Empty,
            Constraints: Empty,
            Interceptors: Empty);

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
        BuiltIn: row.GetString(2),
        Modifier: row.GetInt32(3),
        IsDeterministic: row.GetBoolean(4),
        NotNull: row.GetBoolean(5),
        HasDefault: row.GetBoolean(6),
        Generated: row.GetBoolean(7),
        CanSelect: row.GetBoolean(8),
        CanInsert: row.GetBoolean(9),
        CanUpdate: row.GetBoolean(10));

    private static Seq<string> Texts(NpgsqlDataReader row, int column) => row.GetFieldValue<string[]>(column).ToSeq();
}
