using Kollect.Generators.Model;
using Kollect.Generators.Schema;

namespace Kollect.Generators.Emit;

/// <summary>The C# of a type: its name, and the expressions that read and write a value.</summary>
internal static class TypeText
{
    /// <summary><c>string</c>, <c>ModelList&lt;long&gt;</c>, <c>ModelMap&lt;string&gt;</c>.</summary>
    public static string Name(TypeModel type) => type switch
    {
        TypeModel.Enum it => it.Name,
        TypeModel.Record it => it.Name,
        TypeModel.List it => $"ModelList<{Name(it.Items)}>",
        TypeModel.Map it => $"ModelMap<{Name(it.Values)}>",
        TypeModel.Scalar it => it.Schema switch
        {
            SchemaNode.Time => "DateTimeOffset",
            SchemaNode.Integer { Is64Bit: true } => "long",
            SchemaNode.Integer => "int",
            SchemaNode.Number => "double",
            SchemaNode.Boolean => "bool",
            SchemaNode.IntOrText => "IntOrString",
            _ => "string",
        },
        _ => throw new InvalidOperationException(type.ToString()),
    };

    /// <summary>An absent list or map is an empty one.</summary>
    public static bool IsCollection(TypeModel type) => type is TypeModel.List or TypeModel.Map;

    /// <summary><c>reader.Text(maxLength: 253)</c>; null where the value does not fit.</summary>
    public static string Read(TypeModel type, string reader = "reader") => type switch
    {
        TypeModel.Enum it => $"({it.Name}?){reader}.OneOf({it.Scope}{EnumModel.NamesOf(it.Name)}.All)",
        TypeModel.Record it => $"{it.Scope}{it.Name}.Read(ref {reader})",
        TypeModel.List it => Collection(it.Items, reader, "List", CSharp.Arguments(
            ("minItems", Text(it.Schema.MinItems)), ("maxItems", Text(it.Schema.MaxItems)))),
        TypeModel.Map it => Collection(it.Values, reader, "Map", CSharp.Arguments(
            ("minProperties", Text(it.Schema.MinProperties)), ("maxProperties", Text(it.Schema.MaxProperties)))),
        TypeModel.Scalar it => $"{reader}.{Scalar(it.Schema)}",
        _ => throw new InvalidOperationException(type.ToString()),
    };

    /// <summary><c>json.WriteStringValue(value)</c>.</summary>
    public static string WriteValue(TypeModel type) => type switch
    {
        TypeModel.Enum => "json.WriteStringValue(value.WireName())",
        TypeModel.Record => "value.WriteJson(json)",
        TypeModel.List it => $"json.ListValue(value, {Writer(it.Items)})",
        TypeModel.Map it => $"json.MapValue(value, {Writer(it.Values)})",
        TypeModel.Scalar { Schema: SchemaNode.Any } => "json.WriteRawValue(value)",
        TypeModel.Scalar { Schema: SchemaNode.IntOrText } => "value.Write(json)",
        TypeModel.Scalar { Schema: SchemaNode.Time } => "json.TimeValue(value)",
        TypeModel.Scalar { Schema: SchemaNode.Boolean } => "json.WriteBooleanValue(value)",
        TypeModel.Scalar { Schema: SchemaNode.Integer or SchemaNode.Number } => "json.WriteNumberValue(value)",
        _ => "json.WriteStringValue(value)",
    };

    /// <summary><c>writer.Field("table", Table)</c>.</summary>
    public static string WriteField(PropertyModel property, bool nullable) => property.Type switch
    {
        TypeModel.Enum => $"writer.Field({CSharp.Literal(property.Wire)}, {property.Name}{(nullable ? "?" : "")}.WireName())",
        TypeModel.List it => $"writer.List({CSharp.Literal(property.Wire)}, {property.Name}, {Writer(it.Items)}{Always(property)})",
        TypeModel.Map it => $"writer.Map({CSharp.Literal(property.Wire)}, {property.Name}, {Writer(it.Values)}{Always(property)})",
        TypeModel.Scalar { Schema: SchemaNode.Any } => $"writer.Raw({CSharp.Literal(property.Wire)}, {property.Name})",
        _ => $"writer.Field({CSharp.Literal(property.Wire)}, {property.Name})",
    };

    /// <summary>The stand-in for a missing required value; null = none exists, and the property stays nullable.</summary>
    public static string? Neutral(TypeModel type) => type switch
    {
        TypeModel.Record it => $"{it.Scope}{it.Name}.Neutral",
        TypeModel.Scalar { Schema: SchemaNode.Text } => "\"\"",
        TypeModel.Scalar { Schema: SchemaNode.Time or SchemaNode.Integer or SchemaNode.Number or SchemaNode.Boolean } => "default",
        _ => null,
    };

    private static string Collection(TypeModel element, string reader, string kind, string limits)
    {
        var prefix = IsValue(element) ? "Value" : "";
        var read = element is TypeModel.Record it ? $"{it.Scope}{it.Name}.Read" : $"static (ref ModelReader item) => {Read(element, "item")}";
        return $"{reader}.{prefix}{kind}<{Name(element)}>({read}{(limits.Length > 0 ? ", " + limits : "")})";
    }

    private static bool IsValue(TypeModel type) => type switch
    {
        TypeModel.Enum or TypeModel.List or TypeModel.Map => true,
        TypeModel.Scalar it => it.Schema is SchemaNode.Time or SchemaNode.Integer or SchemaNode.Number or SchemaNode.Boolean,
        _ => false,
    };

    /// <summary>A required list is written even where it is empty: without it, reading the text again would report it as missing.</summary>
    private static string Always(PropertyModel property) => property.IsRequired ? ", required: true" : "";

    private static string Writer(TypeModel type) => $"static (json, value) => {WriteValue(type)}";

    private static string Scalar(SchemaNode schema) => schema switch
    {
        SchemaNode.Text it => $"{(it.IsBase64 ? "Base64" : "Text")}({CSharp.Arguments(
            ("minLength", Text(it.MinLength)), ("maxLength", Text(it.MaxLength)), ("pattern", it.Pattern is null ? null : CSharp.Literal(it.Pattern)))})",
        SchemaNode.Integer it => $"{(it.Is64Bit ? "Int64" : "Int32")}({CSharp.Arguments(("minimum", Text(it.Minimum)), ("maximum", Text(it.Maximum)))})",
        SchemaNode.Number it => $"Number({CSharp.Arguments(("minimum", Text(it.Minimum)), ("maximum", Text(it.Maximum)))})",
        SchemaNode.Time => "Time()",
        SchemaNode.Boolean => "Boolean()",
        SchemaNode.IntOrText => "IntOrText()",
        _ => "Raw()",
    };

    private static string? Text(long? number) => number is { } it ? CSharp.Literal(it) : null;

    private static string? Text(double? number) => number is { } it ? CSharp.Literal(it) : null;
}
