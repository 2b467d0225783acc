namespace Kollect.Shell.Manifests.Yaml;

/// <summary>A YAML document with aliases resolved (one node may occur in several positions) and merge keys applied.</summary>
internal abstract class YamlNode
{
    private YamlNode(int line) => Line = line;

    /// <summary>Line in the file, counted from 1.</summary>
    public int Line { get; }

    /// <param name="text">Unescaped.</param>
    /// <param name="kind">Type that the text resolves to.</param>
    public sealed class Scalar(int line, string text, ScalarKind kind) : YamlNode(line)
    {
        /// <summary>A valid JSON number where the kind is <see cref="ScalarKind.Number"/>.</summary>
        public string Text { get; } = text;

        public ScalarKind Kind { get; } = kind;
    }

    public sealed class Sequence(int line, IReadOnlyList<YamlNode> items) : YamlNode(line)
    {
        public IReadOnlyList<YamlNode> Items { get; } = items;
    }

    /// <param name="fields">Their keys must be distinct.</param>
    /// <param name="repetitions">One for each key that occurs again; null = none. Of equal keys the last is the field, as in kubectl.</param>
    public sealed class Mapping(int line, IReadOnlyList<YamlField> fields, IReadOnlyList<Refused>? repetitions = null) : YamlNode(line)
    {
        private readonly Dictionary<string, YamlField> byKey = fields.ToDictionary(field => field.Key, StringComparer.Ordinal);

        /// <summary>In file order, merged fields last.</summary>
        public IReadOnlyList<YamlField> Fields { get; } = fields;

        public IReadOnlyList<Refused> Repetitions { get; } = repetitions ?? [];

        public YamlField? Find(string key) => byKey.GetValueOrDefault(key);

        /// <summary>The text of a field; null = absent, empty or not text.</summary>
        public string? Text(string key) => Find(key)?.Value is Scalar { Kind: ScalarKind.String, Text: { Length: > 0 } text } ? text : null;

        /// <summary>Line of a field, or of the mapping where the field is absent.</summary>
        public int LineOf(string key) => Find(key)?.Line ?? Line;
    }

    /// <summary>A value that JSON cannot hold. It matters only in an object that is written: others are not looked at.</summary>
    /// <param name="column">Counted from 1; 0 = unknown.</param>
    /// <param name="message">The mistake and its remedy, without the value.</param>
    public sealed class Refused(int line, int column, string message) : YamlNode(line)
    {
        public int Column { get; } = column;

        public string Message { get; } = message;
    }
}

/// <param name="Line">Line of the key, counted from 1.</param>
/// <param name="Key">Resolved as in kubectl: <c>on</c> is <c>true</c>, <c>0x10</c> is <c>16</c>.</param>
internal sealed record YamlField(int Line, string Key, YamlNode Value);

/// <summary>The JSON type of a scalar.</summary>
internal enum ScalarKind
{
    String,
    Null,
    True,
    False,
    Number,
}
