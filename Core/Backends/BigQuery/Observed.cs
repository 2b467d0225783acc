using System.Globalization;
using System.Text.Json;

namespace Kollect.Core.Backends.BigQuery;

/// <summary>The state of the destination as the service reports it, read without changing anything.</summary>
/// <param name="DatasetLocation">None = there is no such dataset.</param>
/// <param name="Table">None = there is no such table.</param>
public sealed record Observed(Option<string> DatasetLocation, Option<ObservedTable> Table)
{
    /// <summary>The <c>location</c> of a Dataset resource.</summary>
    public static string LocationOf(string dataset)
    {
        using var json = JsonDocument.Parse(dataset);
        return json.RootElement.TryGetProperty("location", out var location) ? location.GetString() ?? "" : "";
    }
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
                field.TryGetProperty("defaultValueExpression", out _))).ToArray().ToSeq(),
            root.TryGetProperty("timePartitioning", out var partitioning) ? Text(partitioning, "field") : None,
            Items(root, "clustering", "fields").Select(name => name.GetString() ?? "").ToArray().ToSeq(),
            Flag(root, "requirePartitionFilter") || (root.TryGetProperty("timePartitioning", out var old) && Flag(old, "requirePartitionFilter")),
            Number(root, "creationTime"),
            Number(root, "numBytes"));
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

    private static Option<string> Text(JsonElement parent, string name) =>
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
public sealed record ObservedColumn(string Name, string Type, string Mode, bool HasDefault);
