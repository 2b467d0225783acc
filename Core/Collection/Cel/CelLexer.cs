using System.Globalization;
using System.Text;

namespace Kollect.Core.Collection.Cel;

/// <summary>What a token is.</summary>
internal enum CelTokenKind
{
    /// <summary>A name or a keyword.</summary>
    Name,

    /// <summary>A number or a text.</summary>
    Literal,

    /// <summary>An operator or a bracket.</summary>
    Sign,

    /// <summary>The end of the expression.</summary>
    End,
}

/// <summary>A part of an expression.</summary>
/// <param name="At">The index of its first character.</param>
/// <param name="Text">Of a name or a sign.</param>
/// <param name="Value">Of a literal; null otherwise.</param>
internal sealed record CelToken(CelTokenKind Kind, int At, string Text, CelValue? Value = null);

/// <summary>Cuts an expression into tokens (cel-spec, Syntax).</summary>
internal sealed class CelLexer(string text)
{
    private static readonly string[] Signs = ["&&", "||", "==", "!=", "<=", ">=", .. "<>+-*/%!?:.,()[]{}".Select(c => c.ToString())];

    private int at;

    /// <summary>Null = no error so far.</summary>
    public CelError? Error { get; private set; }

    /// <summary>All tokens, with one of <see cref="CelTokenKind.End"/> as the last; meaningless after an error.</summary>
    public List<CelToken> Tokens()
    {
        var tokens = new List<CelToken>();
        while (Error is null)
        {
            SkipSpace();
            tokens.Add(Next());
            if (tokens[^1].Kind == CelTokenKind.End)
                break;
        }

        return tokens;
    }

    private char Peek(int ahead = 0) => at + ahead < text.Length ? text[at + ahead] : '\0';

    private void SkipSpace()
    {
        while (at < text.Length && (text[at] is ' ' or '\t' or '\n' or '\r' or '\f' || Peek() == '/' && Peek(1) == '/'))
        {
            if (text[at] == '/')
                at = text.IndexOf('\n', at) is >= 0 and var end ? end : text.Length;
            else
                at++;
        }
    }

    private CelToken Next()
    {
        var start = at;
        if (at == text.Length)
            return new CelToken(CelTokenKind.End, at, "");
        if (Quote() is { } quote)
            return Text(quote);
        if (char.IsAsciiDigit(Peek()) || (Peek() == '.' && char.IsAsciiDigit(Peek(1))))
            return Number();
        if (char.IsAsciiLetter(Peek()) || Peek() == '_')
        {
            while (char.IsAsciiLetterOrDigit(Peek()) || Peek() == '_')
                at++;
            return new CelToken(CelTokenKind.Name, start, text[start..at]);
        }

        if (System.Array.Find(Signs, sign => string.CompareOrdinal(text, at, sign, 0, sign.Length) == 0) is not { } found)
            return Fail(at, "this character cannot stand in an expression");
        at += found.Length;
        return new CelToken(CelTokenKind.Sign, start, found);
    }

    private CelToken Number()
    {
        var start = at;
        if (Peek() == '0' && Peek(1) is 'x' or 'X')
        {
            at += 2;
            while (char.IsAsciiHexDigit(Peek()))
                at++;
            return Whole(start, text[(start + 2)..at], NumberStyles.AllowHexSpecifier);
        }

        var isReal = false;
        while (char.IsAsciiDigit(Peek()))
            at++;
        if (Peek() == '.' && char.IsAsciiDigit(Peek(1)))
        {
            isReal = true;
            at++;
            while (char.IsAsciiDigit(Peek()))
                at++;
        }

        if (Peek() is 'e' or 'E' && (char.IsAsciiDigit(Peek(1)) || (Peek(1) is '+' or '-' && char.IsAsciiDigit(Peek(2)))))
        {
            isReal = true;
            at += 2;
            while (char.IsAsciiDigit(Peek()))
                at++;
        }

        return isReal
            ? new CelToken(CelTokenKind.Literal, start, "", new CelValue.Real(double.Parse(text.AsSpan(start, at - start), CultureInfo.InvariantCulture)))
            : Whole(start, text[start..at], NumberStyles.None);
    }

