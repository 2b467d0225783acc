namespace Kollect.Shell.Manifests.Yaml;

/// <summary>Collects the fields of one mapping. Of equal keys the last one counts, as in kubectl, and each repetition is noted.</summary>
internal sealed class MappingBuilder(int line)
{
    private readonly List<YamlField> fields = [];
    private readonly Dictionary<string, int> positions = new(StringComparer.Ordinal);
    private readonly List<YamlNode.Refused> repetitions = [];

    public void Add(YamlField field)
    {
        if (positions.TryAdd(field.Key, fields.Count))
        {
            fields.Add(field);
            return;
        }

        var position = positions[field.Key];
        repetitions.Add(new YamlNode.Refused(
            field.Line, 0, $"the key {Quoted(field.Key)} occurs twice, first in line {fields[position].Line}; remove one of them"));
        fields[position] = field;
    }

    /// <summary>Adds the fields of <c>&lt;&lt;</c>; the mapping's own fields and earlier ones take precedence.</summary>
    public void Merge(IEnumerable<YamlField> merged) =>
        fields.AddRange(merged.Where(field => positions.TryAdd(field.Key, -1)));

    public YamlNode.Mapping Build() => new(line, fields, repetitions);

    private static string Quoted(string key) => key.Length <= 253 ? $"\"{key}\"" : $"\"{key[..60]}…\"";
}
