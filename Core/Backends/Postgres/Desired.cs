using Kollect.Core.Sinks;

namespace Kollect.Core.Backends.Postgres;

/// <summary>A column as the sink wants it.</summary>
/// <param name="Name">A plain lower-case word, never quoted.</param>
/// <param name="Type">As <c>format_type</c> prints it.</param>
/// <param name="Default">SQL literal; None = no default.</param>
public sealed record Column(string Name, string Type, Option<string> Default);

/// <summary>The table that a PostgreSQL sink writes into.</summary>
/// <param name="Table">Where.</param>
/// <param name="Mode">May it be created?</param>
public sealed record Desired(TableName Table, ProvisioningMode Mode)
{
    /// <summary>All columns in the order of the table; every one is NOT NULL.</summary>
    public static Seq<Column> Columns { get; } = Seq(
        new Column("inventory_namespace", "text", None),
        new Column("inventory_name", "text", None),
        new Column("target_name", "text", None),
        new Column("source_uid", "text", None),
        new Column("cluster", "text", "''"),
        new Column("resource_namespace", "text", "''"),
        new Column("payload", "jsonb", None),
        new Column("exported_at", "timestamp with time zone", None));

    /// <summary>The columns that make a row unique: one item of one target of one inventory.</summary>
    public static Seq<string> Identity { get; } = Seq("inventory_namespace", "inventory_name", "target_name", "source_uid");
}
