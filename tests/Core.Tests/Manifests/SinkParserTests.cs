using Kollect.Core.Backends.BigQuery;
using Kollect.Core.Backends.MongoDb;
using Kollect.Core.Backends.Postgres;
using Kollect.Core.Secrets;
using Kollect.Core.Sinks;
using Kollect.Models.V1Alpha1;
using static Kollect.Core.Tests.Manifests.SinkManifests;

namespace Kollect.Core.Tests.Manifests;

public sealed class SinkParserTests
{
    [Fact]
    public void A_short_manifest_gets_every_default()
    {
        var sink = Assert.IsType<PostgresSink>(Parsed(PostgresSpec));
        Assert.Equal(
            new PostgresSink(
                new SinkSettings(
                    "default",
                    "inventory",
                    KollectDatabaseSinkMode.Ensure,
                    None,
                    HashMap<string, string>(),
                    None,
                    None,
                    true,
                    "kind",
                    new TlsSettings(None, None, false),
                    None),
                new SecretRef("default", "dsn"),
                "public",
                "inventory_items"),
            sink);
    }

    [Theory]
    [InlineData("30d", 30 * 24)]
    [InlineData("12h", 12)]
    [InlineData("36500d", 36_500 * 24)]
    public void Days_and_Go_durations_bound_the_ledger(string keep, int hours)
    {
        var settings = Parsed(PostgresSpec, ("options/ledger", "\"false\""), ("options/ledger_keep", $"\"{keep}\"")).Settings;
        Assert.Equal(new LedgerSettings(IsKept: false, TimeSpan.FromHours(hours)), settings.Ledger);
        Assert.Empty(settings.Options);
    }

    [Fact]
    public void Every_field_of_a_long_manifest_is_read_and_trimmed()
    {
        var sink = Assert.IsType<PostgresSink>(Parsed(
            PostgresSpec,
            ("postgres/schema", "\" Inventory \""),
            ("postgres/databaseRef/namespace", "\"kollect-system\""),
            ("provisioning/mode", "\"existing\""),
            ("provisioning/naming/template", "\" inv_{name} \""),
            ("options/statement_timeout", "\" 30000 \""),
            ("options/skip_unchanged", "\"true\""),
            ("exportMinInterval", "\"1m30s\""),
            ("connectionTest", "false"),
            ("cluster", "\" kind-kollect-dev \""),
            ("endpoint", "\"https://ignored.example.com\""),
            ("tls/caBundle", "\"LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCg==\""),
            ("secretRef/name", "\"credentials\"")));
        Assert.Equal(
            new PostgresSink(
                new SinkSettings(
                    "default",
                    "inventory",
                    KollectDatabaseSinkMode.Existing,
                    "inv_{name}",
                    HashMap(("statement_timeout", "30000")),
                    true,
                    TimeSpan.FromSeconds(90),
                    false,
                    "kind-kollect-dev",
                    new TlsSettings("-----BEGIN CERTIFICATE-----\n", None, false),
                    new SecretRef("default", "credentials")),
                new SecretRef("kollect-system", "dsn"),
                "Inventory",
                "inventory_items"),
            sink);
    }

    /// <summary>Keys as operators write them: <c>connectionString.standard</c> (MongoDB Community), <c>DATABASE_URI</c> (Aiven).</summary>
    [Theory]
    [InlineData("\"connectionString.standard\"", "connectionString.standard")]
    [InlineData("\" DATABASE_URI \"", "DATABASE_URI")]
    [InlineData("\"\"", "")]
    [InlineData("\" \"", "")]
    public void DatabaseRef_may_name_a_key_of_the_Secret(string key, string expected)
    {
        Assert.Equal(expected, Assert.IsType<PostgresSink>(Parsed(PostgresSpec, ("postgres/databaseRef/key", key))).DatabaseKey.IfNone(""));
        Assert.Equal(expected, Assert.IsType<MongoDbSink>(Parsed(MongoDbSpec, ("mongodb/databaseRef/key", key))).UriKey.IfNone(""));
    }

    [Fact]
    public void MongoDB_and_BigQuery_have_their_own_fields()
    {
        var mongo = Assert.IsType<MongoDbSink>(Parsed(MongoDbSpec));
        Assert.Equal((new SecretRef("default", "uri"), "inventory", "items"), (mongo.Uri, mongo.Database, mongo.Collection));
        var bigQuery = Assert.IsType<BigQuerySink>(Parsed(
            BigQuerySpec, ("bigquery/location", "\"EU\""), ("endpoint", "\"https://psc.example.com/\""), ("bigquery/secretRef/name", "\"key\"")));
        Assert.Equal(
            ("acme-prod", "inventory", "items", Some("EU"), Some(new SecretRef("default", "key"))),
            (bigQuery.Project, bigQuery.Dataset, bigQuery.Table, bigQuery.DatasetLocation, bigQuery.Credentials));
        Assert.Equal(Some(new Uri("https://psc.example.com/")), bigQuery.Endpoint);
    }

    [Fact]
    public void An_invalid_manifest_gives_every_problem_and_no_sink()
    {
        var sink = Read(With(PostgresSpec, ("postgres/table", "\"\""), ("layout", "\"x\"")));
        Assert.Equal(Seq("KDB022", "KDB031"), sink.Spec.LeftToSeq().Bind(problems => problems).Map(problem => problem.Id));
    }
}
