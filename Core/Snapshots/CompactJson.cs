namespace Kollect.Core.Snapshots;

/// <summary>Removes insignificant white space from JSON; nothing else changes.</summary>
internal static class CompactJson
{
    /// <summary>True = the text is certainly compact, because it contains no white space at all.</summary>
    public static bool IsCompact(ReadOnlySpan<byte> json) => json.IndexOfAny(" \t\r\n"u8) < 0;

    /// <summary>Writes the compact text and returns its length in bytes.</summary>
    /// <param name="json">Well-formed JSON.</param>
    /// <param name="to">At least as long as <paramref name="json"/>.</param>
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
