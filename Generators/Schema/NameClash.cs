using Kollect.Generators.Model;
using YamlDotNet.RepresentationModel;

namespace Kollect.Generators.Schema;

/// <summary>Names that differ in JSON and are equal in C#. Reported on the YAML line; otherwise the compiler would report them in generated code.</summary>
internal static class NameClash
{
    /// <summary>Members of every generated record.</summary>
    private static readonly string[] Members =
    [
        "UnknownFields", "KnownFields", "Neutral", "Read", "ReadJson", "ToJson", "WriteJson",
        "Clone", "Equals", "EqualityContract", "Finalize", "GetHashCode", "GetType", "MemberwiseClone", "PrintMembers", "ReferenceEquals", "ToString",
    ];

    /// <summary>A kind that is called like a type of the emitted code, or like one of its fields.</summary>
    public static void ReportKind(YamlMap names, YamlNode kind, SchemaNode.Object schema)
    {
        var type = Naming.Pascal(((YamlScalarNode)kind).Value!);
        if (TypeNames.IsUsed(type))
            names.Report(Diagnostics.NameClash.Id, kind, type, "generated code has a type of that name");
        foreach (var field in schema.Properties)
            if (Naming.Pascal(field.Name) == type)
                names.Report(Diagnostics.NameClash.Id, kind, type, $"its field {field.Name} has the same name in C#");
            else if (Naming.Pascal(field.Name) is "ModelReader" or "ModelWriter")
                names.Report(Diagnostics.NameClash.Id, kind, field.Name, "generated code has a type of that name");
    }

    /// <summary><c>max-size</c> beside <c>maxSize</c>, or a field called <c>clone</c>.</summary>
    public static void ReportFields(YamlMap properties)
    {
        foreach (var (key, _) in properties.Entries)
            if (Members.Contains(Naming.Pascal(key.Value!)))
                properties.Report(Diagnostics.NameClash.Id, key, key.Value!, $"every record has a member {Naming.Pascal(key.Value!)}");
        ReportValues(properties, properties.Entries.Select(entry => entry.Key));
    }

    /// <summary><c>a-b</c> beside <c>aB</c>; <c>json</c> beside <c>JSON</c> is fine.</summary>
    public static void ReportValues(YamlMap owner, IEnumerable<YamlScalarNode> names)
    {
        var taken = new Dictionary<string, string>();
        foreach (var name in names)
            if (taken.TryGetValue(Naming.Pascal(name.Value!), out var first))
                owner.Report(Diagnostics.NameClash.Id, name, name.Value!, $"{first} is {Naming.Pascal(name.Value!)} already");
            else
                taken.Add(Naming.Pascal(name.Value!), name.Value!);
    }
}
