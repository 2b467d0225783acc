using Kollect.Models.V1Alpha1;

namespace Kollect.Core.Backends.BigQuery;

/// <summary>The changes that provisioning may make. Closed: an existing table is never altered, a dataset never created.</summary>
internal abstract record BigQueryChange
{
    private BigQueryChange() { }

    /// <summary>The table is missing and the mode is <c>ensure</c>.</summary>
    public sealed record CreateTable(Desired Desired) : BigQueryChange;
}

/// <summary>A difference that prevents an export and that only an administrator can resolve. Closed.</summary>
internal abstract record Gap
{
    private Gap() { }

    /// <summary>Datasets are never created.</summary>
    public sealed record DatasetMissing(TableId Table) : Gap;

    /// <summary>The sink names another location than the dataset has.</summary>
    public sealed record LocationDiffers(TableId Table, string Wanted, string Actual) : Gap;

    /// <summary>Table missing in mode <c>existing</c>.</summary>
    public sealed record TableMissing(Desired Desired) : Gap;

    /// <summary>A view, external table, …</summary>
    public sealed record NotATable(TableId Table, string Type) : Gap;

    /// <summary>A wanted column does not exist.</summary>
    public sealed record ColumnMissing(TableId Table, Column Column) : Gap;

    /// <summary>A wanted column has another type, or holds lists.</summary>
    public sealed record WrongType(TableId Table, Column Column, string Actual) : Gap;

    /// <summary>A column outside the wanted ones is REQUIRED without a default, so no row can be inserted.</summary>
    public sealed record UnfillableColumn(TableId Table, string Column) : Gap;

    /// <summary>Texts of a column are compared ignoring case, so that different identities are equal.</summary>
    public sealed record CollatedColumn(TableId Table, string Column, string Collation) : Gap;

    /// <summary>The dataset would give such a collation to a new table.</summary>
    public sealed record CollatedDataset(TableId Table, string Collation) : Gap;

    /// <summary>Partitions are deleted after some time, and rows that an export leaves alone with them.</summary>
    /// <param name="PartitionedBy">None = by the time at which a row was first written.</param>
    public sealed record PartitionsExpire(TableId Table, TimeSpan After, Option<string> PartitionedBy) : Gap;

    /// <summary>The service will delete the table.</summary>
    public sealed record TableExpires(TableId Table, DateTimeOffset At) : Gap;

    /// <summary>The dataset would limit the life of a new table or of its partitions.</summary>
    public sealed record DatasetExpires(TableId Table, TimeSpan After, bool Partitions) : Gap;

    /// <summary>The MERGE has no condition on the partition: it has to find stale rows of any day.</summary>
    public sealed record RequiresPartitionFilter(TableId Table) : Gap;
}

/// <summary>Days, for people.</summary>
internal static class Days
{
    /// <summary><c>60 days</c>.</summary>
    public static string Text(TimeSpan time) => string.Create(
        System.Globalization.CultureInfo.InvariantCulture, $"{time.TotalDays:0.##} {(time == TimeSpan.FromDays(1) ? "day" : "days")}");
}

/// <summary>Wanted and observed state -> what to do, or every reason why nothing may be done.</summary>
internal static class Diff
{
    /// <summary>Left: all gaps at once, nothing may be written. Right: the changes, empty when nothing is to do.</summary>
    /// <param name="desired">The wanted table.</param>
    /// <param name="location">The location that the sink expects; None = any location.</param>
    public static Either<Seq<Gap>, Seq<BigQueryChange>> Between(Desired desired, Option<string> location, Observed observed)
    {
        var gaps = Join(
            observed.DatasetLocation.Match(
                actual => location.Filter(wanted => !string.Equals(wanted, actual, StringComparison.OrdinalIgnoreCase))
                    .Map(wanted => (Gap)new Gap.LocationDiffers(desired.Table, wanted, actual)).ToSeq(),
                () => Seq1<Gap>(new Gap.DatasetMissing(desired.Table))),
            observed.Table.Match(
                table => TableGaps(desired, table),
                () => desired.Mode == KollectDatabaseSinkMode.Ensure
                    ? DatasetGaps(desired, observed.Defaults)
                    : When(observed.DatasetLocation.IsSome, new Gap.TableMissing(desired))));
        if (!gaps.IsEmpty)
            return gaps;
        return observed.Table.IsSome
            ? Seq<BigQueryChange>()
            : Seq1<BigQueryChange>(new BigQueryChange.CreateTable(desired));
    }

    // A table with partitions of limited life inherits no life of its own (Dataset resource, defaultPartitionExpirationMs).
    private static Seq<Gap> DatasetGaps(Desired desired, DatasetDefaults defaults) => Join(
        When(defaults.Collation.Length > 0, new Gap.CollatedDataset(desired.Table, defaults.Collation)),
        defaults.PartitionLifetime.Match(
            after => When(desired.SkipsUnchanged, new Gap.DatasetExpires(desired.Table, after, Partitions: true)),
            () => defaults.TableLifetime.Map(after => (Gap)new Gap.DatasetExpires(desired.Table, after, Partitions: false)).ToSeq()));

    /// <summary>True = each export moves every row into a young partition, so that rows vanish only where exports cease.</summary>
    private static bool RenewsRows(Desired desired, ObservedTable table) =>
        !desired.SkipsUnchanged && table.PartitionedBy.Exists(column => string.Equals(column, Desired.PartitionedBy, StringComparison.OrdinalIgnoreCase));

    private static Seq<Gap> TableGaps(Desired desired, ObservedTable table) => Join(
        TableGaps(desired.Table, table),
        table.PartitionLifetime.Filter(_ => !RenewsRows(desired, table))
            .Map(after => (Gap)new Gap.PartitionsExpire(desired.Table, after, table.PartitionedBy)).ToSeq(),
        table.Expires.Map(at => (Gap)new Gap.TableExpires(desired.Table, at)).ToSeq());

    private static Seq<Gap> TableGaps(TableId name, ObservedTable table) => table.Type != "TABLE"
        ? Seq1<Gap>(new Gap.NotATable(name, table.Type))
        : Join(
            Columns.All.Bind(column => ColumnGaps(name, table, column)),
            table.Columns
                .Filter(column => column.Mode == "REQUIRED" && !column.HasDefault && !Columns.All.Exists(wanted => IsNamed(column, wanted.Name)))
                .Map(column => (Gap)new Gap.UnfillableColumn(name, column.Name)),
            When(table.RequiresPartitionFilter, new Gap.RequiresPartitionFilter(name)));

    private static Seq<Gap> ColumnGaps(TableId name, ObservedTable table, Column wanted) =>
        table.Columns.Find(column => IsNamed(column, wanted.Name)).Match(
            column => Join(
                When(
                    column.Type != wanted.BigQueryType || column.Mode == "REPEATED" || column.MaxLength.IsSome,
                    new Gap.WrongType(name, wanted, column.Mode == "REPEATED" ? $"ARRAY<{column.Type}>" : column.Type + Limit(column))),
                When(column.Collation.Length > 0, new Gap.CollatedColumn(name, column.Name, column.Collation))),
            () => Seq1<Gap>(new Gap.ColumnMissing(name, wanted)));

    private static string Limit(ObservedColumn column) => column.MaxLength.Map(length => $"({length})").IfNone("");

    private static bool IsNamed(ObservedColumn column, string name) => string.Equals(column.Name, name, StringComparison.OrdinalIgnoreCase);

    private static Seq<Gap> When(bool condition, Gap gap) => condition ? Seq1(gap) : Empty;
}
