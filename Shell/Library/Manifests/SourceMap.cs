using System.Globalization;
using Kollect.Shell.Manifests.Yaml;

namespace Kollect.Shell.Manifests;

/// <summary>Line numbers of the fields of one object. Holds the object itself, and so prints as file and line only.</summary>
internal sealed class SourceMap
{
    private readonly YamlNode root;

    internal SourceMap(string file, YamlNode root) => (File, this.root) = (file, root);

    /// <summary>As in <see cref="ManifestProblem.File"/>.</summary>
    public string File { get; }

    /// <summary>First line of the object, counted from 1.</summary>
    public int Line => root.Line;

    /// <summary>
    /// Returns the line of a field, counted from 1, or that of its nearest ancestor in the file:
    /// <c>spec.options[statement_timeout]</c>, <c>spec.postgres.table</c>, <c>status.conditions[0].type</c>.
    /// </summary>
    /// <param name="path">In the notation of Kubernetes; empty = the object. A malformed path is treated as an unknown field.</param>
    public int LineOf(string path)
    {
        var (node, line) = (root, root.Line);
        foreach (var step in FieldPath.Steps(path))
        {
            var (child, childLine) = Step(node, step);
            if (child is null)
                return line;
            (node, line) = (child, childLine);
        }

        return line;
    }

    /// <inheritdoc/>
    public override string ToString() => $"{File}:{Line}";

    private static (YamlNode? Node, int Line) Step(YamlNode node, string step) => node switch
    {
        YamlNode.Mapping mapping when mapping.Find(step) is { } field => (field.Value, field.Line),
        YamlNode.Sequence list when int.TryParse(step, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < list.Items.Count =>
            (list.Items[index], list.Items[index].Line),
        _ => (null, 0),
    };
}
