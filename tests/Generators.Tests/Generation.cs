using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;

namespace Kollect.Generators.Tests;

/// <summary>Runs the generator on files in memory.</summary>
internal static class Generation
{
    public static readonly CSharpCompilation Empty = CSharpCompilation.Create(
        "Models", [CSharpSyntaxTree.ParseText("class Program;")], options: new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary));

    /// <summary>A driver that records the outcome of each step.</summary>
    public static GeneratorDriver Driver(params (string Path, string Yaml)[] files) => CSharpGeneratorDriver.Create(
        [new CrdModelGenerator().AsSourceGenerator()],
        files.Select(file => (AdditionalText)new InMemory(file.Path, file.Yaml)),
        optionsProvider: new RootNamespace("Kollect.Core"),
        driverOptions: new GeneratorDriverOptions(IncrementalGeneratorOutputKind.None, trackIncrementalGeneratorSteps: true));

    public static GeneratorRunResult Run(params (string Path, string Yaml)[] files) =>
        Driver(files).RunGenerators(Empty, TestContext.Current.CancellationToken).GetRunResult().Results.Single();

    /// <summary>A CRD with the given properties in its <c>spec</c>, which start in line <see cref="FirstLine"/>.</summary>
    public static string Crd(string properties, string kind = "Widget") => $"""
        kind: CustomResourceDefinition
        spec:
          group: example.org
          names:
            kind: {kind}
          versions:
          - name: v1
            schema:
              openAPIV3Schema:
                type: object
                properties:
        {string.Join("\n", properties.Split('\n').Select(line => "          " + line))}
        """;

    /// <summary>Counted from one.</summary>
    public const int FirstLine = 12;

    internal sealed class InMemory(string path, string text) : AdditionalText
    {
        public override string Path => path;

        public override SourceText GetText(CancellationToken cancellationToken = default) => SourceText.From(text);
    }

    private sealed class RootNamespace(string name) : AnalyzerConfigOptionsProvider
    {
        public override AnalyzerConfigOptions GlobalOptions { get; } = new Options(new() { ["build_property.RootNamespace"] = name });

        public override AnalyzerConfigOptions GetOptions(SyntaxTree tree) => new Options([]);

        public override AnalyzerConfigOptions GetOptions(AdditionalText textFile) => new Options([]);
    }

    private sealed class Options(Dictionary<string, string> values) : AnalyzerConfigOptions
    {
        public override bool TryGetValue(string key, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out string? value) =>
            values.TryGetValue(key, out value);
    }
}