    /// <summary>The parser gives the smallest number its minus: its digits alone are too large by one, and stand as an unsigned number until then.</summary>
    private CelToken Whole(int start, string digits, NumberStyles styles)
    {
        if (!ulong.TryParse(digits, styles, CultureInfo.InvariantCulture, out var value))
            return Fail(start, "this number does not fit into 64 bits");
        if (Peek() is 'u' or 'U')
        {
            at++;
            return new CelToken(CelTokenKind.Literal, start, "", new CelValue.Uint(value));
        }

        return value <= long.MaxValue
            ? new CelToken(CelTokenKind.Literal, start, "", new CelValue.Int((long)value))
            : Fail(start, "this number does not fit into 64 bits with a sign; end it with u, or write a decimal point");
    }

    /// <summary>The prefixes and the quotation mark of a text that begins here; null = none does.</summary>
    private (bool IsRaw, bool IsBytes, string Mark)? Quote()
    {
        var (ahead, isRaw, isBytes) = (0, false, false);
        while (ahead < 2 && Peek(ahead) is 'r' or 'R' or 'b' or 'B')
        {
            isRaw |= Peek(ahead) is 'r' or 'R';
            isBytes |= Peek(ahead) is 'b' or 'B';
            ahead++;
        }

        var mark = Peek(ahead);
        if (mark is not ('"' or '\''))
            return null;
        at += ahead;
        return (isRaw, isBytes, Peek(1) == mark && Peek(2) == mark ? new string(mark, 3) : mark.ToString());
    }

    private CelToken Text((bool IsRaw, bool IsBytes, string Mark) quote)
    {
        var start = at;
        at += quote.Mark.Length;
        var value = new StringBuilder();
        while (string.CompareOrdinal(text, at, quote.Mark, 0, quote.Mark.Length) != 0)
        {
            if (at >= text.Length || (quote.Mark.Length == 1 && text[at] == '\n'))
                return Fail(start, $"this text is never closed; add {quote.Mark}");
            if (text[at] != '\\' || quote.IsRaw)
                value.Append(text[at++]);
            else if (!Escape(value))
                return Fail(at, "this escape is not known; write \\\\ for a backslash, or r\"…\" for a text without escapes");
        }

        at += quote.Mark.Length;
        return quote.IsBytes
            ? new CelToken(CelTokenKind.Literal, start, "", new CelValue.Bytes(Encoding.UTF8.GetBytes(value.ToString()).ToSeq()))
            : new CelToken(CelTokenKind.Literal, start, "", new CelValue.Text(value.ToString()));
    }

    private bool Escape(StringBuilder value)
    {
        const string Plain = "abfnrtv\\?\"'`";
        const string Meaning = "\a\b\f\n\r\t\v\\?\"'`";
        if (Plain.IndexOf(Peek(1), StringComparison.Ordinal) is >= 0 and var index && Peek(1) != '\0')
        {
            value.Append(Meaning[index]);
            at += 2;
            return true;
        }

        var (digits, radix) = Peek(1) switch
        {
            'x' or 'X' => (2, 16),
            'u' => (4, 16),
            'U' => (8, 16),
            >= '0' and <= '3' => (3, 8),
            _ => (0, 0),
        };
        var first = at + (radix == 8 ? 1 : 2);
        if (digits == 0 || first + digits > text.Length || !text.AsSpan(first, digits).ToString().All(radix == 8 ? IsOctal : char.IsAsciiHexDigit))
            return false;
        var code = Convert.ToUInt32(text.Substring(first, digits), radix);
        if (code > 0x10FFFF || code is >= 0xD800 and <= 0xDFFF)
            return false;
        value.Append(char.ConvertFromUtf32((int)code));
        at = first + digits;
        return true;
    }

    private static bool IsOctal(char c) => c is >= '0' and <= '7';

    private CelToken Fail(int position, string why)
    {
        Error ??= new CelError(text, Math.Min(position, text.Length), why);
        return new CelToken(CelTokenKind.End, at, "");
    }
}
