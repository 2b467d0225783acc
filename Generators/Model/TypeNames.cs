using Kollect.Generators.Schema;

namespace Kollect.Generators.Model;

/// <summary>The names of the types of one namespace. Each belongs to one shape.</summary>
internal sealed class TypeNames
{
    /// <summary>Types that the emitted code names; a type of the models would hide them.</summary>
    private static readonly string[] Used =
    [
        "ObjectMeta", "ModelList", "ModelMap", "ModelReader", "ModelWriter", "IJsonModel", "StructuralProblem", "IntOrString",
        "DateTimeOffset", "ReadOnlySpan", "Utf8JsonWriter",
    ];

    private readonly HashSet<string> declared = [];
    private readonly Dictionary<string, SchemaNode?> owners = Used.ToDictionary(name => name, _ => (SchemaNode?)null);

    public TypeNames(IEnumerable<CrdVersion> crds)
    {
        foreach (var crd in crds)
            owners[crd.TypeName] = null;
    }

    /// <summary>True for a name that no type of a CRD can have.</summary>
    public static bool IsUsed(string name) => Used.Contains(name);

    /// <summary>The name, or the name with a number where another shape has it.</summary>
    public string Of(string name, SchemaNode schema)
    {
        var shape = SharedShape.Of(schema);
        var found = name;
        for (var number = 2; !TryTake(found, shape); number++)
            found = FormattableString.Invariant($"{name}{number}");
        return found;
    }

    /// <summary>True for the first caller, who emits the type.</summary>
    public bool Declare(string name) => declared.Add(name);

    private bool TryTake(string name, SchemaNode shape)
    {
        if (owners.TryGetValue(name, out var owner))
            return shape.Equals(owner);
        if (shape is SchemaNode.Object record && record.Properties.Any(property => Naming.Pascal(property.Name) == name))
            return false; // a member of a C# type cannot have the name of the type
        var names = EnumModel.NamesOf(name);
        if (shape is SchemaNode.Choice && owners.ContainsKey(names))
            return false;
        owners.Add(name, shape);
        if (shape is SchemaNode.Choice)
            owners.Add(names, null);
        return true;
    }
}
