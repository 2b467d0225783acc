using Kollect.Core.Sinks;
using Kollect.Core.Snapshots;
using Kollect.Models.V1Alpha1;
using static Kollect.Core.Tests.Manifests.SinkManifests;

namespace Kollect.Core.Tests.Sinks;

public sealed class TableLocationTests
{
    [Theory]
    [InlineData(PostgresSpec, "public", "inventory_items")]
    [InlineData(MongoDbSpec, "inventory", "items")]
    [InlineData(BigQuerySpec, "acme-prod.inventory", "items")]
    public void A_sink_gives_the_location_of_its_table(string spec, string container, string table)
    {
        var location = Of(Parsed(spec));
        Assert.Equal((container, table, "kind"), (location.Container, location.Table, location.Cluster));
    }

    [Theory]
    [InlineData(PostgresSpec, "postgres/table", "\"a.b\"")]
    [InlineData(PostgresSpec, "postgres/schema", "\"x.y\"")]
    [InlineData(PostgresSpec, "provisioning/naming/template", "\"{cluster}_{namespace}_{name}\"")]
    [InlineData(PostgresSpec, "cluster", "\"elsewhere\"")]
    [InlineData(MongoDbSpec, "mongodb/collection", "\"a.b.c\"")]
    [InlineData(BigQuerySpec, "bigquery/project", "\"example.com:acme-prod\"")]
    public void An_edited_sink_reaches_its_old_location(string spec, string path, string json)
    {
        var before = Of(Parsed(spec, (path, json)));
        Assert.Equal(before, Parsed(spec).At(before).Map(Of));
    }

    [Fact]
    public void A_sink_of_another_type_does_not_reach_the_location() =>
        Assert.True(Parsed(MongoDbSpec).At(Of(Parsed(PostgresSpec))).IsNone);

    [Fact]
    public void A_name_that_the_template_cannot_give_is_refused() =>
        Assert.True(Naming.LocationOf(
            Parsed(PostgresSpec, ("provisioning/naming/template", "\"{name}\"")), new Scope("_cluster", new string('x', 64), "kind")).IsLeft);

    [Fact]
    public void Every_type_of_sink_has_its_backend() =>
        Assert.Equal(SinkNames.Order(StringComparer.Ordinal), KollectDestinationBackendNames.All.Order(StringComparer.Ordinal));

    private static IEnumerable<string> SinkNames => KollectDatabaseSinkSpecTypeNames.All;

    private static TableLocation Of(Sink sink) =>
        Naming.LocationOf(sink, new Scope("platform", "all", sink.Settings.Cluster)).IfLeft(why => throw new Xunit.Sdk.XunitException(why));
}
