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

    private readonly string root;
    private readonly string source;
    private readonly Dictionary<SchemaNode, SharedShape> shared;
    private readonly List<RecordModel> records = [];
    private readonly List<EnumModel> enums = [];

    private ModelBuilder(string root, string source, Dictionary<SchemaNode, SharedShape> shared)
    {
        this.root = root;
        this.source = source;
        this.shared = shared;
    }

    /// <summary>The models of all kinds of one API version below <paramref name="rootNamespace"/>, and one with the shapes that several of them have.</summary>
    public static IEnumerable<CrdModel> Build(string rootNamespace, IReadOnlyList<CrdVersion> crds)
    {
        var shared = SharedShape.Find(crds);
        foreach (var crd in crds)
        {
            var builder = new ModelBuilder(crd.Kind, Source(crd), shared);
            builder.AddRecord(crd.Kind, crd.Schema, isDocument: true);
            yield return builder.Model(Namespace(rootNamespace, crd));
        }

        var common = new ModelBuilder(Common, string.Join(", ", crds.Select(Source).Distinct()), shared);
        foreach (var shape in shared.Where(pair => pair.Value.IsCommon))
            common.Add(shape.Value.Name, shape.Key with { Description = shape.Value.Doc });
        if (common.records.Count + common.enums.Count > 0)
            yield return common.Model(Namespace(rootNamespace, crds[0]));
    }

    /// <summary>ObjectMeta, which all CRDs share.</summary>
    public static CrdModel BuildObjectMeta(string rootNamespace, SchemaNode.Object schema)
    {
        var builder = new ModelBuilder("ObjectMeta", "meta/v1", []);
        builder.AddRecord("ObjectMeta", schema, isDocument: false);
        return builder.Model($"{rootNamespace}.Models");
    }

    private static string Source(CrdVersion crd) => $"{crd.Group}/{crd.Version}";

    private static string Namespace(string rootNamespace, CrdVersion crd) => $"{rootNamespace}.Models.{Naming.Pascal(crd.Version)}";

    private CrdModel Model(string @namespace) => new(@namespace, root, source, new(records), new(enums));

    private void AddRecord(string name, SchemaNode.Object schema, bool isDocument)
    {
        if (records.Any(record => record.Name == name))
            return;
        var index = records.Count;
        var properties = schema.Properties.Select(property => Property(name, property, isDocument)).ToArray();
        records.Insert(index, new RecordModel(
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

    /// <summary>A document without these fields is read as the expected kind.</summary>
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
        if (shape is not { IsCommon: true })
            Add(name, schema);
        return schema switch
        {
            SchemaNode.Object => new TypeModel.Record(name),
            SchemaNode.Choice => new TypeModel.Enum(name),
            SchemaNode.List it => new TypeModel.List(Type(Naming.Singular(name), it.Items), it),
            SchemaNode.Map it => new TypeModel.Map(Type(Naming.ValueOf(name), it.Values), it),
            _ => new TypeModel.Scalar(schema),
        };
    }

    private void Add(string name, SchemaNode schema)
    {
        if (schema is SchemaNode.Object record)
            AddRecord(name, record, isDocument: false);
        else if (schema is SchemaNode.Choice choice)
            AddEnum(name, choice);
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
}
