using Kollect.Core.Backends;
using Kollect.Core.Backends.BigQuery;
using Kollect.Models.V1Alpha1;

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

    private static Either<Seq<Gap>, Seq<BigQueryChange>> Between(
        Observed observed, KollectDatabaseSinkMode mode = KollectDatabaseSinkMode.Ensure, string location = "EU") =>
        Diff.Between(new Desired(Items, mode), location, observed);

    private static Observed With(Func<ObservedTable, ObservedTable> change) => new("EU", change(Ready));

    private static bool IsComplete(Observed observed) => Between(observed, KollectDatabaseSinkMode.Existing).Match(changes => changes.IsEmpty, _ => false);

    [Fact]
    public void A_complete_table_needs_no_change() => Assert.True(IsComplete(new Observed("EU", Ready)));

    [Fact]
    public void A_location_is_compared_ignoring_case() => Assert.True(Between(new Observed("eu", Ready)).IsRight);

    [Fact]
    public void A_table_that_is_neither_partitioned_nor_clustered_is_accepted() =>
        Assert.True(IsComplete(With(table => table with { PartitionedBy = None, ClusteredBy = Empty })));

    [Fact]
    public void Nullable_columns_names_in_another_case_and_additional_columns_are_accepted() =>
        Assert.True(IsComplete(With(table => table with
        {
            Columns = table.Columns.Map(column => column with { Mode = "NULLABLE", Name = column.Name.ToUpperInvariant() })
                .Add(new ObservedColumn("team", "STRING", "NULLABLE", false))
                .Add(new ObservedColumn("source", "STRING", "REQUIRED", HasDefault: true)),
        })));

    [Fact]
    public void A_missing_table_is_created_in_mode_ensure_only()
    {
        Assert.Equal(1, Between(new Observed("EU", None)).Match(changes => changes.Count, _ => 0));
        Assert.True(Between(new Observed("EU", None), KollectDatabaseSinkMode.Existing).IsLeft);
    }

    [Fact]
    public void A_missing_dataset_is_a_single_gap() =>
        Assert.Equal(1, Between(new Observed(None, None), KollectDatabaseSinkMode.Existing).Match(_ => 0, gaps => gaps.Count));

    [Fact]
    public void Every_gap_has_a_cause_and_a_remedy()
    {
        var column = Columns.All.Find(it => it.Name == "payload").IfNone(() => throw new InvalidOperationException());
        var gaps = Seq<Gap>(
            new Gap.DatasetMissing(Items),
            new Gap.LocationDiffers(Items, "US", "EU"),
            new Gap.TableMissing(new Desired(Items, KollectDatabaseSinkMode.Existing)),
            new Gap.NotATable(Items, "VIEW"),
            new Gap.ColumnMissing(Items, column),
            new Gap.WrongType(Items, column, "STRING"),
            new Gap.UnfillableColumn(Items, "team"),
            new Gap.CollatedColumn(Items, "source_uid", "und:ci"),
            new Gap.CollatedDataset(Items, "und:ci"),
            new Gap.PartitionsExpire(Items, TimeSpan.FromDays(60), Desired.PartitionedBy),
            new Gap.PartitionsExpire(Items, TimeSpan.FromHours(36), None),
            new Gap.TableExpires(Items, new DateTimeOffset(2026, 12, 1, 0, 0, 0, TimeSpan.Zero)),
            new Gap.DatasetExpires(Items, TimeSpan.FromDays(1), Partitions: true),
            new Gap.DatasetExpires(Items, TimeSpan.FromDays(60), Partitions: false),
            new Gap.RequiresPartitionFilter(Items));

        var cases = typeof(Gap).GetNestedTypes().Where(type => type.IsAssignableTo(typeof(Gap)));
        Assert.Equal(
            cases.OrderBy(type => type.Name, StringComparer.Ordinal),
            gaps.Map(gap => gap.GetType()).Distinct().OrderBy(type => type.Name, StringComparer.Ordinal));
        Golden.Verify(
            string.Join('\n', gaps.Map(Render.Explain).Map(it => $"{it.What}\n{string.Concat(it.Remedy.Split('\n').Select(line => $"    {line}\n"))}")),
            "bigquery/gaps.txt");
    }

    [Fact]
    public void A_text_of_limited_length_or_with_a_collation_is_a_gap_and_policy_tags_are_a_warning()
    {
        Observed Change(Func<ObservedColumn, ObservedColumn> change) => With(table => table with
        {
            Columns = table.Columns.Map(column => column.Name == "source_uid" ? change(column) : column),
        });
        Assert.False(IsComplete(Change(column => column with { MaxLength = "36" })));
        Assert.False(IsComplete(Change(column => column with { Collation = "und:ci" })));
        var tagged = Change(column => column with { HasPolicyTags = true });
        Assert.True(IsComplete(tagged));
        Assert.Single(Remarks.Of(new Desired(Items, KollectDatabaseSinkMode.Existing), tagged), line => line.Contains("policy tags", StringComparison.Ordinal));
    }

    [Fact]
    public void Lifetimes_of_the_API_are_read_from_tables_and_datasets()
    {
        var table = Read("""{"timePartitioning":{"type":"DAY","expirationMs":"5184000000"},"expirationTime":"1795393800000"}""");
        Assert.Equal((Some(TimeSpan.FromDays(60)), Some(DateTimeOffset.FromUnixTimeMilliseconds(1_795_393_800_000))), (table.PartitionLifetime, table.Expires));
        Assert.Equal(
            new DatasetDefaults(TimeSpan.FromDays(1), TimeSpan.FromDays(2), "und:ci"),
            DefaultsOf(
                """{"location":"EU","defaultPartitionExpirationMs":"86400000","defaultTableExpirationMs":"172800000","defaultCollation":"und:ci"}"""));
        Assert.Equal(DatasetDefaults.None, DefaultsOf("""{"location":"EU"}"""));
    }

    [Fact]
    public void A_table_resource_of_the_API_survives_a_round_trip()
    {
        var read = Read(Render.TableResource(new Desired(Items, KollectDatabaseSinkMode.Ensure)));
        Assert.Equal(Ready with { CreatedMs = 0 }, read);
        Assert.Equal("BOOL", Read("""{ "schema": { "fields": [ { "name": "a", "type": "BOOLEAN" } ] } }""").Columns.Head.Type);
    }

    private static ObservedTable Read(string table) =>
        ObservedTable.Read(table).Match(Right: it => it, Left: fault => throw new InvalidOperationException($"{fault}"));

    private static DatasetDefaults DefaultsOf(string dataset) =>
        Observed.OfDataset(dataset).Match(Right: it => it.Defaults, Left: fault => throw new InvalidOperationException($"{fault}"));
}
