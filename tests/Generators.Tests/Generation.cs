using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;

namespace Kollect.Generators.Tests;

/// <summary>Runs the generator on files in memory.</summary>
internal static class Generation
{
    /// <summary>The base library, and nothing else.</summary>
    private static readonly MetadataReference[] BaseLibrary =
        [.. Directory.EnumerateFiles(Path.GetDirectoryName(typeof(object).Assembly.Location)!, "*.dll")
            .Where(file => Path.GetFileName(file) is "netstandard.dll" or "mscorlib.dll"
                || Path.GetFileName(file).StartsWith("System.", StringComparison.Ordinal))
            .Select(file => MetadataReference.CreateFromFile(file))];

    public static readonly CSharpCompilation Empty = Compilation("class Program;", Settings.OfKollect.Language);

    /// <summary>One source file, beside the base library.</summary>
    public static CSharpCompilation Compilation(string source, CSharpParseOptions language, CSharpCompilationOptions? options = null) =>
        CSharpCompilation.Create(
        "Models", [CSharpSyntaxTree.ParseText(source, language)], BaseLibrary, options ?? new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary));

    /// <summary>A driver that records the outcome of each step.</summary>
    public static GeneratorDriver Driver(params (string Path, string Yaml)[] files) => Driver(Settings.OfKollect, files);

    /// <summary>The same in a project with other settings.</summary>
    public static GeneratorDriver Driver(Settings settings, params (string Path, string Yaml)[] files) => CSharpGeneratorDriver.Create(
        [new CrdModelGenerator().AsSourceGenerator()],
        files.Select(file => (AdditionalText)new InMemory(file.Path, file.Yaml)),
        parseOptions: settings.Language,
        optionsProvider: settings,
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

    /// <summary>What MSBuild tells the generator about a project.</summary>
    internal sealed class Settings : AnalyzerConfigOptionsProvider
    {
        public static Settings OfKollect { get; } = new() { RootNamespace = "Kollect" };

        /// <summary>With the documentation checked, as where a project generates its file.</summary>
        public CSharpParseOptions Language { get; init; } = new(LanguageVersion.CSharp12, DocumentationMode.Diagnose);

        public string RootNamespace { get; init; } = "";

        /// <summary>The property of the project.</summary>
        public string KollectNamespace { get; init; } = "";

        /// <summary>The metadata of a file, by its path.</summary>
        public Dictionary<string, string> KollectNamespaces { get; init; } = [];

        /// <summary>The value of <c>KollectCrd</c> of each file.</summary>
        public string KollectCrd { get; init; } = "true";

        public override AnalyzerConfigOptions GlobalOptions => new Options(new()
        {
            ["build_property.RootNamespace"] = RootNamespace,
            ["build_property.KollectNamespace"] = KollectNamespace,
        });

        public override AnalyzerConfigOptions GetOptions(SyntaxTree tree) => new Options([]);

        public override AnalyzerConfigOptions GetOptions(AdditionalText textFile) => new Options(new()
        {
            ["build_metadata.AdditionalFiles.KollectCrd"] = KollectCrd,
            ["build_metadata.AdditionalFiles.KollectNamespace"] = KollectNamespaces.GetValueOrDefault(textFile.Path, ""),
        });
    }

    private sealed class Options(Dictionary<string, string> values) : AnalyzerConfigOptions
    {
        public override bool TryGetValue(string key, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out string? value) =>
            values.TryGetValue(key, out value);
    }
}
