using YamlDotNet.Core;

namespace Kollect.Shell.Manifests.Yaml;

/// <summary>Converts a parser error into a problem, and replaces the parser's message where it hides a common mistake: a tab in the indentation.</summary>
internal static class SyntaxProblem
{
    public static ManifestProblem Of(string file, YamlChunk chunk, YamlException refusal)
    {
        var (line, column) = ((int)refusal.Start.Line, (int)refusal.Start.Column);
        var last = refusal.Message.Contains("invalid tab", StringComparison.Ordinal) ? int.MaxValue : line;
        var (message, at) = IndentedWithTab(chunk.Text, line, last) is { } tab
            ? ("the indentation contains a tab, where YAML allows spaces only; replace it with spaces", tab)
            : ("not valid YAML: " + OneLine(refusal.Message), (Line: line, Column: column));
        return new ManifestProblem(file, at.Line + chunk.FirstLine - 1, message, at.Column);
    }

    /// <summary>For a tab, the parser reports the position of the surrounding mapping; so the search starts there.</summary>
    private static (int Line, int Column)? IndentedWithTab(string text, int first, int last)
    {
        var line = 0;
        foreach (var content in text.AsSpan().EnumerateLines())
        {
            line++;
            var tab = content[..^content.TrimStart().Length].IndexOf('\t');
            if (line >= first && line <= last && tab >= 0)
                return (line, tab + 1);
        }

        return null;
    }

    private static string OneLine(string message)
    {
        var text = message.ReplaceLineEndings(" ").Trim().TrimEnd('.');
        return text.Length == 0 ? "the parser gives no reason" : char.ToLowerInvariant(text[0]) + text[1..];
    }
}
