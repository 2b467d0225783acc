using Kollect.Core.Failures;
using Kollect.Core.Formatting;

namespace Kollect.Core.Backends.BigQuery;

/// <summary>The state of the destination as the service reports it, read without changing anything.</summary>
/// <param name="DatasetLocation">None = there is no such dataset.</param>
/// <param name="Table">None = there is no such table.</param>
internal sealed record Observed(Option<string> DatasetLocation, Option<ObservedTable> Table)
{
    /// <summary>What a new table inherits from the dataset.</summary>
    public DatasetDefaults Defaults { get; init; } = DatasetDefaults.None;

    /// <summary>Reads a Dataset resource; the table is not read yet. Left = it cannot be read.</summary>
    public static Either<Fault, Observed> OfDataset(string dataset) => AnswerPart.Read(dataset, root => new Observed(root.Text("location").IfNone(""), None)
    {
        Defaults = new DatasetDefaults(
            ObservedTable.Lifetime(root, "defaultPartitionExpirationMs"),
            ObservedTable.Lifetime(root, "defaultTableExpirationMs"),
            root.Text("defaultCollation").IfNone("")),
    });
}

/// <summary>What a new table inherits from its dataset (Dataset resource).</summary>
/// <param name="PartitionLifetime">How long a partition is kept (<c>defaultPartitionExpirationMs</c>); None = for ever.</param>
/// <param name="TableLifetime">How long a table without partitions of limited life is kept (<c>defaultTableExpirationMs</c>); None = for ever.</param>
/// <param name="Collation">Of new STRING columns: <c>und:ci</c> compares ignoring case; empty = exactly.</param>
internal sealed record DatasetDefaults(Option<TimeSpan> PartitionLifetime, Option<TimeSpan> TableLifetime, string Collation)
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
internal sealed record ObservedTable(
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

    /// <summary>Reads a Table resource; a missing field has the API's default. Left = it cannot be read.</summary>
    public static Either<Fault, ObservedTable> Read(string table) => AnswerPart.Read(table, root =>
    {
        var partitioning = root.Find("timePartitioning");
        return new ObservedTable(
            root.Text("type").IfNone("TABLE"),
            Within(root, "schema", "fields").Select(Column).ToArray().ToSeq(),
            partitioning.Bind(it => it.Text("field")),
            Within(root, "clustering", "fields").Select(name => name.AsText()).ToArray().ToSeq(),
            root.Flag("requirePartitionFilter") || partitioning.Exists(it => it.Flag("requirePartitionFilter")),
            root.Number("creationTime").IfNone(0),
            root.Number("numBytes").IfNone(0))
        {
            PartitionLifetime = partitioning.Bind(it => Lifetime(it, "expirationMs")),
            Expires = root.Number("expirationTime").Filter(at => at > 0).Map(Times.OfUnixMilliseconds),
        };
    });

    private static ObservedColumn Column(AnswerPart field) => new(
        field.Text("name").IfNone(""),
        TypeName(field.Text("type").IfNone("")),
        field.Text("mode").IfNone("NULLABLE"),
        field.Find("defaultValueExpression").IsSome)
    {
        MaxLength = field.Text("maxLength"),
        Collation = field.Text("collation").IfNone(""),
        HasPolicyTags = Within(field, "policyTags", "names").Any(),
    };

    // The API still calls some types by their names in legacy SQL.
    private static string TypeName(string type) => type switch
    {
        "INTEGER" => "INT64",
        "FLOAT" => "FLOAT64",
        "BOOLEAN" => "BOOL",
        "RECORD" => "STRUCT",
        _ => type,
    };

    /// <summary>Milliseconds; 0 and absent = for ever.</summary>
    internal static Option<TimeSpan> Lifetime(AnswerPart parent, string name) =>
        parent.Number(name).Filter(milliseconds => milliseconds > 0).Map(Times.Milliseconds);

    private static IEnumerable<AnswerPart> Within(AnswerPart parent, string name, string list) =>
        parent.Find(name).Match(found => found.Items(list), () => []);
}

/// <summary>A column that exists.</summary>
/// <param name="Name">As it was created; BigQuery compares names ignoring case.</param>
/// <param name="Type">GoogleSQL.</param>
/// <param name="Mode"><c>REQUIRED</c>, <c>NULLABLE</c> or <c>REPEATED</c>.</param>
/// <param name="HasDefault">Has a default value.</param>
internal sealed record ObservedColumn(string Name, string Type, string Mode, bool HasDefault)
{
    /// <summary>Longest text of a <c>STRING(n)</c>; None = no limit.</summary>
    public Option<string> MaxLength { get; init; }

    /// <summary><c>und:ci</c> compares ignoring case; empty = exactly.</summary>
    public string Collation { get; init; } = "";

    /// <summary>Column-level security: who lacks the right to a tag may not read the column, or reads it masked.</summary>
    public bool HasPolicyTags { get; init; }
}
