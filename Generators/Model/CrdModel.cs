using Kollect.Generators.Schema;

namespace Kollect.Generators.Model;

/// <summary>The C# of one CRD version, with its names chosen and repeated shapes shared.</summary>
/// <param name="Namespace">Namespace of all types.</param>
/// <param name="Shared">Namespace of the types that all models share.</param>
/// <param name="Name">Name of the root record and of the file.</param>
/// <param name="Source">Named in the head of the file: <c>kollect.dev/v1alpha1</c>.</param>
public sealed record CrdModel(
    string Namespace,
    string Shared,
    string Name,
    string Source,
    EquatableArray<RecordModel> Records,
    EquatableArray<EnumModel> Enums)
{
    /// <summary>True where a property is an int-or-string, or holds some.</summary>
    public bool UsesIntOrString => Records.SelectMany(record => record.Properties).Any(property => property.Type.UsesIntOrString);
}

/// <summary>An object schema as a record.</summary>
/// <param name="IsDocument">True for the root, which has a public reader.</param>
/// <param name="KeepsUnknown">True where unknown fields are not reported.</param>
public sealed record RecordModel(
    string Name,
    string Doc,
    bool IsDocument,
    bool KeepsUnknown,
    EquatableArray<PropertyModel> Properties);

/// <summary>A field as a property.</summary>
/// <param name="Wire">The name in JSON.</param>
/// <param name="Default">C# expression of the schema's default; null = none.</param>
public sealed record PropertyModel(string Wire, string Name, string Doc, bool IsRequired, TypeModel Type, string? Default);

/// <summary>An enum schema. The order of the values is the order of the names.</summary>
public sealed record EnumModel(string Name, string Doc, EquatableArray<EnumValue> Values)
{
    /// <summary>The class with the wire names of an enum: <c>ModeNames</c>.</summary>
    public static string NamesOf(string name) => name + "Names";
}

/// <summary>One value of an enum.</summary>
public sealed record EnumValue(string Wire, string Name);

/// <summary>The type of a property.</summary>
public abstract record TypeModel
{
    /// <summary>True for an int-or-string, and a list or map of them.</summary>
    public bool UsesIntOrString => this switch
    {
        Scalar it => it.Schema is SchemaNode.IntOrText,
        List it => it.Items.UsesIntOrString,
        Map it => it.Values.UsesIntOrString,
        _ => false,
    };

    /// <summary>Text, time, number, boolean, int-or-string or any JSON, with the constraints of its schema.</summary>
    public sealed record Scalar(SchemaNode Schema) : TypeModel;

    /// <summary>A generated enum.</summary>
    /// <param name="Scope">Stands before the name where a property of the same record hides it; else empty.</param>
    public sealed record Enum(string Name, string Scope = "") : TypeModel;

    /// <summary>A generated record.</summary>
    /// <param name="Scope">As above.</param>
    public sealed record Record(string Name, string Scope = "") : TypeModel;

    /// <summary>A sequence.</summary>
    public sealed record List(TypeModel Items, SchemaNode.List Schema) : TypeModel;

    /// <summary>A map with text keys.</summary>
    public sealed record Map(TypeModel Values, SchemaNode.Map Schema) : TypeModel;
}
