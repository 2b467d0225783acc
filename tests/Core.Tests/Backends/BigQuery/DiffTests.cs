using Kollect.Core.Backends;
using Kollect.Core.Backends.BigQuery;
using Kollect.Core.Sinks;

namespace Kollect.Core.Tests.Backends.BigQuery;

public sealed class DiffTests
{
    private static readonly TableId Items = new("acme-prod", "inventory", "items");

    private static readonly ObservedTable Ready = new(
        "TABLE",
        Columns.All.Map(column => new ObservedColumn(column.Name, column.BigQueryType, "REQUIRED", HasDefault: false)),
        Desired.PartitionedBy,
        Desired.ClusteredBy,
        RequiresPartitionFilter: false,
        CreatedMs: 1,
        Bytes: 0);

    private static Either<Seq<Gap>, Seq<BigQueryChange>> Between(Observed observed, ProvisioningMode mode = ProvisioningMode.Ensure, string location = "EU") =>
        Diff.Between(new Desired(Items, mode), location, observed);

    private static Observed With(Func<ObservedTable, ObservedTable> change) => new("EU", change(Ready));

    private static bool IsFine(Observed observed) => Between(observed, ProvisioningMode.Existing).Match(changes => changes.IsEmpty, _ => false);

    [Fact]
    public void A_table_as_it_should_be_needs_nothing() => Assert.True(IsFine(new Observed("EU", Ready)));

    [Fact]
    public void A_location_is_compared_ignoring_case() => Assert.True(Between(new Observed("eu", Ready)).IsRight);

    [Fact]
    public void A_table_that_is_neither_partitioned_nor_clustered_works_and_costs_more() =>
        Assert.True(IsFine(With(table => table with { PartitionedBy = None, ClusteredBy = Empty })));

    [Fact]
    public void Nullable_columns_other_case_and_more_columns_are_fine() =>
        Assert.True(IsFine(With(table => table with
        {
            Columns = table.Columns.Map(column => column with { Mode = "NULLABLE", Name = column.Name.ToUpperInvariant() })
                .Add(new ObservedColumn("team", "STRING", "NULLABLE", false))
                .Add(new ObservedColumn("source", "STRING", "REQUIRED", HasDefault: true)),
        })));

    [Fact]
    public void A_missing_table_is_created_in_mode_ensure_only()
    {
        Assert.Equal(1, Between(new Observed("EU", None)).Match(changes => changes.Count, _ => 0));
        Assert.True(Between(new Observed("EU", None), ProvisioningMode.Existing).IsLeft);
    }

    [Fact]
    public void A_missing_dataset_is_one_gap_not_two() =>
        Assert.Equal(1, Between(new Observed(None, None), ProvisioningMode.Existing).Match(_ => 0, gaps => gaps.Count));

    [Fact]
    public void Every_gap_says_what_is_wrong_and_what_to_run()
    {
        var column = Columns.All.Find(it => it.Name == "payload").IfNone(() => throw new InvalidOperationException());
        var gaps = Seq<Gap>(
            new Gap.DatasetMissing(Items),
            new Gap.LocationDiffers(Items, "US", "EU"),
            new Gap.TableMissing(new Desired(Items, ProvisioningMode.Existing)),
            new Gap.NotATable(Items, "VIEW"),
            new Gap.ColumnMissing(Items, column),
            new Gap.WrongType(Items, column, "STRING"),
            new Gap.UnfillableColumn(Items, "team"),
            new Gap.RequiresPartitionFilter(Items));

        var cases = typeof(Gap).GetNestedTypes().Where(type => type.IsAssignableTo(typeof(Gap)));
        Assert.Equal(cases.OrderBy(type => type.Name, StringComparer.Ordinal), gaps.Map(gap => gap.GetType()).OrderBy(type => type.Name, StringComparer.Ordinal));
        Golden.Verify(
            string.Join('\n', gaps.Map(Render.Explain).Map(it => $"{it.What}\n{string.Concat(it.Remedy.Split('\n').Select(line => $"    {line}\n"))}")),
            "bigquery/gaps.txt");
    }

    [Fact]
    public void A_table_resource_of_the_API_is_read_as_it_is_written()
    {
        var read = ObservedTable.Read(Render.TableResource(new Desired(Items, ProvisioningMode.Ensure)));
        Assert.Equal(Ready with { CreatedMs = 0 }, read);
        Assert.Equal("BOOL", ObservedTable.Read("""{ "schema": { "fields": [ { "name": "a", "type": "BOOLEAN" } ] } }""").Columns.Head.Type);
    }
}
