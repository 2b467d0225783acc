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
/// <remarks>A document with duplicate keys is read to its end, so that all of them are reported at once, and then dropped.</remarks>
internal sealed class YamlDocuments
{
    /// <summary>The default limit of .NET's JSON readers (<c>JsonReaderOptions.MaxDepth</c>).</summary>
    public const int MaxDepth = 64;

    private readonly string file;
    private readonly int skippedLines;
    private readonly IParser parser;
    private readonly List<ManifestProblem> problems = [];
    private readonly Dictionary<AnchorName, YamlNode?> anchors = [];
    private readonly MergeKeys merge = new();

    private YamlDocuments(string file, YamlChunk chunk)
    {
        this.file = file;
        skippedLines = chunk.FirstLine - 1;
        parser = new GuardedParser(new StringReader(chunk.Text));
    }

    /// <summary>Parses all documents. Bad text becomes a problem, never an exception.</summary>
    public static (Seq<YamlNode> Roots, Seq<ManifestProblem> Problems) Parse(string file, YamlChunk chunk)
    {
        var documents = new YamlDocuments(file, chunk);
        var roots = new List<YamlNode>();
        try
        {
            documents.ReadAll(roots);
        }
        catch (YamlRefusedException e)
        {
            documents.problems.Add(new ManifestProblem(file, e.Line, e.Message, e.Column));
        }
        catch (YamlException e)
        {
            documents.problems.Add(SyntaxProblem.Of(file, chunk, e));
        }

        return (roots.ToSeq().Strict(), documents.problems.ToSeq().Strict());
    }

    private void ReadAll(List<YamlNode> roots)
    {
        parser.Consume<StreamStart>();
        while (parser.TryConsume<DocumentStart>(out _))
        {
            anchors.Clear();
            var before = problems.Count;
            var root = Read(1);
            parser.Consume<DocumentEnd>();
            if (problems.Count == before)
                roots.Add(root);
        }
    }

    private YamlNode Read(int depth) => Next() switch
    {
        Scalar scalar => Anchored(scalar.Anchor, Resolve(scalar)),
        SequenceStart start => Collection(start, start.Anchor, start.Tag, depth, () => Sequence(start, depth)),
        MappingStart start => Collection(start, start.Anchor, start.Tag, depth, () => Mapping(start, depth)),
        AnchorAlias alias => Aliased(alias),
        var other => throw Refused(other, "a value is expected here"),
    };

    private ParsingEvent Next() => parser.Consume<ParsingEvent>();

    private YamlNode Collection(ParsingEvent start, AnchorName anchor, TagName tag, int depth, Func<YamlNode> read)
    {
        if (depth > MaxDepth)
            throw Refused(start, $"more than {MaxDepth} levels of nesting; no Kubernetes object is that deep");
        if (!tag.IsEmpty && !tag.IsNonSpecific && tag.Value is not ("tag:yaml.org,2002:map" or "tag:yaml.org,2002:seq"))
            throw Refused(start, "a tag that Kubernetes does not know; remove it");
        if (!anchor.IsEmpty)
            anchors[anchor] = null;
        return Anchored(anchor, read());
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
        var own = new List<YamlField>();
        var merged = new List<YamlField>();
        var lines = new Dictionary<string, int>(StringComparer.Ordinal);
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            var at = parser.Current ?? start;
            var (key, isMerge) = Key();
            var value = Read(depth + 1);
            if (isMerge)
                merged.AddRange(merge.FieldsOf(value) ?? throw Refused(at, "<< merges mappings only: *name or a list of them"));
            else if (lines.TryAdd(key, Line(at)))
                own.Add(new YamlField(Line(at), key, value));
            else
                problems.Add(new ManifestProblem(file, Line(at), $"the key {Quoted(key)} occurs twice, first in line {lines[key]}; remove one of them"));
        }

        own.AddRange(merged.Where(field => lines.TryAdd(field.Key, field.Line)));
        return new YamlNode.Mapping(Line(start), own);
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

        return Read(MaxDepth) is YamlNode.Scalar key
            ? (key.Text, false)
            : throw Refused(at!, "a key is text, not a mapping or a list; quote it if it begins with { or [");
    }

    private YamlNode.Scalar Resolve(Scalar scalar) =>
        ScalarRules.Resolve(scalar.Value, scalar.Style == ScalarStyle.Plain, TagOf(scalar)).Match(
            Right: resolved => new YamlNode.Scalar(Line(scalar), resolved.Text, resolved.Kind),
            Left: reason => throw Refused(scalar, reason));

    private static string? TagOf(Scalar scalar) =>
        scalar.Tag.IsEmpty ? null : scalar.Tag.IsNonSpecific ? "!" : scalar.Tag.Value;

    private YamlNode Anchored(AnchorName anchor, YamlNode node)
    {
        if (!anchor.IsEmpty)
            anchors[anchor] = node;
        return node;
    }

    private YamlNode Aliased(AnchorAlias alias) => anchors.TryGetValue(alias.Value, out var node)
        ? node ?? throw Refused(alias, "the alias refers to a value that contains it")
        : throw Refused(alias, "the value begins with * and so refers to an anchor, which is not defined above it; quote the value if text is meant");

    private int Line(ParsingEvent at) => (int)at.Start.Line + skippedLines;

    private YamlRefusedException Refused(ParsingEvent at, string message) => new(Line(at), (int)at.Start.Column, message);

    private static string Quoted(string key) => key.Length <= 253 ? $"\"{key}\"" : $"\"{key[..60]}…\"";
}
