using System.Text.Json;
using Json.Schema;

namespace Kollect.Shell.Tests.Program;

/// <summary>The published schema of <c>-o json</c>.</summary>
internal static class OutputSchema
{
    private static readonly JsonSchema Schema = JsonSchema.FromFile(Repository.At("docs/reference/cli-output.schema.json"));

    /// <summary>One document of this kind, with nothing beside it.</summary>
    public static void AssertValid(string output, string kind)
    {
        using var document = JsonDocument.Parse(output);
        var result = Schema.Evaluate(document.RootElement, new EvaluationOptions { OutputFormat = OutputFormat.Hierarchical, RequireFormatValidation = true });
        Assert.True(result.IsValid, $"{JsonSerializer.Serialize(result)}\n{output}");
        Assert.Equal(kind, document.RootElement.GetProperty("kind").GetString());
    }
}
