using Microsoft.CodeAnalysis;

namespace Kollect.Generators;

/// <summary>Emits C# models from the CRD schemas that a project lists as additional files.</summary>
[Generator(LanguageNames.CSharp)]
public sealed class CrdModelGenerator : IIncrementalGenerator
{
    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
    }
}
