using Kollect.Generators.Emit;
using Kollect.Generators.Model;
using Kollect.Generators.Schema;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Kollect.Generators;

/// <summary>
/// Emits C# models from the CRDs among the additional files of a project: those with the metadata <c>KollectCrd="true"</c>. Three steps, each with a
/// result that compares by content: read the schema, choose the names, print the file.
/// </summary>
[Generator(LanguageNames.CSharp)]
public sealed class CrdModelGenerator : IIncrementalGenerator
{
    /// <summary>Names of the steps; a test verifies that an unrelated edit leaves them cached.</summary>
    internal static readonly string[] Steps = ["Schema", "Model", "Text"];

    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        var files = context.AdditionalTextsProvider.Combine(context.AnalyzerConfigOptionsProvider)
            .Select(static (pair, _) => (File: pair.Left, Options: pair.Right.GetOptions(pair.Left)))
            .Where(static it => string.Equals(Metadata(it.Options, "KollectCrd"), "true", StringComparison.OrdinalIgnoreCase))
            .Select(static (it, cancel) => CrdReader.Read(it.File.Path, it.File.GetText(cancel)?.ToString() ?? "", Metadata(it.Options, "KollectNamespace")))
            .WithTrackingName(Steps[0]);
        var shared = context.AnalyzerConfigOptionsProvider.Select(static (options, _) => SharedNamespace(options.GlobalOptions));
        var crds = files.Collect().Combine(shared).Select(static (pair, _) => new CrdSet(pair.Right, new(pair.Left)));
        var lack = context.CompilationProvider.Select(static (compilation, _) => Lack(compilation));

        context.RegisterSourceOutput(
            crds.SelectMany(static (set, _) => set.Problems), static (output, problem) => output.ReportDiagnostic(Diagnostics.Of(problem)));
        context.RegisterSourceOutput(crds.Combine(lack), static (output, pair) =>
        {
            if (pair.Right is { } missing && pair.Left.Files.Count > 0)
                output.ReportDiagnostic(Diagnostic.Create(Diagnostics.TooOld, Location.None, missing));
        });

        var models = crds.Combine(lack).SelectMany(static (pair, _) => pair.Right is null ? pair.Left.Models : []).WithTrackingName(Steps[1]);
        var texts = models.Select(static (model, _) => (Name: FileName(model), Text: FileEmitter.Emit(model))).WithTrackingName(Steps[2]);
        context.RegisterSourceOutput(texts, static (output, file) => output.AddSource(file.Name, file.Text));

        var usesIntOrString = models.Collect().Select(static (models, _) => models.IsEmpty ? (bool?)null : models.Any(model => model.UsesIntOrString));
        context.RegisterSourceOutput(usesIntOrString.Combine(shared), static (output, pair) =>
        {
            if (pair.Left is not { } withIntOrString)
                return;
            output.AddSource("ObjectMeta.g.cs", FileEmitter.Emit(ModelBuilder.BuildObjectMeta(pair.Right, ObjectMetaSchema.Read())));
            foreach (var (name, text) in RuntimeFiles.Emit(pair.Right, withIntOrString))
                output.AddSource($"{name}.g.cs", text);
        });
    }

    /// <summary>The namespace of the types that all models share, and the default above that of the models.</summary>
    private static string SharedNamespace(AnalyzerConfigOptions options) =>
        Property(options, "KollectNamespace") is { } chosen ? Namespaces.Valid(chosen) : Namespaces.OfModels(Property(options, "RootNamespace") ?? "");

    /// <summary>What the emitted code needs and the compilation does not have; null = nothing.</summary>
    private static string? Lack(Compilation compilation) =>
        compilation is CSharpCompilation { LanguageVersion: < LanguageVersion.CSharp12 } old
            ? $"C# 12 or later, and the project compiles C# {old.LanguageVersion.ToDisplayString()}: set LangVersion"
        : compilation.GetTypeByMetadataName("System.Runtime.CompilerServices.CollectionBuilderAttribute") is null
            ? ".NET 8 or later: set TargetFramework to net8.0 or later"
        : null;

    private static string? Property(AnalyzerConfigOptions options, string name) => NonEmpty(options, $"build_property.{name}");

    private static string? Metadata(AnalyzerConfigOptions options, string name) => NonEmpty(options, $"build_metadata.AdditionalFiles.{name}");

    private static string? NonEmpty(AnalyzerConfigOptions options, string key) => options.TryGetValue(key, out var value) && value.Length > 0 ? value : null;

    /// <summary><c>KollectDatabaseSink.V1Alpha1.g.cs</c>; with the whole namespace where that was chosen for the file.</summary>
    private static string FileName(CrdModel model) => model.Namespace.StartsWith($"{model.Shared}.", StringComparison.Ordinal)
        ? $"{model.Name}.{model.Namespace.Substring(model.Namespace.LastIndexOf('.') + 1)}.g.cs"
        : $"{model.Namespace.Replace("@", "")}.{model.Name}.g.cs";
}
