using Kollect.Generators.Schema;

namespace Kollect.Generators.Model;

/// <summary>The C# of one CRD version, with its names chosen and repeated shapes shared.</summary>
/// <param name="Namespace">Namespace of all types.</param>
/// <param name="Name">Name of the root record and of the file.</param>
/// <param name="Source">Named in the head of the file: <c>kollect.dev/v1alpha1</c>.</param>
public sealed record CrdModel(
    string Namespace,
    string Name,
    string Source,
    EquatableArray<RecordModel> Records,
    EquatableArray<EnumModel> Enums);

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
public sealed record EnumModel(string Name, string Doc, EquatableArray<EnumValue> Values);

/// <summary>One value of an enum.</summary>
public sealed record EnumValue(string Wire, string Name);

/// <summary>The type of a property.</summary>
public abstract record TypeModel
{
    /// <summary>Text, time, number, boolean, int-or-string or any JSON, with the constraints of its schema.</summary>
    public sealed record Scalar(SchemaNode Schema) : TypeModel;

    /// <summary>A generated enum.</summary>
    public sealed record Enum(string Name) : TypeModel;

    /// <summary>A generated record.</summary>
    public sealed record Record(string Name) : TypeModel;

    /// <summary>A sequence.</summary>
    public sealed record List(TypeModel Items, SchemaNode.List Schema) : TypeModel;

    /// <summary>A map with text keys.</summary>
    public sealed record Map(TypeModel Values, SchemaNode.Map Schema) : TypeModel;
}
