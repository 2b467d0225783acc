namespace Kollect.Shell.Manifests.Yaml;

/// <summary>
/// The fields that <c>&lt;&lt;</c> merges into a mapping. Earlier mappings of a list take precedence over later ones, and the mapping's own keys over all.
/// </summary>
internal sealed class MergeKeys
{
    /// <summary>Keys per document. Without a limit, a list of aliases to a large mapping would use up memory before the size of its JSON is known.</summary>
    public const int MaxFields = 100_000;

    private int taken;

    /// <summary>Null = the value is neither a mapping nor a list of mappings.</summary>
    public IReadOnlyList<YamlField>? FieldsOf(YamlNode value) => value switch
    {
        YamlNode.Mapping mapping => Take(mapping),
        YamlNode.Sequence list when list.Items.All(item => item is YamlNode.Mapping) =>
            [.. list.Items.Cast<YamlNode.Mapping>().SelectMany(Take)],
        _ => null,
    };

    private IReadOnlyList<YamlField> Take(YamlNode.Mapping mapping)
    {
        taken += mapping.Fields.Count;
        return taken <= MaxFields
            ? mapping.Fields
            : throw new YamlRefusedException(mapping.Line, 0, $"<< repeats more than {MaxFields} keys in one document; write the manifest without merge keys");
    }
}
