using Kollect.Core.Backends;
using Kollect.Core.Backends.Postgres;
using Kollect.Core.Secrets;
using Kollect.Core.Sinks;
using Kollect.Core.Snapshots;
using Kollect.Models.V1Alpha1;

namespace Kollect.Core.Tests.Backends.Postgres;

/// <summary>The sink, observed facts and snapshot header on which the PostgreSQL tests are based.</summary>
internal static class Examples
{
    public static readonly TableName Table = new("public", "inventory_items");

    public static PostgresSink Sink(
        KollectDatabaseSinkMode mode = KollectDatabaseSinkMode.Ensure, bool skipUnchanged = false, params (string, string)[] options) =>
        new(
            new SinkSettings(
                "default", "inventory-postgres", mode, None, toHashMap(options), skipUnchanged, None, true, "kind-kollect-dev",
                new TlsSettings(None, None, false), None),
            new SecretRef("kollect-system", "inventory-postgres-dsn"),
            Table.Schema,
            Table.Name);

    public static Desired Desired(KollectDatabaseSinkMode mode = KollectDatabaseSinkMode.Ensure) => new(Table, mode);

    /// <summary>A server with a complete table.</summary>
    public static Observed Ready { get; } = new(
        new ServerEngine("PostgreSQL 15.18 on x86_64-pc-linux-gnu, compiled by gcc", 150_018),
        "15.18",
        IsStandby: false,
        ReadOnly: false,
        Encoding: "UTF8",
        SchemaExists: true,
        CanUseSchema: true,
        CanCreateTable: true,
        CanCreateTemp: true,
        Some(CompleteTable()));

    /// <summary>The ledger as provisioning creates it.</summary>
    public static ObservedTable Ledger { get; } = CompleteTable() with
    {
        Columns = Core.Backends.Postgres.Ledger.Columns.Map(it => Column(it.Name, it.CatalogName, it.Type) with { NotNull = it.IsRequired }),
        UniqueIndexes = Seq1(new ObservedIndex("kollect_exports_pkey", Core.Backends.Postgres.Ledger.Key, Usable: true, IsDeterministic: true)),
    };

    /// <summary>The view over it as provisioning creates it.</summary>
    public static ObservedFreshness Freshness { get; } = new("v", Core.Backends.Postgres.Freshness.Columns);

    public static Observed WithTable(Func<ObservedTable, ObservedTable> change) => Ready with { Table = Ready.Table.Map(change) };

    public static SnapshotHeader Header { get; } = new(
        new Scope("platform", "all", "kind-kollect-dev"), new DateTimeOffset(2026, 11, 23, 8, 30, 0, TimeSpan.Zero), None);

    /// <summary>A trigger on the table.</summary>
    public static Interceptor.Trigger Trigger(bool before = true, bool perRow = true, bool fires = true) => new(Table, "audit", perRow, before, fires);

    private static ObservedTable CompleteTable() => new(
        "r",
        CanDelete: true,
        RowSecurity: false,
        IsOwner: true,
        IsUnlogged: false,
        PartitionOf: None,
        Partitioning: None,
        LacksReplicaIdentity: false,
        Columns.All.Map(column => Column(column.Name, column.PostgresCatalogName, column.PostgresType) with { HasDefault = column.Default.IsSome }),
        Seq1(new ObservedIndex("inventory_items_pkey", Columns.Identity, Usable: true, IsDeterministic: true)),
        Constraints: Empty,
        Interceptors: Empty);

    /// <summary>A NOT NULL column of a built-in type, with all privileges.</summary>
    public static ObservedColumn Column(string name, string builtIn, string? type = null) => new(
        name, type ?? builtIn, builtIn, Modifier: -1, IsDeterministic: true, NotNull: true, HasDefault: false, Generated: false, true, true, true);
}
