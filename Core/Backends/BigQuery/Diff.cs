using Kollect.Core.Sinks;

namespace Kollect.Core.Backends.BigQuery;

/// <summary>The changes that provisioning may make. Closed: an existing table is never altered, a dataset never created.</summary>
public abstract record BigQueryChange
{
    private BigQueryChange() { }

    /// <summary>The table is missing and the mode is <c>ensure</c>.</summary>
    public sealed record CreateTable(Desired Desired) : BigQueryChange;
}

/// <summary>A difference that prevents an export and that only an administrator can resolve. Closed.</summary>
public abstract record Gap
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

    /// <summary>The MERGE has no condition on the partition: it has to find stale rows of any day.</summary>
    public sealed record RequiresPartitionFilter(TableId Table) : Gap;
}

/// <summary>Wanted and observed state -> what to do, or every reason why nothing may be done.</summary>
public static class Diff
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
                table => TableGaps(desired.Table, table),
                () => When(desired.Mode == ProvisioningMode.Existing && observed.DatasetLocation.IsSome, new Gap.TableMissing(desired))));
        if (!gaps.IsEmpty)
            return gaps;
        return observed.Table.IsSome
            ? Seq<BigQueryChange>()
            : Seq1<BigQueryChange>(new BigQueryChange.CreateTable(desired));
    }

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
            column => When(
                column.Type != wanted.BigQueryType || column.Mode == "REPEATED",
                new Gap.WrongType(name, wanted, column.Mode == "REPEATED" ? $"ARRAY<{column.Type}>" : column.Type)),
            () => Seq1<Gap>(new Gap.ColumnMissing(name, wanted)));

    private static bool IsNamed(ObservedColumn column, string name) => string.Equals(column.Name, name, StringComparison.OrdinalIgnoreCase);

    private static Seq<Gap> When(bool condition, Gap gap) => condition ? Seq1(gap) : Empty;
}
