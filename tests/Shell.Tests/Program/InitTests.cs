using System.Text.Json.Nodes;
using Kollect.Shell.Manifests;
using Kollect.Shell.Tests.Manifests;
using static Kollect.Shell.Tests.Program.Kollect;

namespace Kollect.Shell.Tests.Program;

/// <summary><c>kollect init</c>: manifests that are valid as they are.</summary>
public sealed class InitTests
{
    [Theory]
    [InlineData("postgres")]
    [InlineData("mongodb")]
    [InlineData("bigquery")]
    public async Task The_manifests_of_each_backend_are_valid(string backend)
    {
        var manifests = (await RunAsync(["init", backend, "--name", "portal", "--namespace", "shop", "--cluster", "prod"])).Output;
        Golden.Verify(manifests, $"cli/init-{backend}.yaml");
        await AssertValidAsync(manifests);
    }

    [Theory]
    [InlineData("1e3", "0x10", "true")]
    [InlineData("no", "null", "a: #b")]
    [InlineData("my-namespace", "my-cluster", "my-inventory")]
    public async Task Names_that_YAML_would_take_for_something_else_are_quoted(string name, string @namespace, string cluster)
    {
        var manifests = (await RunAsync(["init", "postgres", "--name", name, "--namespace", @namespace, "--cluster", cluster])).Output;
        await AssertValidAsync(manifests);
        using var folder = new TemporaryFolder();
        var read = await ManifestReader.ReadAsync([folder.Write("a.yaml", manifests)], Stream.Null, TestContext.Current.CancellationToken);
        var objects = read.Documents.Map(it => JsonNode.Parse(it.Bytes().Span)!).ToArray();
        Assert.All(objects, it => Assert.Equal(@namespace, (string?)it["metadata"]!["namespace"]));
        Assert.Equal([name + "-connection", name, "deployments", "deployments", name], objects.Select(it => (string?)it["metadata"]!["name"]));
        Assert.Equal(cluster, (string?)objects[1]["spec"]!["cluster"]);
        Assert.Equal(name, (string?)objects[4]["spec"]!["databaseSinkRefs"]![0]);
    }

    private static async Task AssertValidAsync(string manifests)
    {
        var result = await RunAsync(["validate", "-f", "-"], manifests);
        Assert.Equal("1 sink, 3 other objects of kollect.dev, 1 Secret: 0 problems, 0 warnings\n", result.Output);
        Assert.Equal(0, result.ExitCode);
    }
}
