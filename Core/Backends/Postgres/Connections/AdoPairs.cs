using System.Text;

namespace Kollect.Core.Backends.Postgres.Connections;

/// <summary>
/// The form of .NET drivers (System.Data.Common.DbConnectionStringBuilder), which Npgsql reads:
/// <c>Host=db;Username=app;Password="a;b""c"</c>.
/// </summary>
internal static class AdoPairs
{
    /// <summary>The pairs in order, names as written. Left = position and cause of the error.</summary>
    public static Either<string, Seq<Parameter>> Read(string text)
    {
        var pairs = Seq<Parameter>();
        for (var at = SkipEmpty(text, 0); at < text.Length; at = SkipEmpty(text, at))
        {
            var start = at;
            var (name, valueAt) = ReadName(text, at);
            if (valueAt < 0)
                return $"character {start + 1}: expected Key=Value; put a value that contains ';' in quotes and double a quote inside";

            at = SkipSpace(text, valueAt);
            var quoted = at < text.Length && text[at] is '"' or '\'';
            var value = new StringBuilder();
            var end = quoted ? ReadQuoted(text, at, value) : ReadPlain(text, at, value);
            if (end < 0)
                return $"character {at + 1}: the quote that opens here is never closed";
            end = SkipSpace(text, end);
            if (end < text.Length && text[end] != ';')
                return $"character {end + 1}: after a quoted value only ';' may follow; double a quote inside the value";
            pairs = pairs.Add(new Parameter(name, value.ToString(), start + 1, quoted));
            at = end + 1;
        }

        return pairs;
    }

    /// <summary>A doubled <c>=</c> belongs to the name; the first single one ends it. Index -1 = no single <c>=</c> follows.</summary>
    private static (string Name, int ValueAt) ReadName(string text, int at)
    {
        var name = new StringBuilder();
        for (; at < text.Length && text[at] != ';'; at++)
        {
            if (text[at] == '=')
            {
                if (at + 1 >= text.Length || text[at + 1] != '=')
                    return (name.ToString().TrimEnd(), name.Length == 0 ? -1 : at + 1);
                at++;
            }

            name.Append(text[at]);
        }

        return ("", -1);
    }

    private static int ReadPlain(string text, int at, StringBuilder value)
    {
        var end = text.IndexOf(';', at);
        end = end < 0 ? text.Length : end;
        value.Append(text[at..end].TrimEnd());
        return end;
    }

    /// <summary>The index after the closing quote; -1 = the quote is not closed.</summary>
    private static int ReadQuoted(string text, int at, StringBuilder value)
    {
        var quote = text[at++];
        for (; at < text.Length; at++)
        {
            if (text[at] == quote)
            {
                if (at + 1 >= text.Length || text[at + 1] != quote)
                    return at + 1;
                at++;
            }

            value.Append(text[at]);
        }

        return -1;
    }

    private static int SkipEmpty(string text, int at)
    {
        while (at < text.Length && (text[at] == ';' || char.IsWhiteSpace(text[at])))
            at++;
        return at;
    }

    private static int SkipSpace(string text, int at)
    {
        while (at < text.Length && char.IsWhiteSpace(text[at]))
            at++;
        return at;
    }
}
