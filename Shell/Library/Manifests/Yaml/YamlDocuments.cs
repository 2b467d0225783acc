using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Kollect.Shell.Manifests.Yaml;

/// <summary>A text that is refused. Line and column are those of the file.</summary>
internal sealed class YamlRefusedException(int line, int column, string message) : Exception(message)
{
    public int Line { get; } = line;

    public int Column { get; } = column;
}

/// <summary>Parses one chunk of a file into the roots of its documents and their problems.</summary>
internal sealed class YamlDocuments
{
    /// <summary>The default limit of .NET's JSON readers (<c>JsonReaderOptions.MaxDepth</c>).</summary>
    public const int MaxDepth = 64;

    /// <summary>The message for a value below <see cref="MaxDepth"/>.</summary>
    public static string TooDeep { get; } = $"more than {MaxDepth} levels of nesting; no Kubernetes object is that deep";

    // The parser's time grows with the square of the depth: 64 KiB of "{a: " would take it more than a second.
    private const int MaxSkipped = 2_000;

    // A text of many lines that only look like headers would be parsed once for each.
    private const int MaxAttempts = 8;

    private readonly int skippedLines;
    private readonly BlockScalars blocks;
    private readonly IParser parser;
    private readonly Dictionary<AnchorName, YamlNode?> anchors = [];
    private readonly MergeKeys merge = new();

    private YamlDocuments(YamlChunk chunk, BlockScalars blocks)
    {
        this.blocks = blocks;
        skippedLines = chunk.FirstLine - 1;
        parser = new GuardedParser(new StringReader(blocks.Text));
    }

    /// <summary>Parses all documents. Bad text becomes a problem, never an exception.</summary>
    public static (IReadOnlyList<YamlNode> Roots, Option<ManifestProblem> Problem) Parse(string file, YamlChunk chunk)
    {
        System.Collections.Generic.HashSet<int> noHeaders = [];
        for (var attempt = 1; attempt < MaxAttempts; attempt++)
        {
            var blocks = BlockScalars.Find(chunk.Text, noHeaders);
            var read = Parse(file, chunk, blocks);
            // An error may be the consequence of a line before it that was taken for a header.
            var end = read.Problem.Match(problem => problem.Line - chunk.FirstLine + 1, () => int.MaxValue);
            var wrong = blocks.Untaken.Where(line => line <= end).ToArray();
            if (wrong.Length == 0)
                return read;
            noHeaders.UnionWith(wrong);
        }

        return Parse(file, chunk, BlockScalars.None(chunk.Text));
    }

    private static (IReadOnlyList<YamlNode> Roots, Option<ManifestProblem> Problem) Parse(string file, YamlChunk chunk, BlockScalars blocks)
    {
        var roots = new List<YamlNode>();
        try
        {
            new YamlDocuments(chunk, blocks).ReadAll(roots);
            return (roots, None);
        }
        catch (YamlRefusedException e)
        {
            return (roots, new ManifestProblem(file, e.Line, e.Message, e.Column));
        }
        catch (YamlException e)
        {
            return (roots, SyntaxProblem.Of(file, chunk, e));
        }
    }

    private void ReadAll(List<YamlNode> roots)
    {
        parser.Consume<StreamStart>();
        while (parser.TryConsume<DocumentStart>(out _))
        {
            anchors.Clear();
            var root = Read(1);
            parser.Consume<DocumentEnd>();
            roots.Add(root);
        }
    }

    private YamlNode Read(int depth) => Next() switch
    {
        Scalar scalar => Anchored(scalar.Anchor, Resolve(scalar)),
        SequenceStart start => Collection(start, start.Anchor, depth, () => Sequence(start, depth)),
        MappingStart start => Collection(start, start.Anchor, depth, () => Mapping(start, depth)),
        AnchorAlias alias => Aliased(alias),
        var other => throw Refused(other, "a value is expected here"),
    };

