namespace Kollect.Shell.Manifests.Yaml;

/// <summary>
/// What <c>&lt;&lt;</c> brings into a mapping: earlier mappings of a list win, and the mapping's own keys win over all.
/// </summary>
internal sealed class MergeKeys
{
    /// <summary>A list of aliases to a large mapping costs memory long before the size of its JSON is known.</summary>
    public const int MaxFields = 100_000;

    private int taken;

    /// <summary>Null = the value is not something that can be merged.</summary>
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
