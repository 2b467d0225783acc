using Kollect.Generators.Schema;

namespace Kollect.Generators.Model;

/// <summary>An object or enum that stands at several places and becomes one type.</summary>
/// <param name="Name">
/// The words that all its kinds begin with, and those that all its places end with: <c>KollectDatabaseSinkRef</c> of the fields databaseRef and caSecretRef of one
/// kind, <c>KollectCondition</c> of the conditions of several.
/// </param>
/// <param name="Doc">Its description; where the places differ in that, which fields have it.</param>
/// <param name="IsCommon">It belongs to several kinds, so that none of them can emit it.</param>
internal sealed record SharedShape(string Name, string Doc, bool IsCommon)
{
    /// <summary>By shape. Places whose names have no common ending keep types of their own, and so does a shape whose name another one has already.</summary>
    public static Dictionary<SchemaNode, SharedShape> Find(IEnumerable<CrdVersion> crds)
    {
        var found = new Dictionary<SchemaNode, SharedShape>();
        var places = crds.SelectMany(Place.Of).ToArray();
        foreach (var group in places.GroupBy(place => Of(place.Schema)).Where(group => group.Count() > 1))
        {
            var kinds = group.Select(place => place.Kind).Distinct().ToArray();
            var ending = Naming.CommonEnding(group.Select(place => kinds.Length > 1 ? place.Name : place.Field).Distinct().ToArray());
            var name = Naming.CommonBeginning(kinds) + ending;
            var isTaken = found.Values.Any(other => other.Name == name) || places.Any(place => place.Name == name && !Of(place.Schema).Equals(group.Key));
            if (ending.Length > 0 && !isTaken)
                found.Add(group.Key, new SharedShape(name, Describe(group), kinds.Length > 1));
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

    private static string Describe(IEnumerable<Place> places)
    {
        var descriptions = places.Select(place => place.Schema.Description).Distinct().ToArray();
        return (descriptions.Length == 1 ? descriptions[0] : null) ?? $"Type of the fields {string.Join(", ", places.Select(place => place.Wire).Distinct())}.";
    }

    /// <summary>Where an object or enum stands.</summary>
    /// <param name="Wire">Name of the field in JSON; that of a list for its items.</param>
    /// <param name="Field">The same in C#, as one item is called.</param>
    /// <param name="Name">What its type is called if it has one of its own.</param>
    private sealed record Place(string Kind, string Wire, string Field, string Name, SchemaNode Schema)
    {
        public static IEnumerable<Place> Of(CrdVersion crd) => Fields(crd.Kind, crd.Kind, crd.Schema with
        {
            Properties = new(crd.Schema.Properties.Where(property => property.Name != "metadata")),
        });

        private static IEnumerable<Place> Fields(string kind, string owner, SchemaNode.Object schema) => schema.Properties.SelectMany(property =>
            At(kind, property.Name, Naming.Pascal(property.Name), owner + Naming.Pascal(property.Name), property.Schema));

        private static IEnumerable<Place> At(string kind, string wire, string field, string name, SchemaNode schema) => schema switch
        {
            SchemaNode.Object it => Fields(kind, name, it).Prepend(new Place(kind, wire, field, name, it)),
            SchemaNode.Choice => [new Place(kind, wire, field, name, schema)],
            SchemaNode.List it => At(kind, wire, Naming.Singular(field), Naming.Singular(name), it.Items),
            SchemaNode.Map it => At(kind, wire, Naming.ValueOf(field), Naming.ValueOf(name), it.Values),
            _ => [],
        };
    }
}
