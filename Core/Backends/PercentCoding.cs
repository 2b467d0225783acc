using System.Text;

namespace Kollect.Core.Backends;

/// <summary>Percent-encoding as libpq reads it: <c>%41</c> is A, <c>+</c> is a plus.</summary>
internal static class PercentCoding
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Left = the position (1-based, plus <paramref name="offset"/>) and the reason of a decoding error.</summary>
    public static Either<string, string> Decode(string text, int offset)
    {
        if (!text.Contains('%'))
            return Right(text);

        var decoded = new StringBuilder(text.Length);
        var bytes = new List<byte>();
        for (var i = 0; i < text.Length;)
        {
            if (text[i] != '%')
            {
                decoded.Append(text[i++]);
                continue;
            }

            var start = i;
            bytes.Clear();
            for (; i < text.Length && text[i] == '%'; i += 3)
            {
                if (i + 2 >= text.Length || !char.IsAsciiHexDigit(text[i + 1]) || !char.IsAsciiHexDigit(text[i + 2]))
                    return Left($"character {offset + i}: '%' is not followed by two hexadecimal digits; write a literal percent sign as %25");
                bytes.Add(Convert.ToByte(text.Substring(i + 1, 2), 16));
            }

            if (bytes.Contains(0))
                return Left($"character {offset + start}: %00 cannot be part of a connection");
            if (!Utf8(bytes).TrySome(out var piece))
                return Left($"character {offset + start}: the percent-encoded bytes are not UTF-8");
            decoded.Append(piece);
        }

        return Right(decoded.ToString());
    }

    private static Option<string> Utf8(List<byte> bytes)
    {
        try
        {
            return Strict.GetString([.. bytes]);
        }
        catch (DecoderFallbackException)
        {
            return None;
        }
    }
}
