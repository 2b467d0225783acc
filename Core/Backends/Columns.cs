using Kollect.Core.Snapshots;

namespace Kollect.Core.Backends;

/// <summary>Role of a column in a row.</summary>
internal enum ColumnRole
{
    /// <summary>Part of the unique key: one item of one target of one inventory.</summary>
    Identity,

    /// <summary>Compared by <c>skip_unchanged</c>: a row is rewritten when one of these columns differs.</summary>
    Content,

    /// <summary>Time of the snapshot that wrote the row.</summary>
    Time,
}

/// <summary>A column of the destination, NOT NULL in every backend. Closed: each case is one source of values.</summary>
internal abstract record Column
{
    private Column(string name, ColumnRole role, string postgresType, string bigQueryType, string? postgresCatalogName = null) =>
        (Name, Role, PostgresType, BigQueryType, PostgresCatalogName) = (name, role, postgresType, bigQueryType, postgresCatalogName ?? postgresType);

    /// <summary>Name of the column, and of the field in MongoDB: a lower-case word that needs no quotes.</summary>
    public string Name { get; }

    /// <summary>Name in BigQuery's array parameter, which repeats it with each row.</summary>
    public virtual string ShortName => Name;

    /// <summary>Role in the row.</summary>
    public ColumnRole Role { get; }

    /// <summary>Where its values come from, one sentence.</summary>
    public required string Meaning { get; init; }

    /// <summary>Type in PostgreSQL, as <c>format_type</c> prints it.</summary>
    public string PostgresType { get; }

    /// <summary>The same type as <c>pg_type.typname</c> names it.</summary>
    public string PostgresCatalogName { get; }

    /// <summary>Type in BigQuery, as both GoogleSQL and the API write it.</summary>
    public string BigQueryType { get; }

    /// <summary>Default in PostgreSQL as an SQL literal; None = no default. Exports always write a value.</summary>
    public Option<string> Default { get; init; }

    /// <summary>True when the value differs from row to row; false when all rows of an export share it.</summary>
    public bool IsOfItem => this is OfItem or Payload;

    /// <summary>A text from the scope of the snapshot.</summary>
    public sealed record OfScope(string Name, ColumnRole Role, Func<Scope, string> Read) : Column(Name, Role, "text", "STRING");

    /// <summary>A text from the item.</summary>
    public sealed record OfItem(string Name, string Short, ColumnRole Role, Func<Row, string> Read) : Column(Name, Role, "text", "STRING")
    {
        /// <inheritdoc/>
        public override string ShortName => Short;
    }

    /// <summary>The whole item: JSON, in MongoDB a document.</summary>
    public sealed record Payload(string Name) : Column(Name, ColumnRole.Content, "jsonb", "JSON");

    /// <summary><see cref="SnapshotHeader.ExportedAt"/>.</summary>
    public sealed record Time(string Name) : Column(Name, ColumnRole.Time, "timestamp with time zone", "TIMESTAMP", "timestamptz");
}

/// <summary>
/// The columns of every destination. DDL, statements, COPY, requests, documents and the checks of an existing table derive from this list.
/// </summary>
internal static class Columns
{
    /// <summary>All columns in the order of the table.</summary>
    public static Seq<Column> All { get; } = Seq<Column>(
        new Column.OfScope("inventory_namespace", ColumnRole.Identity, scope => scope.InventoryNamespace)
        {
            Meaning = "The namespace of the inventory; _cluster for a KollectClusterInventory.",
        },
        new Column.OfScope("inventory_name", ColumnRole.Identity, scope => scope.InventoryName) { Meaning = "The name of the inventory." },
        new Column.OfItem("target_name", "target", ColumnRole.Identity, row => row.TargetName)
        {
            Meaning = "The name of the target that selected the object; kollect export takes --target, or the kind in lower case with an s.",
        },
        new Column.OfItem("source_uid", "uid", ColumnRole.Identity, row => row.SourceUid)
        {
            Meaning = "The uid of the object (metadata.uid): an object that is deleted and created again is another row.",
        },
        new Column.OfScope("cluster", ColumnRole.Content, scope => scope.Cluster)
        {
            Default = "''",
            Meaning = "The label of the cluster, spec.cluster of the sink: no export deletes rows of another label.",
        },
        new Column.OfItem("resource_namespace", "namespace", ColumnRole.Content, row => row.ResourceNamespace)
        {
            Default = "''",
            Meaning = "The namespace of the object; that of the inventory for an object without one.",
        },
        new Column.Payload("payload")
        {
            Meaning = "The whole item: namespace, name, group, version, kind, uid, and the attributes of the profile under attributes.",
        },
        new Column.Time("exported_at")
        {
            Meaning = "The time of the snapshot that wrote the row, in UTC with milliseconds; an equal row keeps an older time (skip_unchanged).",
        });

    /// <summary>Names of the columns of the unique key. The inventory comes first, so that queries over one inventory use its index.</summary>
    public static Seq<string> Identity { get; } = Names(All.Filter(column => column.Role == ColumnRole.Identity));

    /// <summary>Columns that <c>skip_unchanged</c> compares.</summary>
    public static Seq<Column> Content { get; } = All.Filter(column => column.Role == ColumnRole.Content).Strict();

    /// <summary>Columns whose values come from the item.</summary>
    public static Seq<Column> OfItem { get; } = All.Filter(column => column.IsOfItem).Strict();

    /// <summary>Columns that all rows of an export share: those of the scope, then the time.</summary>
    public static Seq<Column> OfExport { get; } = Join(
        All.Filter(column => column is Column.OfScope), All.Filter(column => column is Column.Time));

    /// <summary>True when a column of this name is in the list.</summary>
    public static bool Exists(string name) => All.Exists(column => column.Name == name);

    /// <summary>Names of columns for SQL: <c>target_name, source_uid</c>.</summary>
    public static string List(Seq<Column> columns) => string.Join(", ", Names(columns));

    private static Seq<string> Names(Seq<Column> columns) => columns.Map(column => column.Name).Strict();
}
