using System.Text;
using System.Text.Json.Nodes;

namespace Kollect.Shell.Tests.Operator.Inventories;

/// <summary>The objects that the large tests are made of.</summary>
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
    public void Another_revision_of_an_object_is_the_same_one_after_a_change()
    {
        var after = ClusterObjects.Mixed(6_000, revision: 1).ToArray();
        Assert.Equal(All.Select(Identity), after.Select(Identity));
        Assert.All(All.Zip(after), pair => Assert.NotEqual(pair.Item1, pair.Item2));
    }

    [Fact]
    public void No_two_objects_have_a_name_or_a_uid_in_common()
    {
        Assert.Equal(All.Length, All.Select(Identity).Distinct().Count());
        Assert.Equal(All.Length, All.Select(text => (string)JsonNode.Parse(text)!["metadata"]!["uid"]!).Distinct().Count());
        Assert.Equal(ClusterObjects.Namespaces.Order(), All.Select(text => (string)JsonNode.Parse(text)!["metadata"]!["namespace"]!).Distinct().Order());
    }

    [Fact]
    public void They_are_as_large_as_those_of_real_clusters_and_one_line_each()
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
