using System.Text;
using System.Text.RegularExpressions;

namespace Kollect.Shell.Manifests.Yaml;

/// <summary>
/// Reads the block scalars (<c>|</c> and <c>&gt;</c>) of one chunk as libyaml does, on which kubectl's reader is built. YamlDotNet refuses
/// some whose first lines are blank, as Helm prints them (its issues 523 and 535), and so gets a text with a single word in the place of
/// each. A line that only looks like the header of a block scalar, in a quoted text, is left out once the parser shows that it is none.
/// </summary>
internal sealed partial class BlockScalars
{
    private readonly Dictionary<int, string> values;
    private readonly System.Collections.Generic.HashSet<int> taken = [];

    private BlockScalars(string text, Dictionary<int, string> values) => (Text, this.values) = (text, values);

    /// <summary>The chunk with the same lines, in which each block scalar has a single word.</summary>
    public string Text { get; }

    /// <summary>Headers that the parser has not met, by line; empty = every header was one.</summary>
    public IReadOnlyCollection<int> Untaken => [.. values.Keys.Where(line => !taken.Contains(line))];

    /// <summary>Leaves all block scalars to the parser.</summary>
    public static BlockScalars None(string chunk) => new(chunk, []);

    /// <summary>Finds all block scalars.</summary>
    /// <param name="except">Lines that are not headers, counted from 1 in the chunk.</param>
    public static BlockScalars Find(string chunk, System.Collections.Generic.HashSet<int> except)
    {
        var lines = BlockLines.Split(chunk);
        var text = new StringBuilder(chunk.Length);
        var values = new Dictionary<int, string>();
        for (var at = 0; at < lines.Count; at++)
        {
            if (except.Contains(at + 1) || !Header.TryRead(lines[at], out var header) || !BlockLines.TryRead(lines, at + 1, header, out var block))
            {
                text.Append(lines[at]).Append('\n');
                continue;
            }

            values.Add(at + 1, block.Value);
            text.Append(lines[at], 0, header.Length).Append('\n');
            if (block.Count > 0)
                text.Append(' ', block.Indent).Append('x').Append('\n', block.Count);
            at += block.Count;
        }

        return new BlockScalars(text.ToString(), values);
    }

    /// <summary>The value of the block scalar whose header is in a line of the chunk; null = the parser's own value holds.</summary>
    public string? Take(int line)
    {
        taken.Add(line);
        return values.GetValueOrDefault(line);
    }

    /// <param name="Length">Of the line without a comment.</param>
    /// <param name="Parent">Column of the collection that the scalar belongs to, from 0.</param>
    /// <param name="Indent">Given by an indicator; 0 = by the first line.</param>
    /// <param name="Chomping"><c>-</c> strips, <c>+</c> keeps the last line breaks; 0 = one of them.</param>
    internal readonly partial record struct Header(int Length, int Parent, int Indent, bool IsFolded, char Chomping)
    {
        // A header alone in its line belongs to a collection above it and is left to the parser.
        public static bool TryRead(string line, out Header header)
        {
            header = default;
            if (Pattern().Match(line) is not { Success: true } match || (match.Groups["dashes"].Length == 0 && match.Groups["key"].Length == 0))
                return false;
            var hints = match.Groups["hints"].Value;
            var length = match.Groups["hints"].Index + hints.Length;
            var digits = hints.Where(char.IsAsciiDigit).ToArray();
            var signs = hints.Where(it => it is '+' or '-').ToArray();
            var parent = match.Groups["key"].Success
                ? match.Groups["key"].Index
                : match.Groups["indent"].Length + match.Groups["dashes"].Value.TrimEnd().Length - 1;
            var increment = digits.Length > 0 ? digits[0] - '0' : 0;
            header = new Header(
                length, parent, increment > 0 ? parent + increment : 0, match.Groups["style"].Value == ">", signs.Length > 0 ? signs[0] : '\0');
            return digits.Length <= 1 && signs.Length <= 1 && digits is not ['0'];
        }

        // "  - key: !!str |2-  # comment"
        [GeneratedRegex(
            @"\A(?<indent> *)(?<dashes>(?:[-?] +)*)(?<key>[^ \t#](?:(?![ \t]#).)*?:[ \t]+)?(?:[!&][^ \t]*[ \t]+)*"
            + @"(?<style>[|>])(?<hints>[-+0-9]{0,2})[ \t]*(?:#.*)?\z",
            RegexOptions.CultureInvariant)]
        private static partial Regex Pattern();
    }
}
