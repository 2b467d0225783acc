using System.Globalization;
using System.Text.Json;

namespace Kollect.Core.Collection.JsonPaths;

/// <summary>Parses the filter of a path: <c>?(@.type=="Ready")</c>.</summary>
internal static class FilterParser
{
    /// <summary>Longer operators come before their prefixes.</summary>
    private static readonly (string Text, Comparison Comparison)[] Operators =
    [
        ("==", Comparison.Equal), ("!=", Comparison.NotEqual),
        ("<=", Comparison.AtMost), (">=", Comparison.AtLeast), ("<", Comparison.Less), (">", Comparison.Greater),
    ];

    /// <summary>The result is meaningless if <see cref="PathCursor.Error"/> is set.</summary>
    public static PathCondition Condition(PathCursor cursor)
    {
        var start = cursor.At;
        cursor.Take("?");
        cursor.SkipSpace();
        var open = cursor.At;
        if (!cursor.Take("("))
        {
            cursor.Fail("a parenthesis must follow the question mark; write [?(@.name)]");
            return Nothing;
        }

        if (!cursor.EnterFilter())
        {
            cursor.Fail(start, FormattableString.Invariant($"filters are nested too deeply; at most {PathCursor.MaxFilterDepth} levels are possible"));
            return Nothing;
        }

        cursor.SkipSpace();
        var left = Operand(cursor);
        cursor.SkipSpace();
        var condition = cursor.Error is not null ? Nothing : cursor.Next == ')' ? Existence(cursor, left, open) : Comparing(cursor, left);
        cursor.SkipSpace();
        if (cursor.Error is null && !cursor.Take(")"))
        {
            if (cursor.IsAtEnd || cursor.Next == ']')
                cursor.Fail(open, "this parenthesis is never closed; add )");
            else
                cursor.Fail("the condition has ended here; one comparison is all that is possible in a filter");
        }

        cursor.LeaveFilter();
        return condition;
    }

    private static PathCondition Nothing => new PathCondition.Exists(new PathOperand.Path(false, []));

    private static PathCondition Existence(PathCursor cursor, PathOperand operand, int open)
    {
        if (operand is PathOperand.Path path)
            return new PathCondition.Exists(path);
        cursor.Fail(open + 1, "a value alone is no condition; write [?(@.name)] or [?(@.name==\"value\")]");
        return Nothing;
    }

    private static PathCondition Comparing(PathCursor cursor, PathOperand left)
    {
        var comparison = Operators.Where(it => cursor.Take(it.Text)).Select(it => Some(it.Comparison)).FirstOrDefault();
        if (!comparison.TrySome(out var by))
        {
            cursor.Fail(
                cursor.IsAtEnd ? "the filter is never closed; add )]"
                : cursor.Rest().StartsWith("=~", StringComparison.Ordinal) ? "regular expressions are not possible; write == or !="
                : cursor.Next == '=' ? "one = compares nothing; write =="
                : "one of ==, !=, <, <=, >, >= or ) belongs here");
            return Nothing;
        }

        cursor.SkipSpace();
        return new PathCondition.Compare(left, by, Operand(cursor));
    }

    private static PathOperand Operand(PathCursor cursor)
    {
        if (cursor.Next is '@' or '$')
            return new PathOperand.Path(cursor.TakeAny() == '$', PathParser.Steps(cursor));
        if (cursor.Next is '\'' or '"')
            return new PathOperand.Literal(JsonSerializer.SerializeToElement(PathParser.Quoted(cursor)));
        var start = cursor.At;
        var word = cursor.TakeWhile(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '+' or '.');
        if (Literal(word).TrySome(out var value))
            return new PathOperand.Literal(value);
        cursor.Fail(
            start,
            word.Length == 0
                ? "a path (@.name) or a value belongs here"
                : $"{word} is no value; put text in quotes, and write @.{word} for a field");
        return new PathOperand.Path(false, []);
    }

    private static Option<JsonElement> Literal(string word) => word switch
    {
        "true" => JsonSerializer.SerializeToElement(true),
        "false" => JsonSerializer.SerializeToElement(false),
        "null" => JsonSerializer.SerializeToElement<string?>(null),
        _ when decimal.TryParse(word, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) =>
            JsonSerializer.SerializeToElement(number),
        _ => None,
    };
}
