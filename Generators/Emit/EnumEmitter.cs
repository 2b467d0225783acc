using Kollect.Generators.Model;

namespace Kollect.Generators.Emit;

/// <summary>
/// <code>
/// public enum KollectDatabaseSinkMode { Ensure, Existing }
/// internal static class KollectDatabaseSinkModeNames { All = ["ensure", "existing"]; WireName(mode) }
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
            if (value != model.Values[0])
                code.Line();
            code.Summary($"On the wire \"{value.Wire}\".");
            code.Line($"{value.Name},");
        }

        code.Close();
        code.Line();
        code.Summary($"{model.Name} on the wire.");
        code.Open($"internal static class {EnumModel.NamesOf(model.Name)}");
        code.Summary("All wire names, in the order of the values.");
        code.List("public static readonly string[] All =", model.Values.Select(value => CSharp.Literal(value.Wire)));
        code.Line();
        code.Summary("The name as JSON and YAML write it.");
        code.Line($"public static string WireName(this {model.Name} value) => All[(int)value];");
        code.Close();
    }
}
