namespace Kollect.Core.Models;

/// <summary>One place where a document does not have the shape that its schema states.</summary>
/// <param name="Kind">What is wrong.</param>
/// <param name="Path">As Kubernetes writes it: <c>spec.postgres.table</c>, <c>spec.options[work_mem]</c>, <c>status.conditions[0].type</c>; empty = the document itself.</param>
/// <param name="Message">The value, the limit with its unit, and the nearest allowed value or field where one is near.</param>
public sealed record StructuralProblem(StructuralProblemKind Kind, string Path, string Message);

/// <summary>The ways in which a document can differ from its schema.</summary>
public enum StructuralProblemKind
{
    /// <summary>Not JSON, not UTF-8, nested deeper than 64 levels, or half a surrogate pair in a string.</summary>
    MalformedJson,

    /// <summary>A field that the schema does not know; it is kept.</summary>
    UnknownField,

    /// <summary>The same field twice in one object; the last one counts.</summary>
    DuplicateField,

    /// <summary>A required field is absent or null.</summary>
    MissingRequired,

    /// <summary>Text where a number is wanted, and the like.</summary>
    WrongType,

    /// <summary>None of the values that the schema lists.</summary>
    NotInEnum,

    /// <summary>The text does not match the schema's regular expression.</summary>
    PatternMismatch,

    /// <summary>More characters (Unicode code points) than allowed.</summary>
    TooLong,

    /// <summary>Fewer characters (Unicode code points) than demanded.</summary>
    TooShort,

    /// <summary>More items or entries than allowed.</summary>
    TooMany,

    /// <summary>Fewer items or entries than demanded.</summary>
    TooFew,

    /// <summary>A number below the minimum, above the maximum, or outside its integer width.</summary>
    OutOfRange,

    /// <summary>No base64 (format byte) or no RFC 3339 time (format date-time).</summary>
    BadFormat,
}
