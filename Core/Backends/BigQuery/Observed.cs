using System.Globalization;
using System.Text.Json;

namespace Kollect.Core.Backends.BigQuery;

/// <summary>The state of the destination as the service reports it, read without changing anything.</summary>
/// <param name="DatasetLocation">None = there is no such dataset.</param>
/// <param name="Table">None = there is no such table.</param>
public sealed record Observed(Option<string> DatasetLocation, Option<ObservedTable> Table)
{
    /// <summary>What a new table inherits from the dataset.</summary>
    public DatasetDefaults Defaults { get; init; } = DatasetDefaults.None;

    /// <summary>Reads a Dataset resource; the table is not read yet.</summary>
    public static Observed OfDataset(string dataset)
    {
        using var json = JsonDocument.Parse(dataset);
        var root = json.RootElement;
        return new Observed(ObservedTable.Text(root, "location").IfNone(""), None)
        {
            Defaults = new DatasetDefaults(
                ObservedTable.Lifetime(root, "defaultPartitionExpirationMs"),
                ObservedTable.Lifetime(root, "defaultTableExpirationMs"),
                ObservedTable.Text(root, "defaultCollation").IfNone("")),
        };
    }
}

/// <summary>What a new table inherits from its dataset (Dataset resource).</summary>
/// <param name="PartitionLifetime">How long a partition is kept (<c>defaultPartitionExpirationMs</c>); None = for ever.</param>
/// <param name="TableLifetime">How long a table without partitions of limited life is kept (<c>defaultTableExpirationMs</c>); None = for ever.</param>
/// <param name="Collation">Of new STRING columns: <c>und:ci</c> compares ignoring case; empty = exactly.</param>
public sealed record DatasetDefaults(Option<TimeSpan> PartitionLifetime, Option<TimeSpan> TableLifetime, string Collation)
{
    /// <summary>A dataset without defaults.</summary>
    public static DatasetDefaults None { get; } = new(Option<TimeSpan>.None, Option<TimeSpan>.None, "");
}

/// <summary>A table, view or anything else of the wanted name (Table resource).</summary>
/// <param name="Type"><c>TABLE</c>, <c>VIEW</c>, <c>EXTERNAL</c>, …</param>
/// <param name="Columns">Top-level fields.</param>
/// <param name="PartitionedBy">None = not partitioned by a column.</param>
/// <param name="ClusteredBy">In their order; empty = not clustered.</param>
/// <param name="RequiresPartitionFilter">Queries without a condition on the partition are refused.</param>
/// <param name="CreatedMs">Milliseconds since 1970: distinguishes a table from an earlier one of the same name.</param>
/// <param name="Bytes">Size, without what is still in the streaming buffer.</param>
public sealed record ObservedTable(
    string Type,
    Seq<ObservedColumn> Columns,
    Option<string> PartitionedBy,
    Seq<string> ClusteredBy,
    bool RequiresPartitionFilter,
    long CreatedMs,
    long Bytes)
{
    /// <summary>How long a partition is kept after its day (<c>timePartitioning.expirationMs</c>); None = for ever.</summary>
    public Option<TimeSpan> PartitionLifetime { get; init; }

    /// <summary>When the whole table is deleted (<c>expirationTime</c>); None = never.</summary>
    public Option<DateTimeOffset> Expires { get; init; }

    /// <summary>Reads a Table resource; a missing field has the API's default.</summary>
    public static ObservedTable Read(string table)
    {
        using var json = JsonDocument.Parse(table);
        var root = json.RootElement;
        return new ObservedTable(
            Text(root, "type").IfNone("TABLE"),
            Items(root, "schema", "fields").Select(field => new ObservedColumn(
                Text(field, "name").IfNone(""),
                TypeName(Text(field, "type").IfNone("")),
                Text(field, "mode").IfNone("NULLABLE"),
                field.TryGetProperty("defaultValueExpression", out _))
            {
                MaxLength = Text(field, "maxLength"),
                Collation = Text(field, "collation").IfNone(""),
                HasPolicyTags = Items(field, "policyTags", "names").Any(),
            }).ToArray().ToSeq(),
            root.TryGetProperty("timePartitioning", out var partitioning) ? Text(partitioning, "field") : None,
            Items(root, "clustering", "fields").Select(name => name.GetString() ?? "").ToArray().ToSeq(),
            Flag(root, "requirePartitionFilter") || (root.TryGetProperty("timePartitioning", out var old) && Flag(old, "requirePartitionFilter")),
            Number(root, "creationTime"),
            Number(root, "numBytes"))
        {
            PartitionLifetime = root.TryGetProperty("timePartitioning", out var partitions) ? Lifetime(partitions, "expirationMs") : None,
            Expires = Number(root, "expirationTime") is var at and > 0 ? DateTimeOffset.FromUnixTimeMilliseconds(at) : None,
        };
    }

    // The API still calls some types by their names in legacy SQL.
    private static string TypeName(string type) => type switch
    {
        "INTEGER" => "INT64",
        "FLOAT" => "FLOAT64",
        "BOOLEAN" => "BOOL",
        "RECORD" => "STRUCT",
        _ => type,
    };

    /// <summary>Milliseconds, as a string of digits; 0 and absent = for ever.</summary>
    internal static Option<TimeSpan> Lifetime(JsonElement parent, string name) =>
        Number(parent, name) is var milliseconds and > 0 ? TimeSpan.FromMilliseconds(milliseconds) : None;

    internal static Option<string> Text(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : Option<string>.None;

    private static bool Flag(JsonElement parent, string name) => parent.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.True;

    private static long Number(JsonElement parent, string name) =>
        Text(parent, name).Bind(text => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? Some(number) : None).IfNone(0);

    private static IEnumerable<JsonElement> Items(JsonElement root, string name, string list) =>
        root.TryGetProperty(name, out var parent) && parent.TryGetProperty(list, out var items) && items.ValueKind == JsonValueKind.Array
            ? items.EnumerateArray()
            : [];
}

/// <summary>A column that exists.</summary>
/// <param name="Name">As it was created; BigQuery compares names ignoring case.</param>
/// <param name="Type">GoogleSQL.</param>
/// <param name="Mode"><c>REQUIRED</c>, <c>NULLABLE</c> or <c>REPEATED</c>.</param>
/// <param name="HasDefault">Has a default value.</param>
public sealed record ObservedColumn(string Name, string Type, string Mode, bool HasDefault)
{
    /// <summary>Longest text of a <c>STRING(n)</c>; None = no limit.</summary>
    public Option<string> MaxLength { get; init; }

    /// <summary><c>und:ci</c> compares ignoring case; empty = exactly.</summary>
    public string Collation { get; init; } = "";

    /// <summary>Column-level security: who lacks the right to a tag may not read the column, or reads it masked.</summary>
    public bool HasPolicyTags { get; init; }
}
