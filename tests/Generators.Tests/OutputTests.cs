namespace Kollect.Generators.Tests;

public sealed class OutputTests
{
    private static readonly (string Path, string Yaml)[] Crds =
        [.. Directory.EnumerateFiles(Repository.At("crds"), "kollect.dev_*.yaml").Order(StringComparer.Ordinal).Select(file => (file, File.ReadAllText(file)))];

    [Theory]
    [InlineData("Common.V1Alpha1")]
    [InlineData("KollectClusterInventory.V1Alpha1")]
    [InlineData("KollectClusterTarget.V1Alpha1")]
    [InlineData("KollectClusterScope.V1Alpha1")]
    [InlineData("KollectDatabaseSink.V1Alpha1")]
    [InlineData("KollectInventory.V1Alpha1")]
    [InlineData("KollectProfile.V1Alpha1")]
    [InlineData("KollectScope.V1Alpha1")]
    [InlineData("KollectTarget.V1Alpha1")]
    [InlineData("ObjectMeta")]
    public void The_models_of_the_CRDs_are_those_of_the_golden(string file)
    {
        var result = Generation.Run(Crds);
        Assert.Empty(result.Diagnostics);
        Golden.Verify(result.GeneratedSources.Single(source => source.HintName == file + ".g.cs").SourceText.ToString(), $"generator/{file}.cs");
    }

    [Fact]
    public void Beside_the_models_stands_what_they_need_at_run_time()
    {
        var files = Generation.Run(Crds).GeneratedSources.ToDictionary(source => source.HintName, source => source.SourceText.ToString());
        Assert.Equal(
            Directory.EnumerateFiles(Repository.At("Generators/Runtime")).Select(file => Path.ChangeExtension(Path.GetFileName(file), ".g.cs"))
                .Where(file => file != "IntOrString.g.cs").Order(StringComparer.Ordinal),
            files.Keys.Where(file => file != "ObjectMeta.g.cs" && !file.Contains("V1Alpha1", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        Golden.Verify(files["ModelList.g.cs"], "generator/ModelList.cs");
    }

    [Fact]
    public void Every_feature_of_a_schema_has_its_code()
    {
        var result = Generation.Run(("widget.yaml", File.ReadAllText(Repository.At("tests/Core.Tests/Models/widget.yaml"))));
        Assert.Empty(result.Diagnostics);
        Golden.Verify(result.GeneratedSources.Single(source => source.HintName == "Widget.V1.g.cs").SourceText.ToString(), "generator/Widget.V1.cs");
    }

    [Fact]
    public void A_shape_that_occurs_several_times_in_one_kind_becomes_one_type()
    {
        var models = TextOf(Generation.Run(Crds), "KollectDatabaseSink.V1Alpha1.g.cs");
        Assert.Contains("public KollectDatabaseSinkSecretRef? CaSecretRef", models, StringComparison.Ordinal);
        Assert.Single(models.Split("public sealed record KollectDatabaseSinkSecretRef").Skip(1));
        Assert.Single(models.Split("public sealed record KollectDatabaseSinkDatabaseRef").Skip(1));
    }

    [Fact]
    public void A_shape_of_several_kinds_becomes_one_type_in_a_common_model()
    {
        var result = Generation.Run(
            ("widget.yaml", Generation.Crd("frontDoor: { type: object, properties: { open: { type: boolean } } }")),
            ("gadget.yaml", Generation.Crd("door: { type: object, properties: { open: { type: boolean } } }", "WoodenGadget")));
        Assert.Equal(
            ["Widget.V1.g.cs", "WoodenGadget.V1.g.cs", "Common.V1.g.cs"],
            result.GeneratedSources.Select(source => source.HintName).Where(name => name.Contains(".V1.", StringComparison.Ordinal)));
        Assert.Contains("public sealed record Door : IJsonModel", TextOf(result, "Common.V1.g.cs"), StringComparison.Ordinal);
        Assert.Contains("public Door? FrontDoor", TextOf(result, "Widget.V1.g.cs"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_shape_whose_name_is_taken_keeps_separate_types()
    {
        const string Both = """
            status: { type: object, properties: { text: { type: string } } }
            bootStatus: { type: string, enum: ["on", "off"] }
            doorStatus: { type: string, enum: ["on", "off"] }
            """;
        var models = TextOf(Generation.Run(("widget.yaml", Generation.Crd(Both))), "Widget.V1.g.cs");
        Assert.Contains("public sealed record WidgetStatus ", models, StringComparison.Ordinal);
        Assert.Contains("public enum WidgetBootStatus", models, StringComparison.Ordinal);
        Assert.Contains("public enum WidgetDoorStatus", models, StringComparison.Ordinal);
    }

    [Fact]
    public void Other_YAML_is_ignored() => Assert.Empty(Generation.Run(("sample.yaml", "kind: Secret")).GeneratedSources);

    [Theory]
    [InlineData("")]
    [InlineData("false")]
    public void A_file_that_the_project_does_not_name_a_CRD_is_left_alone(string value)
    {
        var settings = new Generation.Settings { KollectCrd = value };
        var result = Generation.Driver(settings, ("widget.yaml", Generation.Crd("a: { type: string, multipleOf: 2 }")))
            .RunGenerators(Generation.Empty, TestContext.Current.CancellationToken).GetRunResult();
        Assert.Empty(result.GeneratedTrees);
        Assert.Empty(result.Diagnostics);
    }

    [Fact]
    public void A_version_that_is_not_served_has_no_models()
    {
        var yaml = Generation.Crd("a: { type: string }").Replace("name: v1", "name: v1\n    served: false", StringComparison.Ordinal);
        Assert.Empty(Generation.Run(("widget.yaml", yaml)).GeneratedSources);
    }

    private static string TextOf(Microsoft.CodeAnalysis.GeneratorRunResult result, string file) =>
        result.GeneratedSources.Single(source => source.HintName == file).SourceText.ToString();
}
