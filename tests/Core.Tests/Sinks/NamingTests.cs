using Kollect.Core.Sinks;
using static Kollect.Core.Tests.Manifests.SinkManifests;

namespace Kollect.Core.Tests.Sinks;

public sealed class NamingTests
{
    private const string Cluster = "kind";

    [Theory]
    [InlineData("{cluster}_{namespace}_{name}", "kind_platform_all")]
    [InlineData("inv", "inv")]
    public void The_template_names_a_table_per_inventory(string template, string expected) =>
        Assert.Equal(expected, Naming.TableOf(Postgresql(template), Cluster, "platform", "all").IfLeft(""));

    [Fact]
    public void Braces_that_a_value_brings_along_are_not_replaced_again() =>
        Assert.Equal("{name}-x", Naming.TableOf(Postgresql("{namespace}-{name}"), Cluster, "{name}", "x").IfLeft(""));

    [Fact]
    public void A_rendered_name_that_the_backend_would_cut_is_refused_and_shown() =>
        Golden.Verify(Naming.TableOf(Postgresql("{cluster}_{namespace}_{name}"), Cluster, "platform-engineering-production", "all-deployments-of-the-shop-and-its-friends").Match(_ => "", why => why), "validation/rendered-name.txt");

    [Fact]
    public void Without_a_template_the_block_names_the_table() =>
        Assert.Equal("inventory_items", Naming.TableOf(Parsed(PostgresSpec), Cluster, "platform", "all").IfLeft(""));

    private static Sink Postgresql(string template) => Parsed(PostgresSpec, ("provisioning/naming/template", $"\"{template}\""));
}
