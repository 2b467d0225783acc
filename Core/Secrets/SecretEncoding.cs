using System.Text;

namespace Kollect.Core.Secrets;

/// <summary>The bytes of a Secret's value as text. All settings of a sink are UTF-8.</summary>
internal static class SecretEncoding
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The text. Left = what the bytes are instead, with the remedy and without any part of them.</summary>
    public static Either<string, string> Read(ReadOnlySpan<byte> bytes)
    {
        if (IsUtf16(bytes))
            return Left("is UTF-16 text, as PowerShell and Notepad write it; save it as UTF-8 without a byte order mark (iconv -f UTF-16 -t UTF-8)");
        try
        {
            return Right(Strict.GetString(bytes));
        }
        catch (DecoderFallbackException)
        {
            return Left("is not UTF-8 text; store the text itself, as UTF-8");
        }
    }

    /// <summary>It begins with a byte order mark of UTF-16, or every other byte is zero, as in ASCII text without such a mark.</summary>
    private static bool IsUtf16(ReadOnlySpan<byte> bytes)
    {
        if (bytes is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..])
            return true;
        if (bytes.Length < 4 || bytes.Length % 2 != 0)
            return false;
        var zeros = (Even: 0, Odd: 0);
        for (var i = 0; i < bytes.Length; i += 2)
            zeros = (zeros.Even + (bytes[i] == 0 ? 1 : 0), zeros.Odd + (bytes[i + 1] == 0 ? 1 : 0));
        var pairs = bytes.Length / 2;
        return (zeros.Even == 0 && zeros.Odd * 2 > pairs) || (zeros.Odd == 0 && zeros.Even * 2 > pairs);
    }
}
