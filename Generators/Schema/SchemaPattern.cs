using System.Text.RegularExpressions;

namespace Kollect.Generators.Schema;

/// <summary>
/// The <c>pattern</c> of a text. The API server compiles it as RE2, the generated reader as a .NET expression without backtracking. Syntax that
/// only .NET supports is refused here: the API server would refuse the CRD, and the reader would throw.
/// </summary>
internal static class SchemaPattern
{
    /// <summary><c>\(</c>, <c>\\</c> and similar escapes, which start no construct.</summary>
    private const string Escaped = @"\\[^1-9]";

    /// <summary>Lookaround, such as <c>(?=a)</c> and <c>(?&lt;!a)</c>; the atomic group <c>(?&gt;a)</c>; the back-reference <c>\1</c>.</summary>
    private const string NotInRe2 = @"\(\?(<?[=!]|>)|\\[1-9]";

    /// <summary>Null = there is no pattern, or it was reported.</summary>
    public static string? Read(YamlMap schema)
    {
        var pattern = schema.Text("pattern");
        if (pattern is null || Fault(pattern) is not { } fault)
            return pattern;
        schema.Report(Diagnostics.BadValue.Id, schema.Find("pattern")!, pattern, fault);
        return null;
    }

    private static string? Fault(string pattern)
    {
        try
        {
            _ = new Regex(pattern);
        }
        catch (ArgumentException error)
        {
            return error.Message;
        }

        return Regex.IsMatch(Regex.Replace(pattern, Escaped, ""), NotInRe2)
            ? "RE2 has no lookaround, no atomic group and no back-reference"
            : null;
    }
}
