namespace Kollect.Shell.Manifests.Yaml;

/// <summary>A YAML document with aliases resolved (one node may stand at several places) and merge keys applied.</summary>
internal abstract class YamlNode
{
    private YamlNode(int line) => Line = line;

    /// <summary>Counted from 1, in the file.</summary>
    public int Line { get; }

    /// <param name="line">Counted from 1.</param>
    /// <param name="text">Unescaped.</param>
    /// <param name="kind">What the text means.</param>
    public sealed class Scalar(int line, string text, ScalarKind kind) : YamlNode(line)
    {
        /// <summary>For <see cref="ScalarKind.Number"/> a valid JSON number.</summary>
        public string Text { get; } = text;

        public ScalarKind Kind { get; } = kind;
    }

    /// <param name="line">Counted from 1.</param>
    /// <param name="items">In order.</param>
    public sealed class Sequence(int line, IReadOnlyList<YamlNode> items) : YamlNode(line)
    {
        public IReadOnlyList<YamlNode> Items { get; } = items;
    }

    /// <param name="line">Counted from 1.</param>
    /// <param name="fields">Keys are distinct.</param>
    public sealed class Mapping(int line, IReadOnlyList<YamlField> fields) : YamlNode(line)
    {
        private readonly Dictionary<string, YamlField> byKey = fields.ToDictionary(field => field.Key, StringComparer.Ordinal);

        /// <summary>In order, merged ones last.</summary>
        public IReadOnlyList<YamlField> Fields { get; } = fields;

        public YamlField? Find(string key) => byKey.GetValueOrDefault(key);
    }
}

/// <param name="Line">Of the key, counted from 1.</param>
/// <param name="Key">As kubectl reads it: <c>on</c> is <c>true</c>, <c>0x10</c> is <c>16</c>.</param>
/// <param name="Value">What it maps to.</param>
internal sealed record YamlField(int Line, string Key, YamlNode Value);

/// <summary>What a scalar becomes in JSON.</summary>
internal enum ScalarKind
{
    String,
    Null,
    True,
    False,
    Number,
}
