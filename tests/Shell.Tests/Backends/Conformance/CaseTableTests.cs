namespace Kollect.Shell.Tests.Backends.Conformance;

/// <summary>Keeps the table that the documentation links complete.</summary>
public sealed class CaseTableTests
{
    [Fact]
    public void The_table_lists_every_case_on_every_backend() =>
        Golden.Verify(
            CaseTable.Print(Seq<Mirror>(new PostgresMirror(null!), new MongoDbMirror(null!, ""), new BigQueryMirror(null!, "", ""))),
            "conformance.txt");

    [Fact]
    public void Every_backend_runs_all_cases() => Assert.Equal(
        [
            "BigQueryConformance", "MongoDbConformance", "MongoDbWithoutLedgerConformance", "PostgresConformance", "PostgresWithoutLedgerConformance",
        ],
        typeof(ConformanceCases).Assembly.GetTypes().Where(it => it.BaseType == typeof(ConformanceCases)).Select(it => it.Name).Order(StringComparer.Ordinal));
}
