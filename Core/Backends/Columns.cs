using Kollect.Core.Snapshots;

namespace Kollect.Core.Backends;

/// <summary>What a column is for.</summary>
public enum ColumnRole
{
    /// <summary>Part of what makes a row unique: one item of one target of one inventory.</summary>
    Identity,

    /// <summary>With <c>skip_unchanged</c> a row is rewritten only where one of these differs.</summary>
    Content,

    /// <summary>The time of the snapshot that wrote the row.</summary>
    Time,
}

/// <summary>A column of every destination, never NULL there. Closed: the case says where its value comes from.</summary>
public abstract record Column
{
    private Column(string name, ColumnRole role, string postgresType, string bigQueryType) =>
        (Name, Role, PostgresType, BigQueryType) = (name, role, postgresType, bigQueryType);

    /// <summary>A plain lower-case word, never quoted; the name of the field in MongoDB.</summary>
    public string Name { get; }

    /// <summary>The name in a request that repeats it with each row.</summary>
    public virtual string ShortName => Name;

    /// <summary>What it is for.</summary>
    public ColumnRole Role { get; }

    /// <summary>As <c>format_type</c> prints it.</summary>
    public string PostgresType { get; }

    /// <summary>As both GoogleSQL and the API write it.</summary>
    public string BigQueryType { get; }

    /// <summary>SQL literal for rows that others insert into PostgreSQL; None = no default.</summary>
    public Option<string> Default { get; init; }

    /// <summary>Of one row; the others are equal for all rows of an export.</summary>
    public bool IsOfItem => this is OfItem or Payload;

    /// <summary>A text of the scope.</summary>
    public sealed record OfScope(string Name, ColumnRole Role, Func<Scope, string> Read) : Column(Name, Role, "text", "STRING");

    /// <summary>A text of the item.</summary>
    public sealed record OfItem(string Name, string Short, ColumnRole Role, Func<Row, string> Read) : Column(Name, Role, "text", "STRING")
    {
        /// <inheritdoc/>
        public override string ShortName => Short;
    }

    /// <summary>The whole item as JSON, a document in MongoDB.</summary>
    public sealed record Payload(string Name) : Column(Name, ColumnRole.Content, "jsonb", "JSON");

    /// <summary><see cref="SnapshotHeader.ExportedAt"/>.</summary>
    public sealed record Time(string Name) : Column(Name, ColumnRole.Time, "timestamp with time zone", "TIMESTAMP");
}

/// <summary>The one list of columns: tables, statements, requests, documents and the comparison with what is there all read it.</summary>
public static class Columns
{
    /// <summary>In the order of the table.</summary>
    public static Seq<Column> All { get; } = Seq<Column>(
        new Column.OfScope("inventory_namespace", ColumnRole.Identity, scope => scope.InventoryNamespace),
        new Column.OfScope("inventory_name", ColumnRole.Identity, scope => scope.InventoryName),
        new Column.OfItem("target_name", "target", ColumnRole.Identity, row => row.TargetName),
        new Column.OfItem("source_uid", "uid", ColumnRole.Identity, row => row.SourceUid),
        new Column.OfScope("cluster", ColumnRole.Content, scope => scope.Cluster) { Default = "''" },
        new Column.OfItem("resource_namespace", "namespace", ColumnRole.Content, row => row.ResourceNamespace) { Default = "''" },
        new Column.Payload("payload"),
        new Column.Time("exported_at"));

    /// <summary>The names of those that make a row unique.</summary>
    public static Seq<string> Identity { get; } = Names(All.Filter(column => column.Role == ColumnRole.Identity));

    /// <summary>Those that are compared with <c>skip_unchanged</c>.</summary>
    public static Seq<Column> Content { get; } = All.Filter(column => column.Role == ColumnRole.Content).Strict();

    /// <summary>Those that differ from row to row.</summary>
    public static Seq<Column> OfItem { get; } = All.Filter(column => column.IsOfItem).Strict();

    /// <summary>Those that are equal for all rows of an export: the scope's, then the snapshot's.</summary>
    public static Seq<Column> OfExport { get; } = Join(
        All.Filter(column => column is Column.OfScope), All.Filter(column => column is Column.Time));

    /// <summary>Is it one of ours?</summary>
    public static bool Exists(string name) => All.Exists(column => column.Name == name);

    /// <summary><c>target_name, source_uid</c></summary>
    public static string List(Seq<Column> columns) => string.Join(", ", Names(columns));

    private static Seq<string> Names(Seq<Column> columns) => columns.Map(column => column.Name).Strict();
}
