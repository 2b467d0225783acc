using Kollect.Core.Manifests;
using Kollect.Models.V1Alpha1;
using Kollect.Shell.Manifests;

namespace Kollect.Shell.Tests.Manifests;

public sealed class SampleTests
{
    public static TheoryData<string> Crds => new(
        Directory.EnumerateFiles(Repository.At("crds"), "kollect.dev_*.yaml").Select(file => Path.GetFileName(file)!).Order(StringComparer.Ordinal));

    [Theory]
    [InlineData("postgres.yaml")]
    [InlineData("mongodb.yaml")]
    [InlineData("bigquery.yaml")]
    public async Task The_sample_of_a_backend_is_a_valid_sink_with_its_Secret(string file)
    {
        var set = await Read($"crds/samples/{file}");
        Assert.Empty(set.Problems);
        Assert.Equal(["Secret", "KollectDatabaseSink"], set.Documents.Map(document => document.Kind).ToArray());
        Assert.True(SinkObject.Read(set.Documents[1].Bytes().Span).Spec.IsRight);
    }

    [Theory]
    [InlineData("inventory.yaml", "KollectTarget", "KollectInventory")]
    [InlineData("cluster-inventory.yaml", "KollectClusterTarget", "KollectClusterInventory")]
    public async Task The_sample_of_an_inventory_is_valid_with_its_profile_and_target(string file, string target, string inventory)
    {
        var set = await Read($"crds/samples/{file}");
        Assert.Empty(set.Problems);
        Assert.Equal(["KollectProfile", target, inventory], set.Documents.Map(document => document.Kind).ToArray());
        Assert.All(set.Documents, document =>
        {
            var result = Validate(document);
            Assert.Empty(result.Problems);
            Assert.Empty(result.Warnings);
        });
    }

    [Theory]
    [MemberData(nameof(Crds))]
    public async Task A_CRD_is_a_manifest_that_kubectl_could_apply(string file)
    {
        var set = await Read($"crds/{file}");
        Assert.Empty(set.Problems);
        Assert.Equal(("apiextensions.k8s.io/v1", "CustomResourceDefinition"), (set.Documents.Single().ApiVersion, set.Documents.Single().Kind));
    }

    private static ValidationResult Validate(ManifestDocument document) => document.Kind switch
    {
        "KollectProfile" => ManifestValidation.Validate(KollectProfile.ReadJson(document.Bytes().Span, out var structural)!, structural),
        "KollectTarget" => ManifestValidation.Validate(KollectTarget.ReadJson(document.Bytes().Span, out var structural)!, structural),
        "KollectClusterTarget" => ManifestValidation.Validate(KollectClusterTarget.ReadJson(document.Bytes().Span, out var structural)!, structural),
        "KollectInventory" => ManifestValidation.Validate(KollectInventory.ReadJson(document.Bytes().Span, out var structural)!, structural),
        "KollectClusterInventory" => ManifestValidation.Validate(KollectClusterInventory.ReadJson(document.Bytes().Span, out var structural)!, structural),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private static Task<ManifestSet> Read(string path) =>
        ManifestReader.ReadAsync([Repository.At(path)], Stream.Null, TestContext.Current.CancellationToken);
}
