namespace Kollect.Shell.Manifests.Yaml;

/// <summary>The lines of a file from one <c>---</c> to the next. An error in one document leaves the others readable.</summary>
/// <param name="FirstLine">Line in the file, counted from 1.</param>
/// <param name="Text">Includes the leading <c>---</c>, if any.</param>
internal sealed record YamlChunk(int FirstLine, string Text)
{
    /// <summary>The text below the leading <c>---</c>, if nothing but a comment stands beside it; else the whole text.</summary>
    public string Body => HasMarkerLine ? Text[EndOfLine(Text, 0)..] : Text;

    /// <summary>Line in the file, counted from 1.</summary>
    public int BodyLine => HasMarkerLine ? FirstLine + 1 : FirstLine;

    private bool HasMarkerLine => Text.AsSpan(0, EndOfLine(Text, 0)) is var line && IsMarker(line) && IsPreamble(line[3..].TrimStart());

    /// <summary>Splits a file at each line that begins with <c>---</c>: it starts a document (YAML 1.2, section 9.1.2), even inside a block scalar.</summary>
    public static IEnumerable<YamlChunk> Split(string text)
    {
        var (start, startLine, line, onlyPreamble) = (0, 1, 1, true);
        for (var at = 0; at < text.Length; line++)
        {
            var end = EndOfLine(text, at);
            var isMarker = IsMarker(text.AsSpan(at, end - at));
            if (isMarker && !onlyPreamble)
            {
                yield return Chunk(startLine, text[start..at]);
                (start, startLine) = (at, line);
            }

            onlyPreamble = onlyPreamble && !isMarker && IsPreamble(text.AsSpan(at, end - at));
            at = end;
        }

        if (start < text.Length)
            yield return Chunk(startLine, text[start..]);
    }

    // Files that are put together leave their byte order marks where a document starts.
    private static YamlChunk Chunk(int line, string text) => new(line, text.Replace("\n\uFEFF", "\n", StringComparison.Ordinal));

    // Comments and directives (%YAML 1.1) belong to the document that follows them.
    private static bool IsPreamble(ReadOnlySpan<char> line) => line.IsWhiteSpace() || line[0] is '#' or '%';

    private static bool IsMarker(ReadOnlySpan<char> line) =>
        line.StartsWith("---", StringComparison.Ordinal) && (line.Length == 3 || line[3] is ' ' or '\t' or '\r' or '\n');

    private static int EndOfLine(string text, int from)
    {
        // In YAML a single \r is a line break too.
        var at = text.AsSpan(from).IndexOfAny('\r', '\n');
        if (at < 0)
            return text.Length;
        var end = from + at + 1;
        return text[end - 1] == '\r' && end < text.Length && text[end] == '\n' ? end + 1 : end;
    }
}
