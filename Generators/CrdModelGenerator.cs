using Kollect.Generators.Emit;
using Kollect.Generators.Model;
using Kollect.Generators.Schema;
using Microsoft.CodeAnalysis;

namespace Kollect.Generators;

/// <summary>
/// Emits C# models from the CRD schemas that a project lists as additional files (<c>*.yaml</c>). Three steps, each with a result that
/// compares by content: read the schema, choose the names, print the file.
/// </summary>
[Generator(LanguageNames.CSharp)]
public sealed class CrdModelGenerator : IIncrementalGenerator
{
    /// <summary>Names of the steps; a test verifies that an unrelated edit leaves them cached.</summary>
    internal static readonly string[] Steps = ["Schema", "Model", "Text"];

    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        var rootNamespace = context.AnalyzerConfigOptionsProvider.Select(static (options, _) =>
            options.GlobalOptions.TryGetValue("build_property.RootNamespace", out var name) && name.Length > 0 ? name : "Models");
        var files = context.AdditionalTextsProvider
            .Where(static file => file.Path.EndsWith(".yaml", StringComparison.OrdinalIgnoreCase))
            .Select(static (file, cancel) => CrdReader.Read(file.Path, file.GetText(cancel)?.ToString() ?? ""))
            .WithTrackingName(Steps[0]);
        context.RegisterSourceOutput(
            files.SelectMany(static (file, _) => file.Problems),
            static (output, problem) => output.ReportDiagnostic(Diagnostics.Of(problem)));

        var models = files.SelectMany(static (file, _) => file.Versions).Collect().Combine(rootNamespace)
            .SelectMany(static (pair, _) => pair.Left.GroupBy(crd => crd.Version).SelectMany(crds => ModelBuilder.Build(pair.Right, crds.ToArray())))
            .WithTrackingName(Steps[1]);
        var texts = models.Select(static (model, _) => (Name: FileName(model), Text: FileEmitter.Emit(model))).WithTrackingName(Steps[2]);
        context.RegisterSourceOutput(texts, static (output, file) => output.AddSource(file.Name, file.Text));
        context.RegisterSourceOutput(rootNamespace, static (output, name) =>
            output.AddSource("ObjectMeta.g.cs", FileEmitter.Emit(ModelBuilder.BuildObjectMeta(name, ObjectMetaSchema.Read()))));
    }

    /// <summary><c>KollectDatabaseSink.V1Alpha1.g.cs</c></summary>
    private static string FileName(CrdModel model) => $"{model.Name}.{model.Namespace.Substring(model.Namespace.LastIndexOf('.') + 1)}.g.cs";
}
