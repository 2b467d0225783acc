using Kollect.Core.Models.V1Alpha1;
using Kollect.Core.Sinks;
using static Kollect.Core.Tests.Manifests.SinkManifests;

namespace Kollect.Core.Tests.Sinks;

public sealed class TableLocationTests
{
    [Theory]
    [InlineData(PostgresSpec, "public", "inventory_items")]
    [InlineData(MongoDbSpec, "inventory", "items")]
    [InlineData(BigQuerySpec, "acme-prod.inventory", "items")]
    public void A_sink_leads_to_its_table(string spec, string container, string table)
    {
        var destination = Of(Parsed(spec));
        Assert.Equal((container, table, "kind"), (destination.Container, destination.Table, destination.Cluster));
    }

    [Theory]
    [InlineData(PostgresSpec, "postgres/table", "\"a.b\"")]
    [InlineData(PostgresSpec, "postgres/schema", "\"x.y\"")]
    [InlineData(PostgresSpec, "provisioning/naming/template", "\"{cluster}_{namespace}_{name}\"")]
    [InlineData(PostgresSpec, "cluster", "\"elsewhere\"")]
    [InlineData(MongoDbSpec, "mongodb/collection", "\"a.b.c\"")]
    [InlineData(BigQuerySpec, "bigquery/project", "\"example.com:acme-prod\"")]
    public void Through_the_sink_as_it_is_now_the_place_of_before_is_found_again(string spec, string path, string json)
    {
        var before = Of(Parsed(spec, (path, json)));
        Assert.Equal(before, before.Through(Parsed(spec)).Map(Of));
    }

    [Fact]
    public void A_sink_that_has_become_another_type_leads_there_no_more() =>
        Assert.True(Of(Parsed(PostgresSpec)).Through(Parsed(MongoDbSpec)).IsNone);

    [Fact]
    public void A_name_that_the_template_cannot_give_is_told() =>
        Assert.True(TableLocation.Of(Parsed(PostgresSpec, ("provisioning/naming/template", "\"{name}\"")), "_cluster", new string('x', 64)).IsLeft);

    [Fact]
    public void Every_type_of_sink_has_its_backend() =>
        Assert.Equal(SinkNames.Order(StringComparer.Ordinal), KollectDestinationBackendNames.All.Order(StringComparer.Ordinal));

    private static IEnumerable<string> SinkNames => KollectDatabaseSinkSpecTypeNames.All;

    private static TableLocation Of(Sink sink) => TableLocation.Of(sink, "platform", "all").IfLeft(why => throw new Xunit.Sdk.XunitException(why));
}
