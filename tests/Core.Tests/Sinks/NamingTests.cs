using Kollect.Core.Sinks;
using Kollect.Core.Snapshots;
using static Kollect.Core.Tests.Manifests.SinkManifests;

namespace Kollect.Core.Tests.Sinks;

public sealed class NamingTests
{
    private const string Cluster = "kind";

    [Theory]
    [InlineData("{cluster}_{namespace}_{name}", "kind_platform_all")]
    [InlineData("inv", "inv")]
    public void The_template_names_a_table_per_inventory(string template, string expected) =>
        Assert.Equal(expected, TableOf(Postgresql(template), "platform", "all"));

    [Fact]
    public void Braces_inside_a_value_are_not_replaced() =>
        Assert.Equal("{name}-x", TableOf(Postgresql("{namespace}-{name}"), "{name}", "x"));

    [Fact]
    public void A_rendered_name_over_the_limit_of_the_backend_is_refused() =>
        Golden.Verify(
            TableOf(Postgresql("{cluster}_{namespace}_{name}"), "platform-engineering-production", "all-deployments-of-the-shop-and-its-friends"),
            "validation/rendered-name.txt");

    [Fact]
    public void Without_a_template_the_block_names_the_table() =>
        Assert.Equal("inventory_items", TableOf(Parsed(PostgresSpec), "platform", "all"));

    /// <summary>The table, or why there is none.</summary>
    private static string TableOf(Sink sink, string @namespace, string name) =>
        Naming.LocationOf(sink, new Scope(@namespace, name, Cluster)).Match(at => at.Table, why => why);

    private static Sink Postgresql(string template) => Parsed(PostgresSpec, ("provisioning/naming/template", $"\"{template}\""));
}
