namespace Kollect.Generators.Schema;

/// <summary>The schema of ObjectMeta, which a CRD does not contain.</summary>
public static class ObjectMetaSchema
{
    private const string Resource = "ObjectMeta.yaml";

    /// <summary>Read from the resource of that name in this assembly.</summary>
    public static SchemaNode.Object Read()
    {
        using var stream = typeof(ObjectMetaSchema).Assembly.GetManifestResourceStream(Resource)!;
        using var reader = new StreamReader(stream);
        return CrdReader.ReadSchema(Resource, reader.ReadToEnd());
    }
}
