namespace Kollect.Generators.Tests;

public sealed class OutputTests
{
    private const string Crd = "crds/kollect.dev_kollectdatabasesinks.yaml";

    [Theory]
    [InlineData("KollectDatabaseSink.V1Alpha1.g.cs", "generator/KollectDatabaseSink.V1Alpha1.cs")]
    [InlineData("ObjectMeta.g.cs", "generator/ObjectMeta.cs")]
    public void The_models_of_the_sink_are_these(string file, string golden)
    {
        var result = Generation.Run((Crd, File.ReadAllText(Repository.At(Crd))));
        Assert.Empty(result.Diagnostics);
        Golden.Verify(result.GeneratedSources.Single(source => source.HintName == file).SourceText.ToString(), golden);
    }

    [Fact]
    public void Every_feature_of_a_schema_has_its_code()
    {
        var result = Generation.Run(("widget.yaml", File.ReadAllText(Repository.At("tests/Core.Tests/Models/widget.yaml"))));
        Assert.Empty(result.Diagnostics);
        Golden.Verify(result.GeneratedSources.Single(source => source.HintName == "Widget.V1.g.cs").SourceText.ToString(), "generator/Widget.V1.cs");
    }

    [Fact]
    public void A_shape_that_stands_at_several_places_becomes_one_type()
    {
        var text = File.ReadAllText(Repository.At(Crd));
        var models = Generation.Run((Crd, text)).GeneratedSources.Single(source => source.HintName.StartsWith("Kollect", StringComparison.Ordinal)).SourceText.ToString();
        Assert.Contains("public KollectDatabaseSinkRef? CaSecretRef", models, StringComparison.Ordinal);
        Assert.Single(models.Split("public sealed record KollectDatabaseSinkRef").Skip(1));
    }

    [Fact]
    public void Other_yaml_is_left_alone() =>
        Assert.Equal(["ObjectMeta.g.cs"], Generation.Run(("sample.yaml", "kind: Secret")).GeneratedSources.Select(source => source.HintName));

    [Fact]
    public void A_version_that_is_not_served_has_no_models()
    {
        var yaml = Generation.Crd("a: { type: string }").Replace("name: v1", "name: v1\n    served: false", StringComparison.Ordinal);
        Assert.Equal(["ObjectMeta.g.cs"], Generation.Run(("widget.yaml", yaml)).GeneratedSources.Select(source => source.HintName));
    }
}
