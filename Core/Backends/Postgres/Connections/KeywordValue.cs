using System.Text;

namespace Kollect.Core.Backends.Postgres.Connections;

/// <summary>
/// libpq's keyword/value form (PostgreSQL manual, "Keyword/Value Connection Strings"): <c>host=db port=5432 password='it\'s'</c>.
/// Extension to libpq: a doubled quote inside quotes is read as one quote, as in SQL.
/// </summary>
internal static class KeywordValue
{
    /// <summary>The pairs in order. Left = position and cause of the error.</summary>
    public static Either<string, Seq<Parameter>> Read(string text)
    {
        var pairs = Seq<Parameter>();
        for (var at = SkipSpace(text, 0); at < text.Length; at = SkipSpace(text, at))
        {
            var name = at;
            while (at < text.Length && text[at] != '=' && !IsSpace(text[at]))
                at++;
            var nameEnd = at;
            at = SkipSpace(text, at);
            if (at >= text.Length || text[at] != '=' || nameEnd == name)
                return $"character {name + 1}: expected name=value; put a value with spaces in single quotes and write a quote inside as \\'";

            at = SkipSpace(text, at + 1);
            var quoted = at < text.Length && text[at] == '\'';
            var value = new StringBuilder();
            var end = quoted ? ReadQuoted(text, at + 1, value) : ReadPlain(text, at, value);
            if (end < 0)
                return $"character {at + 1}: the quote that opens here is never closed";
            pairs = pairs.Add(new Parameter(text[name..nameEnd], value.ToString(), name + 1, quoted));
            at = end;
        }

        return pairs;
    }

    private static int ReadPlain(string text, int at, StringBuilder value)
    {
        for (; at < text.Length && !IsSpace(text[at]); at++)
        {
            if (text[at] == '\\' && ++at >= text.Length)
                break;
            value.Append(text[at]);
        }

        return at;
    }

    /// <summary>The index after the closing quote; -1 = the quote is not closed.</summary>
    private static int ReadQuoted(string text, int at, StringBuilder value)
    {
        for (; at < text.Length; at++)
        {
            if (text[at] == '\\' && at + 1 < text.Length)
                at++;
            else if (text[at] == '\'')
            {
                if (at + 1 >= text.Length || text[at + 1] != '\'')
                    return at + 1;
                at++;
            }

            value.Append(text[at]);
        }

        return -1;
    }

    private static int SkipSpace(string text, int at)
    {
        while (at < text.Length && IsSpace(text[at]))
            at++;
        return at;
    }

    /// <summary>C's <c>isspace</c>, as in libpq: a no-break space is part of a value.</summary>
    private static bool IsSpace(char c) => c is ' ' or (>= '\t' and <= '\r');
}
