using Kollect.Core.Manifests;
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
    public void Braces_inside_a_value_are_not_replaced() =>
        Assert.Equal("{name}-x", Naming.TableOf(Postgresql("{namespace}-{name}"), Cluster, "{name}", "x").IfLeft(""));

    [Fact]
    public void A_rendered_name_over_the_limit_of_the_backend_is_refused() =>
        Golden.Verify(
            Naming.TableOf(
                Postgresql("{cluster}_{namespace}_{name}"), Cluster, "platform-engineering-production", "all-deployments-of-the-shop-and-its-friends")
                .Match(_ => "", why => why),
            "validation/rendered-name.txt");

    [Fact]
    public void Without_a_template_the_block_names_the_table() =>
        Assert.Equal("inventory_items", Naming.TableOf(Parsed(PostgresSpec), Cluster, "platform", "all").IfLeft(""));

    private static Sink Postgresql(string template) => Parsed(PostgresSpec, ("provisioning/naming/template", $"\"{template}\""));

    private static Sink Parsed(string spec, params (string, string?)[] changes)
    {
        var (sink, structural) = Read(With(spec, changes));
        return SinkParser.Parse(sink, structural).IfLeft(problems => throw new Xunit.Sdk.XunitException(problems.ToString()));
    }
}
