using Kollect.Generators.Schema;

namespace Kollect.Generators.Model;

/// <summary>An object or enum that occurs several times and becomes one type.</summary>
/// <param name="Name">
/// The words with which all its kinds begin, and those with which all its occurrences end: <c>KollectDatabaseSinkSecretRef</c> for the fields secretRef and
/// caSecretRef of one kind, <c>KollectCondition</c> for the conditions of several kinds.
/// </param>
/// <param name="Doc">Its description; where the occurrences have different ones, the names of the fields.</param>
/// <param name="IsCommon">True where it belongs to several kinds, so that none of them can emit it.</param>
internal sealed record SharedShape(string Name, string Doc, bool IsCommon)
{
    /// <summary>
    /// Finds the shared shapes. Occurrences whose names have no common ending keep separate types, and so does a shape whose name is taken.
    /// </summary>
    public static Dictionary<SchemaNode, SharedShape> Find(IReadOnlyList<CrdVersion> crds, TypeNames names)
    {
        var found = new Dictionary<SchemaNode, SharedShape>();
        var occurrences = crds.SelectMany(Occurrence.Of).ToArray();
        foreach (var group in occurrences.GroupBy(occurrence => Of(occurrence.Schema)).Where(group => group.Count() > 1))
        {
            var kinds = group.Select(occurrence => occurrence.Kind).Distinct().ToArray();
            var ending = Naming.CommonEnding(group.Select(occurrence => kinds.Length > 1 ? occurrence.Name : occurrence.Field).Distinct().ToArray());
            var name = Naming.CommonBeginning(kinds) + ending;
            var isTaken = occurrences.Any(occurrence => occurrence.Name == name && !Of(occurrence.Schema).Equals(group.Key));
            if (ending.Length > 0 && !isTaken && names.Of(name, group.Key) == name)
                found.Add(group.Key, new SharedShape(name, Describe(group), kinds.Length > 1));
        }

        return found;
    }

    /// <summary>The schema without the parts that belong to a single occurrence: description and default.</summary>
    public static SchemaNode Of(SchemaNode schema) => schema switch
    {
        SchemaNode.Object it => it with { Description = null, DefaultsToEmpty = false },
        SchemaNode.Choice it => it with { Description = null, Default = null },
        _ => schema,
    };

    private static string Describe(IEnumerable<Occurrence> occurrences)
    {
        var descriptions = occurrences.Select(occurrence => occurrence.Schema.Description).Distinct().ToArray();
        return (descriptions.Length == 1 ? descriptions[0] : null)
            ?? $"Type of the fields {string.Join(", ", occurrences.Select(occurrence => occurrence.Wire).Distinct())}.";
    }

    /// <summary>One occurrence of an object or enum.</summary>
    /// <param name="Wire">Name of the field in JSON; the name of the list for its items.</param>
    /// <param name="Field">The same name in C#, in the singular for an item.</param>
    /// <param name="Name">Name of its type where the type is not shared.</param>
    private sealed record Occurrence(string Kind, string Wire, string Field, string Name, SchemaNode Schema)
    {
        public static IEnumerable<Occurrence> Of(CrdVersion crd) => Fields(crd.TypeName, crd.TypeName, crd.Schema with
        {
            Properties = new(crd.Schema.Properties.Where(property => property.Name != "metadata")),
        });

        private static IEnumerable<Occurrence> Fields(string kind, string owner, SchemaNode.Object schema) => schema.Properties.SelectMany(property =>
            At(kind, property.Name, Naming.Pascal(property.Name), owner + Naming.Pascal(property.Name), property.Schema));

        private static IEnumerable<Occurrence> At(string kind, string wire, string field, string name, SchemaNode schema) => schema switch
        {
            SchemaNode.Object it => Fields(kind, name, it).Prepend(new Occurrence(kind, wire, field, name, it)),
            SchemaNode.Choice => [new Occurrence(kind, wire, field, name, schema)],
            SchemaNode.List it => At(kind, wire, Naming.Singular(field), Naming.Singular(name), it.Items),
            SchemaNode.Map it => At(kind, wire, Naming.ValueOf(field), Naming.ValueOf(name), it.Values),
            _ => [],
        };
    }
}