    private ParsingEvent Next() => parser.Consume<ParsingEvent>();

    // Like kubectl, ignores the tag of a collection.
    private YamlNode Collection(ParsingEvent start, AnchorName anchor, int depth, Func<YamlNode> read)
    {
        if (depth > MaxDepth)
            return Skipped(start);
        if (!anchor.IsEmpty)
            anchors[anchor] = null;
        return Anchored(anchor, read());
    }

    private YamlNode.Refused Skipped(ParsingEvent start)
    {
        for (var open = 1; open > 0;)
        {
            var next = Next();
            open += next.NestingIncrease;
            if (open > MaxSkipped)
                throw Refused(next, TooDeep);
        }

        return new YamlNode.Refused(Line(start), (int)start.Start.Column, TooDeep);
    }

    private YamlNode.Sequence Sequence(SequenceStart start, int depth)
    {
        var items = new List<YamlNode>();
        while (!parser.TryConsume<SequenceEnd>(out _))
            items.Add(Read(depth + 1));
        return new YamlNode.Sequence(Line(start), items);
    }

    private YamlNode.Mapping Mapping(MappingStart start, int depth)
    {
        var mapping = new MappingBuilder(Line(start));
        var merged = new List<YamlField>();
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            var at = parser.Current ?? start;
            var (key, isMerge) = Key();
            var value = Read(depth + 1);
            if (!isMerge)
                mapping.Add(new YamlField(Line(at), key, value));
            else if (merge.FieldsOf(value) is { } fields)
                merged.AddRange(fields);
            else
                mapping.Add(new YamlField(Line(at), key, new YamlNode.Refused(
                    Line(at), (int)at.Start.Column, "<< merges mappings only: *name or a list of them")));
        }

        mapping.Merge(merged);
        return mapping.Build();
    }

    private (string Key, bool IsMerge) Key()
    {
        var at = parser.Current;
        if (at is Scalar { Style: ScalarStyle.Plain, Tag.IsEmpty: true, Value: "<<" }
            or Scalar { Tag: { IsEmpty: false, IsNonSpecific: false, Value: "tag:yaml.org,2002:merge" } })
        {
            parser.MoveNext();
            return ("<<", true);
        }

        // A collection is skipped without recursion: its first key may be a collection as well, 60,000 times in one line.
        return Read(MaxDepth + 1) is YamlNode.Scalar key
            ? (ScalarRules.Key(key), false)
            : throw Refused(at!, "a key is text, not a mapping or a list; quote it if it begins with { or [");
    }

    private YamlNode Resolve(Scalar scalar)
    {
        var text = scalar.Style is ScalarStyle.Literal or ScalarStyle.Folded ? blocks.Take((int)scalar.Start.Line) ?? scalar.Value : scalar.Value;
        return ScalarRules.Resolve(Line(scalar), (int)scalar.Start.Column, text, scalar.Style == ScalarStyle.Plain, TagOf(scalar));
    }

    private static string? TagOf(Scalar scalar) =>
        scalar.Tag.IsEmpty ? null : scalar.Tag.IsNonSpecific ? "!" : scalar.Tag.Value;

    private YamlNode Anchored(AnchorName anchor, YamlNode node)
    {
        if (!anchor.IsEmpty)
            anchors[anchor] = node;
        return node;
    }

    private YamlNode Aliased(AnchorAlias alias) => anchors.TryGetValue(alias.Value, out var node)
        ? node ?? Unknown(alias, "the alias refers to a value that contains it")
        : Unknown(alias, "the value begins with * and so refers to an anchor, which is not defined above it; quote the value if text is meant");

    private YamlNode.Refused Unknown(AnchorAlias alias, string message) => new(Line(alias), (int)alias.Start.Column, message);

    private int Line(ParsingEvent at) => (int)at.Start.Line + skippedLines;

    private YamlRefusedException Refused(ParsingEvent at, string message) => new(Line(at), (int)at.Start.Column, message);
}
