using System.Globalization;
using System.Text;

namespace Kollect.Core.Collection.JsonPaths;

/// <summary>Parses a path into steps. The result is meaningless if <see cref="PathCursor.Error"/> is set.</summary>
internal static class PathParser
{
    /// <summary>The characters that end a name after a dot; in quotes and after a backslash they are ordinary characters.</summary>
    private const string NotInNames = ".,[](){}'\"*?=<>!|&@$^~#;\\";

    private static readonly string TooManyDescents = FormattableString.Invariant(
        $"each .. searches all values below those found before, and {JsonPath.MaxDescents} of them are possible in a path and its filters; name the fields");

    /// <summary>Parses a whole path: <c>$.spec.replicas</c>, also without the dollar and in braces.</summary>
    public static Seq<PathStep> Document(PathCursor cursor)
    {
        cursor.EnterDocument();
        if (cursor.Error is not null)
            return [];
        cursor.SkipSpace();
        if (cursor.IsAtEnd)
            cursor.Fail("a path is missing; write for instance $.spec.replicas");
        else if (cursor.Rest().Trim() == ".")
            cursor.Take(".");
        else if (!cursor.Take("$") && !cursor.Take("@") && cursor.Next is not ('.' or '['))
            cursor.Fail("a path begins with $ or a dot" + (cursor.Rest().All(c => IsInName(c) || c == '.') ? $"; write $.{cursor.Rest()}" : ""));
        var steps = Steps(cursor);
        cursor.SkipSpace();
        if (!cursor.IsAtEnd)
            cursor.Fail(
                cursor.Next == '}' ? "the path has ended here; one path in braces is all that is possible"
                : IsInName(cursor.Next) ? "a dot or a bracket belongs here"
                : "this cannot stand here; a name with such characters is written in brackets and quotes: ['a.b']");
        return steps;
    }

    /// <summary>Parses steps until no further step begins.</summary>
    public static Seq<PathStep> Steps(PathCursor cursor)
    {
        var steps = new List<PathStep>();
        while (cursor.Error is null && cursor.Next is '.' or '[')
        {
            var start = cursor.At;
            if (cursor.Take(".."))
            {
                if (!cursor.Descend())
                    cursor.Fail(start, TooManyDescents);
                steps.Add(new PathStep.Descendants());
                if (cursor.Next != '[')
                    steps.Add(NameOrStar(cursor));
            }
            else if (cursor.Take("."))
            {
                // Kubernetes reads .['a'] as ['a'].
                if (cursor.Next != '[')
                    steps.Add(NameOrStar(cursor));
            }
            else
            {
                steps.Add(Bracket(cursor));
            }
        }

        return steps.ToArray().ToSeq();
    }

    /// <summary>Parses a text in single or double quotes; a backslash escapes the next character.</summary>
    public static string Quoted(PathCursor cursor)
    {
        var (start, quote) = (cursor.At, cursor.TakeAny());
        var value = new StringBuilder();
        while (!cursor.IsAtEnd && cursor.Next != quote)
        {
            cursor.Take("\\");
            if (!cursor.IsAtEnd)
                value.Append(cursor.TakeAny());
        }

        if (!cursor.Take(quote.ToString()))
            cursor.Fail(start, $"this quote is never closed; add {quote}");
        return value.ToString();
    }

    private static PathStep NameOrStar(PathCursor cursor)
    {
        if (cursor.Take("*"))
            return new PathStep.All();
        var name = new StringBuilder();
        while (cursor.Error is null && (IsInName(cursor.Next) || cursor.Next == '\\'))
        {
            if (cursor.Take("\\") && cursor.IsAtEnd)
                cursor.Fail("a character must follow the backslash");
            else
                name.Append(cursor.TakeAny());
        }

        if (name.Length == 0)
            cursor.Fail(cursor.IsAtEnd
                ? "a name must follow the dot"
                : "a name must follow the dot; one with such characters is written in brackets and quotes: ['a.b']");
        return new PathStep.Field(name.ToString());
    }

    private static PathStep Bracket(PathCursor cursor)
    {
        var open = cursor.At;
        cursor.Take("[");
        cursor.SkipSpace();
        var parts = new List<PathStep> { BracketPart(cursor, open) };
        cursor.SkipSpace();
        while (cursor.Error is null && cursor.Take(","))
        {
            cursor.SkipSpace();
            parts.Add(BracketPart(cursor, open));
            cursor.SkipSpace();
        }

        if (cursor.Error is null && !cursor.Take("]"))
            cursor.Fail(cursor.IsAtEnd ? open : cursor.At, cursor.IsAtEnd ? "this bracket is never closed; add ]" : "a ] or a comma belongs here");
        return parts.Count == 1 ? parts[0] : new PathStep.Union(parts.ToArray().ToSeq());
    }

    private static PathStep BracketPart(PathCursor cursor, int open)
    {
        switch (cursor.Next)
        {
            case '*':
                cursor.Take("*");
                return new PathStep.All();
            case '\'' or '"':
                return new PathStep.Field(Quoted(cursor));
            case '?':
                return new PathStep.Where(FilterParser.Condition(cursor));
            case '-' or ':' or (>= '0' and <= '9'):
                return IndexOrSlice(cursor);
            case '(':
                cursor.Fail("expressions in brackets are not evaluated; the last item is [-1]");
                break;
            default:
                if (cursor.IsAtEnd)
                    cursor.Fail(open, "this bracket is never closed; add ]");
                else
                    cursor.Fail("a number, a name in quotes, * or a filter ?(…) belongs into the brackets");
                break;
        }

        return new PathStep.All();
    }

    private static PathStep IndexOrSlice(PathCursor cursor)
    {
        var from = Number(cursor);
        if (!cursor.Take(":"))
            return new PathStep.Item(from.IfNone(0));
        var to = Number(cursor);
        var stepAt = cursor.At + 1;
        var every = cursor.Take(":") ? Number(cursor).IfNone(1) : 1;
        if (every <= 0)
            cursor.Fail(stepAt, "the step of a slice must be 1 or more");
        return new PathStep.Slice(from, to, every);
    }

    /// <summary>None = the number is omitted, as in <c>[:2]</c>.</summary>
    private static Option<int> Number(PathCursor cursor)
    {
        var start = cursor.At;
        var sign = cursor.Take("-") ? "-" : "";
        var digits = cursor.TakeWhile(char.IsAsciiDigit);
        if (sign.Length + digits.Length == 0)
            return None;
        if (int.TryParse(sign + digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
            return number;
        cursor.Fail(start, digits.Length == 0 ? "digits must follow the minus" : "an index has at most 32 bits");
        return None;
    }

    private static bool IsInName(char c) => !char.IsControl(c) && !char.IsWhiteSpace(c) && !NotInNames.Contains(c);
}
