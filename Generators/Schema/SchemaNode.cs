using Kollect.Generators.Model;

namespace Kollect.Generators.Schema;

/// <summary>One schema of a CRD, as data: no YAML, no Roslyn, compared by content.</summary>
/// <param name="Description">Null = none.</param>
public abstract record SchemaNode(string? Description)
{
    /// <summary>An object with named fields.</summary>
    /// <param name="KeepsUnknown">True where fields that the schema does not name are kept and not reported.</param>
    /// <param name="DefaultsToEmpty">True for <c>default: {}</c>.</param>
    public sealed record Object(
        string? Description,
        EquatableArray<SchemaProperty> Properties,
        bool KeepsUnknown,
        bool DefaultsToEmpty) : SchemaNode(Description);

    /// <summary>A map from text to values of one schema (<c>additionalProperties</c>).</summary>
    public sealed record Map(string? Description, SchemaNode Values, int? MinProperties, int? MaxProperties) : SchemaNode(Description);

    /// <summary>An array.</summary>
    public sealed record List(string? Description, SchemaNode Items, int? MinItems, int? MaxItems) : SchemaNode(Description);

    /// <summary>Text.</summary>
    /// <param name="IsBase64">True for <c>format: byte</c>.</param>
    public sealed record Text(
        string? Description,
        bool IsBase64,
        int? MinLength,
        int? MaxLength,
        string? Pattern,
        string? Default) : SchemaNode(Description);

    /// <summary>An RFC 3339 time (<c>format: date-time</c>).</summary>
    public sealed record Time(string? Description) : SchemaNode(Description);

    /// <summary>One of several texts (<c>enum</c>).</summary>
    public sealed record Choice(string? Description, EquatableArray<string> Values, string? Default) : SchemaNode(Description);

    /// <summary>A whole number of 32 or 64 bits.</summary>
    public sealed record Integer(string? Description, bool Is64Bit, long? Minimum, long? Maximum, long? Default) : SchemaNode(Description);

    /// <summary>A floating-point number.</summary>
    public sealed record Number(string? Description, double? Minimum, double? Maximum, double? Default) : SchemaNode(Description);

    /// <summary>True or false.</summary>
    public sealed record Boolean(string? Description, bool? Default) : SchemaNode(Description);

    /// <summary><c>x-kubernetes-int-or-string</c>.</summary>
    public sealed record IntOrText(string? Description) : SchemaNode(Description);

    /// <summary>Any JSON: an object without fields that keeps unknown ones.</summary>
    public sealed record Any(string? Description) : SchemaNode(Description);
}

/// <summary>One field of an object.</summary>
public sealed record SchemaProperty(string Name, bool IsRequired, SchemaNode Schema);

/// <summary>One served version of a CRD.</summary>
/// <param name="Namespace">Namespace of the models without the version; null = that of the project.</param>
public sealed record CrdVersion(string Group, string Kind, string Version, SchemaNode.Object Schema, string? Namespace = null)
{
    /// <summary>Name of the record of the whole document.</summary>
    public string TypeName => Naming.Pascal(Kind);

    /// <summary><c>kollect.dev/v1alpha1</c>.</summary>
    public string ApiVersion => $"{Group}/{Version}";
}

/// <summary>The content of one file.</summary>
public sealed record CrdFile(string Path, EquatableArray<CrdVersion> Versions, EquatableArray<SchemaProblem> Problems);
