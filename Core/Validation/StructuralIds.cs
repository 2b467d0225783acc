using Kollect.Core.Models.V1Alpha1;

namespace Kollect.Core.Validation;

/// <summary>The ids of what the schema alone can say about a manifest, KDB001 to KDB019.</summary>
internal static class StructuralIds
{
    public static string Of(StructuralProblemKind kind) => kind switch
    {
        StructuralProblemKind.UnknownField => "KDB001",
        StructuralProblemKind.Missing => "KDB002",
        StructuralProblemKind.WrongType => "KDB003",
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}
