using YamlDotNet.RepresentationModel;

namespace Kollect.Generators.Schema;

/// <summary>Reads one OpenAPI v3 schema as a <see cref="SchemaNode"/>. An unsupported key is reported, never ignored.</summary>
internal static class SchemaReader
{
    private static readonly string[] Everywhere = ["type", "description", "title", "example"];

    /// <summary>Keys that the API server (and Core's validation) checks, and the generated reader does not.</summary>
    private static readonly string[] ForTheServer =
    [
        "x-kubernetes-validations", "x-kubernetes-list-type", "x-kubernetes-list-map-keys", "x-kubernetes-map-type",
    ];

    public static SchemaNode Read(YamlMap schema)
    {
        var description = schema.Text("description")?.Trim();
        if (schema.Bool("x-kubernetes-int-or-string") == true)
            return Checked(schema, new SchemaNode.IntOrText(description), "x-kubernetes-int-or-string", "anyOf");
        return schema.Text("type") switch
        {
            "object" => Object(schema, description),
            "array" => List(schema, description),
            "string" => Text(schema, description),
            "integer" => Integer(schema, description),
            "number" => Checked(
                schema,
                new SchemaNode.Number(description, schema.Double("minimum"), schema.Double("maximum"), schema.Double("default")),
                "default", "format", "minimum", "maximum"),
            "boolean" => Checked(schema, new SchemaNode.Boolean(description, schema.Bool("default")), "default"),
            null when schema.Bool("x-kubernetes-preserve-unknown-fields") == true =>
                Checked(schema, new SchemaNode.Any(description), "x-kubernetes-preserve-unknown-fields"),
            null => Fallback(schema, description),
            var other => Unknown(schema, "type", other, description, "types are object, array, string, integer, number and boolean"),
        };
    }

    private static SchemaNode Object(YamlMap schema, string? description)
    {
        var keepsUnknown = schema.Bool("x-kubernetes-preserve-unknown-fields") == true;
        if (schema.Map("additionalProperties") is { } values)
            return Checked(
                schema,
                new SchemaNode.Map(description, Read(values), schema.Int("minProperties"), schema.Int("maxProperties")),
                "additionalProperties", "minProperties", "maxProperties");
        if (schema.Find("properties") is null && keepsUnknown)
            return Checked(schema, new SchemaNode.Any(description), "x-kubernetes-preserve-unknown-fields");

        var map = schema.Map("properties");
        var required = Required(schema, map);
        var properties = map?.Entries.Select(entry => Property(map, entry, required)).OfType<SchemaProperty>().ToArray() ?? [];
        if (map is not null)
            NameClash.ReportFields(map);
        return Checked(
            schema,
            new SchemaNode.Object(description, new(properties), keepsUnknown, DefaultsToEmpty(schema)),
            "default", "properties", "required", "x-kubernetes-preserve-unknown-fields");
    }

    /// <summary>Without this check, a misspelt name would silently make a field optional.</summary>
    private static string[] Required(YamlMap schema, YamlMap? properties)
    {
        var names = schema.List("required").OfType<YamlScalarNode>().ToArray();
        foreach (var name in names.Where(name => properties?.Find(name.Value!) is null))
            schema.Report(Diagnostics.BadValue.Id, name, name.Value!, "a required field must be one of the properties");
        return names.Select(name => name.Value!).ToArray();
    }

    private static SchemaProperty? Property(YamlMap map, (YamlScalarNode Key, YamlNode Value) entry, string[] required)
    {
        var name = entry.Key.Value!;
        if (entry.Value is YamlMappingNode schema)
            return new SchemaProperty(name, required.Contains(name), Read(map.As(schema)));
        map.Report(Diagnostics.BadValue.Id, entry.Value, name, "a property must be a schema");
        return null;
    }

    private static bool DefaultsToEmpty(YamlMap schema)
    {
        if (schema.Find("default") is not { } value)
            return false;
        if (value is YamlMappingNode { Children.Count: 0 })
            return true;
        schema.Report(Diagnostics.BadValue.Id, value, "default", "an object can only default to {}; give its fields their own defaults");
        return false;
    }

    private static SchemaNode List(YamlMap schema, string? description)
    {
        if (schema.Map("items") is not { } items)
        {
            schema.ReportMissing("items", "an array needs a schema for its items");
            return new SchemaNode.Any(description);
        }

        return Checked(
            schema,
            new SchemaNode.List(description, Read(items), schema.Int("minItems"), schema.Int("maxItems")),
            "items", "minItems", "maxItems");
    }

    private static SchemaNode Text(YamlMap schema, string? description)
    {
        var values = schema.List("enum").OfType<YamlScalarNode>().ToArray();
        if (values.Length > 0)
            return Choice(schema, description, values);
        var format = schema.Text("format");
        if (format == "date-time")
            return Checked(schema, new SchemaNode.Time(description), "format");
        if (format is not (null or "byte"))
            return Unknown(schema, "format", format, description, "formats of a string are byte and date-time");
        return Checked(
            schema,
            new SchemaNode.Text(
                description, format == "byte", schema.Int("minLength"), schema.Int("maxLength"), SchemaPattern.Read(schema), schema.Text("default")),
            "default", "format", "minLength", "maxLength", "pattern");
    }

    private static SchemaNode Choice(YamlMap schema, string? description, YamlScalarNode[] nodes)
    {
        NameClash.ReportValues(schema, nodes);
        var values = nodes.Select(node => node.Value!).ToArray();
        return Checked(schema, new SchemaNode.Choice(description, new(values), Default(schema, values)), "default", "enum");
    }

    private static string? Default(YamlMap schema, string[] values)
    {
        var value = schema.Text("default");
        if (value is null || values.Contains(value))
            return value;
        schema.Report(Diagnostics.BadValue.Id, schema.Find("default")!, value, "a default must be one of the enum's values");
        return null;
    }

    private static SchemaNode Integer(YamlMap schema, string? description)
    {
        var format = schema.Text("format");
        if (format is not (null or "int32" or "int64"))
            return Unknown(schema, "format", format, description, "formats of an integer are int32 and int64");
        var initial = schema.Long("default");
        if (format == "int32" && initial is < int.MinValue or > int.MaxValue)
            schema.Report(Diagnostics.BadValue.Id, schema.Find("default")!, $"{initial}", "it is no whole number of 32 bits");
        return Checked(
            schema,
            new SchemaNode.Integer(description, format != "int32", schema.Long("minimum"), schema.Long("maximum"), initial),
            "default", "format", "minimum", "maximum");
    }

    private static T Checked<T>(YamlMap schema, T node, params string[] known)
        where T : SchemaNode
    {
        foreach (var (key, _) in schema.Entries)
            if (!Everywhere.Contains(key.Value) && !ForTheServer.Contains(key.Value) && !known.Contains(key.Value))
                schema.Report(Diagnostics.UnknownKey.Id, key, key.Value!, "teach it in Generators/Schema/SchemaReader.cs, or leave the key out");
        return node;
    }

    private static SchemaNode Unknown(YamlMap schema, string key, string value, string? description, string detail)
    {
        schema.Report(Diagnostics.BadValue.Id, schema.Find(key)!, value, detail);
        return new SchemaNode.Any(description);
    }

    private static SchemaNode Fallback(YamlMap schema, string? description)
    {
        schema.ReportMissing("type", "every schema names its type");
        return new SchemaNode.Any(description);
    }
}
