namespace Kollect.Models;

/// <summary>One value of a document that does not match its schema.</summary>
/// <param name="Kind">In which way it differs.</param>
/// <param name="Path">
/// As Kubernetes writes it: <c>spec.postgres.table</c>, <c>spec.options[work_mem]</c>, <c>status.conditions[0].type</c>; empty = the document itself.
/// </param>
/// <param name="Message">The value, the limit with its unit, and the nearest allowed value or field if one is similar.</param>
public sealed record StructuralProblem(StructuralProblemKind Kind, string Path, string Message);

/// <summary>The ways in which a document can differ from its schema.</summary>
public enum StructuralProblemKind
{
    /// <summary>The document is not JSON or not UTF-8, is nested deeper than 64 levels, or has a lone surrogate in a string.</summary>
    MalformedJson,

    /// <summary>A field that the schema does not define; it is kept.</summary>
    UnknownField,

    /// <summary>A field that occurs twice in one object; the last one counts.</summary>
    DuplicateField,

    /// <summary>A required field is absent or null.</summary>
    MissingRequired,

    /// <summary>A value of another type than the schema states, e.g. text for a number.</summary>
    WrongType,

    /// <summary>A value that the schema does not list.</summary>
    NotInEnum,

    /// <summary>The text does not match the schema's regular expression.</summary>
    PatternMismatch,

    /// <summary>More characters (Unicode code points) than allowed.</summary>
    TooLong,

    /// <summary>Fewer characters (Unicode code points) than required.</summary>
    TooShort,

    /// <summary>More items or entries than allowed.</summary>
    TooMany,

    /// <summary>Fewer items or entries than required.</summary>
    TooFew,

    /// <summary>A number below the minimum, above the maximum, or outside the range of its integer type.</summary>
    OutOfRange,

    /// <summary>A text that is not base64 (format byte) or not an RFC 3339 time (format date-time).</summary>
    BadFormat,
}
