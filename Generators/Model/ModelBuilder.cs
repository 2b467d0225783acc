using Kollect.Generators.Schema;

namespace Kollect.Generators.Model;

/// <summary>
/// Converts schemas into C# models. An object or enum is named after its path (<c>KollectDatabaseSinkSpecPostgres</c>). A shape that occurs at several
/// paths is emitted once (<see cref="SharedShape"/>); a shape of several kinds is emitted in a model of its own.
/// </summary>
public sealed class ModelBuilder
{
    /// <summary>Name of the model with the shapes of several kinds.</summary>
    private const string Common = "Common";

    /// <summary>The field whose schema is Kubernetes' own.</summary>
    private const string Metadata = "metadata";

    private readonly string shared;
    private readonly string root;
    private readonly string source;
    private readonly string @namespace;
    private readonly Dictionary<SchemaNode, SharedShape> shapes;
    private readonly TypeNames names;
    private readonly List<RecordModel> records = [];
    private readonly List<EnumModel> enums = [];

    private ModelBuilder(string shared, string @namespace, string root, string source, Dictionary<SchemaNode, SharedShape> shapes, TypeNames names)
    {
        this.shared = shared;
        this.@namespace = @namespace;
        this.root = root;
        this.source = source;
        this.shapes = shapes;
        this.names = names;
    }

    /// <summary>The models of all kinds of one namespace, and one with the shapes that several of them have.</summary>
    /// <param name="shared">Namespace of the types that all models share.</param>
    public static IEnumerable<CrdModel> Build(string shared, string @namespace, IReadOnlyList<CrdVersion> crds)
    {
        var names = new TypeNames(crds);
        var shapes = SharedShape.Find(crds, names);
        foreach (var crd in crds)
        {
            var builder = new ModelBuilder(shared, @namespace, crd.TypeName, crd.ApiVersion, shapes, names);
            builder.AddRecord(crd.TypeName, Document(crd), isDocument: true);
            yield return builder.Model();
        }

        var source = string.Join(", ", crds.Select(crd => crd.ApiVersion).Distinct());
        var common = new ModelBuilder(shared, @namespace, crds.Any(crd => crd.TypeName == Common) ? Common + "Types" : Common, source, shapes, names);
        foreach (var shape in shapes.Where(pair => pair.Value.IsCommon))
            common.Add(shape.Value.Name, shape.Key with { Description = shape.Value.Doc });
        if (common.records.Count + common.enums.Count > 0)
            yield return common.Model();
    }

    /// <summary>ObjectMeta, which all CRDs share.</summary>
    public static CrdModel BuildObjectMeta(string shared, SchemaNode.Object schema)
    {
        var builder = new ModelBuilder(shared, shared, "ObjectMeta", "meta/v1", [], new TypeNames([]));
        builder.AddRecord("ObjectMeta", schema);
        return builder.Model();
    }

    private CrdModel Model() => new(@namespace, shared, root, source, new(records), new(enums));

    /// <summary>The fields that every object of Kubernetes has come first, also where the schema leaves them out, as it may.</summary>
    private static SchemaNode.Object Document(CrdVersion crd) => crd.Schema with
    {
        Properties = new(
        [
            Always("apiVersion", crd.ApiVersion),
            Always("kind", crd.Kind),
            new SchemaProperty(Metadata, false, new SchemaNode.Object("Name, namespace, labels and annotations.", new([]), true, DefaultsToEmpty: true)),
            .. crd.Schema.Properties.Where(property => property.Name is not ("apiVersion" or "kind" or Metadata)),
        ]),
    };

    /// <summary>A document without this field is read as the expected kind.</summary>
    private static SchemaProperty Always(string field, string value) =>
        new(field, false, new SchemaNode.Text($"Always {value}.", false, null, null, null, Default: value));

    private void AddRecord(string name, SchemaNode.Object schema, bool isDocument = false)
    {
        if (!names.Declare(name))
            return;
        var index = records.Count;
        var fields = new HashSet<string>(schema.Properties.Select(property => Naming.Pascal(property.Name)));
        var properties = schema.Properties.Select(property => Property(name, property, fields, isDocument)).ToArray();
        records.Insert(index, new RecordModel(
            name, schema.Description ?? $"{name}.", isDocument, schema.KeepsUnknown, new(properties)));
    }

    private PropertyModel Property(string owner, SchemaProperty property, HashSet<string> fields, bool inDocument)
    {
        var name = Naming.Pascal(property.Name);
        var type = inDocument && property.Name == Metadata
            ? new TypeModel.Record("ObjectMeta", Scope("ObjectMeta", shared, fields))
            : Type(owner + name, property.Schema, fields);
        return new PropertyModel(
            property.Name, name, property.Schema.Description ?? $"{name}.", property.IsRequired, type, Default(type, property.Schema));
    }

    private TypeModel Type(string name, SchemaNode schema, HashSet<string> fields)
    {
        var isShared = shapes.TryGetValue(SharedShape.Of(schema), out var shape);
        if (isShared)
            (name, schema) = (shape!.Name, schema with { Description = shape.Doc });
        else if (schema is SchemaNode.Object or SchemaNode.Choice)
            name = names.Of(name, schema);
        if (!isShared || !shape!.IsCommon)
            Add(name, schema);
        return schema switch
        {
            SchemaNode.Object => new TypeModel.Record(name, Scope(name, @namespace, fields)),
            SchemaNode.Choice => new TypeModel.Enum(name, Scope(name, @namespace, fields)),
            SchemaNode.List it => new TypeModel.List(Type(Naming.Singular(name), it.Items, fields), it),
            SchemaNode.Map it => new TypeModel.Map(Type(Naming.ValueOf(name), it.Values, fields), it),
            _ => new TypeModel.Scalar(schema),
        };
    }

    /// <summary>In an expression a field of the record hides a type of the same name.</summary>
    private static string Scope(string type, string @namespace, HashSet<string> fields) =>
        fields.Contains(type) || fields.Contains(EnumModel.NamesOf(type)) ? $"global::{@namespace}." : "";

    private void Add(string name, SchemaNode schema)
    {
        if (schema is SchemaNode.Object record)
            AddRecord(name, record);
        else if (schema is SchemaNode.Choice choice && names.Declare(name))
            enums.Add(new EnumModel(
                name, choice.Description ?? $"{name}.", new(choice.Values.Select(value => new EnumValue(value, Naming.Pascal(value))))));
    }

    private static string? Default(TypeModel type, SchemaNode schema) => (type, schema) switch
    {
        (TypeModel.Enum it, SchemaNode.Choice { Default: { } wire }) => $"{it.Scope}{it.Name}.{Naming.Pascal(wire)}",
        (TypeModel.Record, SchemaNode.Object { DefaultsToEmpty: true }) => "new()",
        (_, SchemaNode.Text { Default: { } text }) => Emit.CSharp.Literal(text),
        (_, SchemaNode.Boolean { Default: { } truth }) => truth ? "true" : "false",
        (_, SchemaNode.Integer { Default: { } number }) => Emit.CSharp.Literal(number),
        (_, SchemaNode.Number { Default: { } number }) => Emit.CSharp.Literal(number),
        _ => null,
    };
}
