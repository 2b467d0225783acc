using Kollect.Core.Backends;
using Kollect.Core.Backends.Postgres;
using Kollect.Core.Secrets;
using Kollect.Core.Sinks;
using Kollect.Core.Snapshots;

namespace Kollect.Core.Tests.Backends.Postgres;

/// <summary>The sink, observed facts and snapshot header on which the PostgreSQL tests are based.</summary>
internal static class Examples
{
    public static readonly TableName Table = new("public", "inventory_items");

    public static PostgresSink Sink(
        ProvisioningMode mode = ProvisioningMode.Ensure, bool skipUnchanged = false, params (string, string)[] options) =>
        new(
            new SinkSettings(
                "default", "inventory-postgres", mode, None, toHashMap(options), skipUnchanged, None, true, "kind-kollect-dev",
                new TlsSettings(None, None, false), None),
            new SecretRef("kollect-system", "inventory-postgres-dsn"),
            Table.Schema,
            Table.Name);

    public static Desired Desired(ProvisioningMode mode = ProvisioningMode.Ensure) => new(Table, mode);

    /// <summary>A server with a complete table.</summary>
    public static Observed Ready { get; } = new(
        "15.18", ReadOnly: false, SchemaExists: true, CanUseSchema: true, CanCreateTable: true, CanCreateTemp: true, Some(CompleteTable()));

    public static Observed WithTable(Func<ObservedTable, ObservedTable> change) => Ready with { Table = Ready.Table.Map(change) };

    public static SnapshotHeader Header { get; } = new(
        new Scope("platform", "all", "kind-kollect-dev"), new DateTimeOffset(2026, 11, 23, 8, 30, 0, TimeSpan.Zero), None);

    private static ObservedTable CompleteTable() => new(
        "r",
        CanDelete: true,
        RowSecurity: false,
        Columns.All.Map(column =>
            new ObservedColumn(column.Name, column.PostgresType, true, column.Default.IsSome, false, true, true, true)),
        Seq1(new ObservedIndex("inventory_items_pkey", Columns.Identity, true)));
}
