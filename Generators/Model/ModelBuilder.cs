using Kollect.Generators.Schema;

namespace Kollect.Generators.Model;

/// <summary>
/// Schema -> C# model. An object or enum is named after its path (<c>KollectDatabaseSinkSpecPostgres</c>); one whose shape occurs at several
/// paths is emitted once, named after the words that its field names end with (<c>KollectDatabaseSinkRef</c>).
/// </summary>
public sealed class ModelBuilder
{
    private readonly string root;
    private readonly string source;
    private readonly Dictionary<SchemaNode, SharedShape> shared;
    private readonly List<RecordModel> records = [];
    private readonly List<EnumModel> enums = [];

    private ModelBuilder(string root, string source, SchemaNode.Object schema)
    {
        this.root = root;
        this.source = source;
        shared = SharedShape.Find(root, schema);
    }

    /// <summary>The models of one CRD version below <paramref name="rootNamespace"/>.</summary>
    public static CrdModel Build(string rootNamespace, CrdVersion crd)
    {
        var builder = new ModelBuilder(crd.Kind, $"{crd.Group}/{crd.Version}", crd.Schema);
        builder.AddRecord(crd.Kind, crd.Schema, isDocument: true);
        return new CrdModel(
            $"{rootNamespace}.Models.{Naming.Pascal(crd.Version)}", crd.Kind, builder.source, new(builder.records), new(builder.enums));
    }

    /// <summary>ObjectMeta, which all CRDs share.</summary>
    public static CrdModel BuildObjectMeta(string rootNamespace, SchemaNode.Object schema)
    {
        var builder = new ModelBuilder("ObjectMeta", "meta/v1", schema);
        builder.AddRecord("ObjectMeta", schema, isDocument: false);
        return new CrdModel($"{rootNamespace}.Models", "ObjectMeta", builder.source, new(builder.records), new(builder.enums));
    }

    private void AddRecord(string name, SchemaNode.Object schema, bool isDocument)
    {
        if (records.Any(record => record.Name == name))
            return;
        var place = records.Count;
        var properties = schema.Properties.Select(property => Property(name, property, isDocument)).ToArray();
        records.Insert(place, new RecordModel(
            name, schema.Description ?? $"{name}.", isDocument, schema.KeepsUnknown, new(properties)));
    }

    private PropertyModel Property(string owner, SchemaProperty property, bool inDocument)
    {
        var name = Naming.Pascal(property.Name);
        if (inDocument && property.Name == "metadata")
            return new PropertyModel("metadata", name, "Name, namespace, labels and annotations.", false, new TypeModel.Record("ObjectMeta"), "new()");
        var type = Type(owner + name, property.Schema);
        var implied = inDocument ? ImpliedDefault(property.Name) : null;
        return new PropertyModel(
            property.Name, name, property.Schema.Description ?? $"{name}.", property.IsRequired, type, implied ?? Default(type, property.Schema));
    }

    /// <summary>A document that says neither is taken for what it is read as.</summary>
    private string? ImpliedDefault(string field) => field switch
    {
        "apiVersion" => Emit.CSharp.Literal(source),
        "kind" => Emit.CSharp.Literal(root),
        _ => null,
    };

    private TypeModel Type(string name, SchemaNode schema)
    {
        if (shared.TryGetValue(SharedShape.Of(schema), out var shape))
            (name, schema) = (shape.Name, schema with { Description = shape.Doc });
        switch (schema)
        {
            case SchemaNode.Object it:
                AddRecord(name, it, isDocument: false);
                return new TypeModel.Record(name);
            case SchemaNode.Choice it:
                AddEnum(name, it);
                return new TypeModel.Enum(name);
            case SchemaNode.List it:
                return new TypeModel.List(Type(Singular(name), it.Items), it);
            case SchemaNode.Map it:
                return new TypeModel.Map(Type(name + "Value", it.Values), it);
            default:
                return new TypeModel.Scalar(schema);
        }
    }

    private void AddEnum(string name, SchemaNode.Choice schema)
    {
        if (enums.Any(known => known.Name == name))
            return;
        var values = schema.Values.Select(value => new EnumValue(value, Naming.Pascal(value)));
        enums.Add(new EnumModel(name, schema.Description ?? $"{name}.", new(values)));
    }

    private static string? Default(TypeModel type, SchemaNode schema) => (type, schema) switch
    {
        (TypeModel.Enum it, SchemaNode.Choice { Default: { } wire }) => $"{it.Name}.{Naming.Pascal(wire)}",
        (TypeModel.Record, SchemaNode.Object { DefaultsToEmpty: true }) => "new()",
        (_, SchemaNode.Text { Default: { } text }) => Emit.CSharp.Literal(text),
        (_, SchemaNode.Boolean { Default: { } truth }) => truth ? "true" : "false",
        (_, SchemaNode.Integer { Default: { } number }) => Emit.CSharp.Literal(number),
        (_, SchemaNode.Number { Default: { } number }) => Emit.CSharp.Literal(number),
        _ => null,
    };

    private static string Singular(string name) => name.EndsWith("s", StringComparison.Ordinal) ? name.Substring(0, name.Length - 1) : name + "Item";
}
