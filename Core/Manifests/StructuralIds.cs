using Kollect.Core.Models;

namespace Kollect.Core.Manifests;

/// <summary>The ids of the problems that the schema finds in a manifest, KDB001 to KDB019.</summary>
internal static class StructuralIds
{
    public static string Of(StructuralProblemKind kind) => kind switch
    {
        StructuralProblemKind.UnknownField => "KDB001",
        StructuralProblemKind.MissingRequired => "KDB002",
        StructuralProblemKind.WrongType => "KDB003",
        StructuralProblemKind.NotInEnum => "KDB004",
        StructuralProblemKind.PatternMismatch => "KDB005",
        StructuralProblemKind.TooLong => "KDB006",
        StructuralProblemKind.TooShort => "KDB007",
        StructuralProblemKind.TooMany => "KDB008",
        StructuralProblemKind.TooFew => "KDB009",
        StructuralProblemKind.OutOfRange => "KDB010",
        StructuralProblemKind.BadFormat => "KDB011",
        StructuralProblemKind.DuplicateField => "KDB012",
        StructuralProblemKind.MalformedJson => "KDB013",
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}
