using System.Globalization;
using Microsoft.CodeAnalysis.CSharp;

namespace Kollect.Generators.Emit;

/// <summary>C# expressions of values.</summary>
internal static class CSharp
{
    public static string Literal(string text) => SymbolDisplay.FormatLiteral(text, quote: true);

    public static string Literal(long number) => number.ToString(CultureInfo.InvariantCulture);

    public static string Literal(double number) => number.ToString("R", CultureInfo.InvariantCulture) + "d";

    /// <summary><c>maxLength: 253, pattern: "^a"</c>; a null value is omitted.</summary>
    public static string Arguments(params (string Name, string? Value)[] arguments) =>
        string.Join(", ", arguments.Where(argument => argument.Value is not null).Select(argument => $"{argument.Name}: {argument.Value}"));
}
