using System.Text;
using System.Text.Json.Nodes;

namespace Kollect.Shell.Tests.Operator.Inventories;

/// <summary>The generated objects of the tests with large clusters.</summary>
public sealed class ClusterObjectsTests
{
    private static readonly string[] All = [.. ClusterObjects.Mixed(6_000)];

    [Fact]
    public void Equal_arguments_give_equal_objects_and_another_seed_gives_others()
    {
        Assert.Equal(All, ClusterObjects.Mixed(6_000));
        Assert.Equal(All.Where(text => (string)JsonNode.Parse(text)!["kind"]! == "Job"), ClusterObjects.Of("Job", 1_000));
        Assert.Empty(All.Intersect(ClusterObjects.Mixed(6_000, seed: 2)));
    }

    [Fact]
    public void Another_revision_has_the_same_identity_and_other_content()
    {
        var after = ClusterObjects.Mixed(6_000, revision: 1).ToArray();
        Assert.Equal(All.Select(Identity), after.Select(Identity));
        Assert.All(All.Zip(after), pair => Assert.NotEqual(pair.Item1, pair.Item2));
    }

    [Fact]
    public void Names_and_uids_are_unique()
    {
        Assert.Equal(All.Length, All.Select(Identity).Distinct().Count());
        Assert.Equal(All.Length, All.Select(text => (string)JsonNode.Parse(text)!["metadata"]!["uid"]!).Distinct().Count());
        Assert.Equal(ClusterObjects.Namespaces.Order(), All.Select(text => (string)JsonNode.Parse(text)!["metadata"]!["namespace"]!).Distinct().Order());
    }

    [Fact]
    public void Objects_are_as_large_as_those_of_real_clusters_and_take_one_line_each()
    {
        Assert.All(All, text => Assert.DoesNotContain('\n', text));
        foreach (var kind in ClusterObjects.Kinds)
            Assert.InRange(ClusterObjects.Of(kind, 1_000).Average(Encoding.UTF8.GetByteCount), 1_000, 3_000);
    }

    private static string Identity(string text)
    {
        var it = JsonNode.Parse(text)!;
        return $"{it["apiVersion"]} {it["kind"]} {it["metadata"]!["namespace"]}/{it["metadata"]!["name"]} {it["metadata"]!["uid"]}";
    }
}
