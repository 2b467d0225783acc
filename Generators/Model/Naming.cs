using System.Text;
using System.Text.RegularExpressions;

namespace Kollect.Generators.Model;

/// <summary>Wire names -> C# names.</summary>
internal static class Naming
{
    /// <summary><c>caSecretRef</c> -> <c>CaSecretRef</c>, <c>v1alpha1</c> -> <c>V1Alpha1</c>, <c>max-size</c> -> <c>MaxSize</c>.</summary>
    public static string Pascal(string wire)
    {
        var text = new StringBuilder();
        var upper = true;
        foreach (var c in wire)
        {
            if (char.IsLetterOrDigit(c))
                text.Append(upper ? char.ToUpperInvariant(c) : c);
            upper = !char.IsLetter(c);
        }

        return text.Length == 0 || char.IsDigit(text[0]) ? "Value" + text : text.ToString();
    }

    /// <summary>The words that all names end with, or "": <c>CaSecretRef</c>, <c>DatabaseRef</c> -> <c>Ref</c>.</summary>
    public static string CommonEnding(IReadOnlyList<string> names)
    {
        var words = names.Select(name => Words(name).Reverse().ToArray()).ToArray();
        var common = words[0].TakeWhile((word, i) => words.All(other => i < other.Length && other[i] == word));
        return string.Concat(common.Reverse());
    }

    private static IEnumerable<string> Words(string name) =>
        Regex.Matches(name, "[A-Z]+(?![a-z])|[A-Z][a-z]*|[0-9]+|[a-z]+").Cast<Match>().Select(match => match.Value);
}
