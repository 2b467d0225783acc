using Kollect.Generators.Model;

namespace Kollect.Generators.Emit;

/// <summary>
/// <code>
/// public sealed record Ref : IJsonModel
/// {
///     public required string Name { get; init; }
///     public ModelMap&lt;string&gt; UnknownFields { get; init; }
///     internal static Ref Neutral =&gt; new() { Name = "" };
///     internal static Ref? Read(ref ModelReader reader) { … }
///     public void WriteJson(Utf8JsonWriter writer) { … }
/// }
/// </code>
/// </summary>
internal static class RecordEmitter
{
    public static void Emit(CodeWriter code, RecordModel model)
    {
        code.Line();
        code.Summary(model.Doc);
        code.Open($"public sealed record {model.Name} : IJsonModel");
        foreach (var property in model.Properties)
            Property(code, property);
        code.Summary("Fields that the schema does not know, by name, as raw JSON.");
        code.Line("public ModelMap<string> UnknownFields { get; init; }");
        code.Line();
        code.List("private static readonly string[] KnownFields =", model.Properties.Select(property => CSharp.Literal(property.Wire)));
        code.Line();
        Neutral(code, model);
        if (model.IsDocument)
            DocumentReader(code, model);
        Reader(code, model);
        Writer(code, model);
        code.Close();
    }

    /// <summary>True where the property may be null.</summary>
    private static bool IsNullable(PropertyModel property) =>
        property.Default is null && !TypeText.IsCollection(property.Type) && !(property.IsRequired && TypeText.Neutral(property.Type) is not null);

    /// <summary>True where the property is <c>required</c>.</summary>
    private static bool IsDemanded(PropertyModel property) => property.IsRequired && property.Default is null && !TypeText.IsCollection(property.Type);

    /// <summary><c>public string Schema { get; init; } = "public";</c></summary>
    private static void Property(CodeWriter code, PropertyModel property)
    {
        code.Summary(property.Doc + Absence(property));
        var required = IsDemanded(property) ? "required " : "";
        var initial = property.Default is null ? "" : $" = {property.Default};";
        code.Line($"public {required}{TypeText.Name(property.Type)}{(IsNullable(property) ? "?" : "")} {property.Name} {{ get; init; }}{initial}");
        code.Line();
    }

    private static string Absence(PropertyModel property) => property switch
    {
        { IsRequired: true, Default: null, Type: TypeModel.Enum } => " Required; null = missing or not one of the values, and reported.",
        { IsRequired: true, Default: null } => " Required.",
        { Type: TypeModel.List or TypeModel.Map } => " Empty = absent.",
        { Default: not null } => "",
        _ => " Null = absent.",
    };

    /// <summary><c>internal static Ref Neutral =&gt; new() { Name = "" };</c></summary>
    private static void Neutral(CodeWriter code, RecordModel model)
    {
        var demanded = model.Properties.Where(IsDemanded)
            .Select(property => $"{property.Name} = {(TypeText.Neutral(property.Type) ?? "null")}").ToArray();
        code.Summary("Where reading starts: defaults, and empty values for what is required.");
        code.Line($"internal static {model.Name} Neutral => new(){(demanded.Length > 0 ? $" {{ {string.Join(", ", demanded)} }}" : "")};");
        code.Line();
    }

    private static void DocumentReader(CodeWriter code, RecordModel model)
    {
        code.Summary("Reads a whole document and reports everything that the schema objects to. Never throws; null = not JSON, or no object.");
        code.Line("/// <param name=\"utf8\">JSON as the API server gives it.</param>");
        code.Line("/// <param name=\"problems\">Empty = the document fits the schema.</param>");
        code.Line($"public static {model.Name}? ReadJson(ReadOnlySpan<byte> utf8, out ModelList<StructuralProblem> problems) =>");
        code.Indented(() => code.Line("ModelReader.Document(utf8, Read, out problems);"));
        code.Line();
        code.Summary("The whole document as JSON, with the fields that the schema does not know.");
        code.Line("public string ToJson() => ModelWriter.Text(this);");
        code.Line();
    }

    /// <summary><c>"table" =&gt; it with { Table = reader.Text(maxLength: 253) ?? it.Table },</c></summary>
    private static void Reader(CodeWriter code, RecordModel model)
    {
        code.Open($"internal static {model.Name}? Read(ref ModelReader reader)");
        code.Line("if (!reader.EnterObject(KnownFields, out var seen))");
        code.Indented(() => code.Line("return null;"));
        code.Line("var it = Neutral;");
        code.Line("while (reader.NextField(seen, out var name))");
        code.Indented(() =>
        {
            code.Open("it = name switch");
            foreach (var property in model.Properties)
            {
                var value = TypeText.Read(property.Type) + (IsNullable(property) ? "" : $" ?? it.{property.Name}");
                code.Line($"{CSharp.Literal(property.Wire)} => it with {{ {property.Name} = {value} }},");
            }

            code.Line($"_ => it with {{ UnknownFields = {Unknown(model)} }},");
            code.Close("};");
        });
        var required = model.Properties
            .Where(property => property.IsRequired && property.Default is null)
            .Select(property => CSharp.Literal(property.Wire))
            .ToArray();
        if (required.Length > 0)
            code.Line($"reader.Require(seen, {string.Join(", ", required)});");
        code.Line("return it;");
        code.Close();
        code.Line();
    }

    private static string Unknown(RecordModel model) => model.KeepsUnknown
        ? "it.UnknownFields.With(name, reader.Raw())"
        : "reader.Unknown(seen, it.UnknownFields, name)";

    private static void Writer(CodeWriter code, RecordModel model)
    {
        code.Summary("Writes the object with all its fields, including those that the schema does not know.");
        code.Line("/// <param name=\"writer\">Stands where a value is expected.</param>");
        code.Open("public void WriteJson(Utf8JsonWriter writer)");
        code.Line("writer.WriteStartObject();");
        foreach (var property in model.Properties)
            code.Line(TypeText.WriteField(property, IsNullable(property)) + ";");
        code.Line("writer.Unknown(UnknownFields);");
        code.Line("writer.WriteEndObject();");
        code.Close();
    }
}
