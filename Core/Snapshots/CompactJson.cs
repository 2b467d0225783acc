namespace Kollect.Core.Snapshots;

/// <summary>JSON without insignificant white space; nothing else changes.</summary>
public static class CompactJson
{
    /// <summary>True when a text can only be compact already: it holds no white space at all.</summary>
    public static bool IsCompact(ReadOnlySpan<byte> json) => json.IndexOfAny(" \t\r\n"u8) < 0;

    /// <summary>Writes the compact text into <paramref name="to"/>, which is at least as long; gives its length.</summary>
    /// <param name="json">Well-formed.</param>
    /// <param name="to">Receives the text.</param>
    public static int Write(ReadOnlySpan<byte> json, Span<byte> to)
    {
        var length = 0;
        var inString = false;
        for (var at = 0; at < json.Length; at++)
        {
            var b = json[at];
            if (!inString && b is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n')
                continue;
            to[length++] = b;
            if (b == (byte)'"')
                inString = !inString;
            else if (inString && b == (byte)'\\')
                to[length++] = json[++at];
        }

        return length;
    }
}
