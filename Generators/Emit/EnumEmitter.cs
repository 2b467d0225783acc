using Kollect.Generators.Model;

namespace Kollect.Generators.Emit;

/// <summary>
/// <code>
/// public enum KollectDatabaseSinkMode { Ensure, Existing }
/// public static class KollectDatabaseSinkModeNames { All = ["ensure", "existing"]; WireName(mode) }
/// </code>
/// </summary>
internal static class EnumEmitter
{
    public static void Emit(CodeWriter code, EnumModel model)
    {
        code.Line();
        code.Summary(model.Doc);
        code.Open($"public enum {model.Name}");
        foreach (var value in model.Values)
        {
            code.Summary($"On the wire \"{value.Wire}\".");
            code.Line($"{value.Name},");
        }

        code.Close();
        var seq = model.Values.Count == 1 ? "Seq1" : "Seq"; // Seq("a") is a sequence of characters
        code.Line();
        code.Summary($"{model.Name} on the wire.");
        code.Open($"public static class {model.Name}Names");
        code.Summary("All wire names, in the order of the values.");
        code.Line($"public static Seq<string> All {{ get; }} = {seq}({string.Join(", ", model.Values.Select(value => CSharp.Literal(value.Wire)))});");
        code.Line();
        code.Summary("The name as JSON and YAML write it.");
        code.Line($"public static string WireName(this {model.Name} value) => All[(int)value];");
        code.Close();
    }
}
