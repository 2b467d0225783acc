using System.Text.RegularExpressions;

namespace Kollect.Generators.Schema;

/// <summary>
/// The <c>pattern</c> of a text. The API server reads it as RE2, our reader as a .NET expression without backtracking: what only .NET
/// knows is refused here, because the API server would not take the CRD and our reader would throw.
/// </summary>
internal static class SchemaPattern
{
    /// <summary><c>\(</c>, <c>\\</c> and the like, which begin nothing.</summary>
    private const string Escaped = @"\\[^1-9]";

    /// <summary>Lookaround, such as <c>(?=a)</c> and <c>(?&lt;!a)</c>; the atomic group <c>(?&gt;a)</c>; the back-reference <c>\1</c>.</summary>
    private const string NotInRe2 = @"\(\?(<?[=!]|>)|\\[1-9]";

    /// <summary>Null = none, or one that was reported.</summary>
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
