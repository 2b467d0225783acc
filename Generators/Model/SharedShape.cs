using Kollect.Generators.Schema;

namespace Kollect.Generators.Model;

/// <summary>An object or enum that stands at several places of a schema and becomes one type.</summary>
/// <param name="Name">The kind plus the words that all its field names end with: <c>KollectDatabaseSinkRef</c>.</param>
/// <param name="Doc">Which fields have it.</param>
internal sealed record SharedShape(string Name, string Doc)
{
    /// <summary>By shape. Places whose field names have no common ending keep types of their own.</summary>
    public static Dictionary<SchemaNode, SharedShape> Find(string root, SchemaNode.Object schema)
    {
        var found = new Dictionary<SchemaNode, SharedShape>();
        foreach (var group in Fields(schema).Where(field => field.Schema is SchemaNode.Object or SchemaNode.Choice).GroupBy(field => Of(field.Schema)))
        {
            var fields = group.Select(field => field.Name).Distinct().ToArray();
            var ending = group.Count() > 1 ? Naming.CommonEnding(fields.Select(Naming.Pascal).ToArray()) : "";
            if (ending.Length > 0 && found.Values.All(other => other.Name != root + ending))
                found.Add(group.Key, new SharedShape(root + ending, $"Type of the fields {string.Join(", ", fields)}."));
        }

        return found;
    }

    /// <summary>A schema without what is said about the one place where it stands.</summary>
    public static SchemaNode Of(SchemaNode schema) => schema switch
    {
        SchemaNode.Object it => it with { Description = null, DefaultsToEmpty = false },
        SchemaNode.Choice it => it with { Description = null, Default = null },
        _ => schema,
    };

    private static IEnumerable<SchemaProperty> Fields(SchemaNode schema) => schema switch
    {
        SchemaNode.Object it => it.Properties.Concat(it.Properties.SelectMany(property => Fields(property.Schema))),
        SchemaNode.List it => Fields(it.Items),
        SchemaNode.Map it => Fields(it.Values),
        _ => [],
    };
}
