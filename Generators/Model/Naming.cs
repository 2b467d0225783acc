using System.Text;
using System.Text.RegularExpressions;

namespace Kollect.Generators.Model;

/// <summary>Converts wire names into C# names.</summary>
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

    /// <summary>Name of an item of a list: <c>conditions</c> -> <c>condition</c>, <c>data</c> -> <c>dataItem</c>.</summary>
    public static string Singular(string name) => name.EndsWith("s", StringComparison.Ordinal) ? name.Substring(0, name.Length - 1) : name + "Item";

    /// <summary>Name of a value of a map.</summary>
    public static string ValueOf(string name) => name + "Value";

    /// <summary>The words with which all names begin; empty = none.</summary>
    public static string CommonBeginning(IReadOnlyList<string> names) => string.Concat(CommonStart(names.Select(name => Words(name).ToArray()).ToArray()));

    /// <summary>The words with which all names end; empty = none: <c>CaSecretRef</c>, <c>DatabaseRef</c> -> <c>Ref</c>.</summary>
    public static string CommonEnding(IReadOnlyList<string> names) =>
        string.Concat(CommonStart(names.Select(name => Words(name).Reverse().ToArray()).ToArray()).Reverse());

    private static IEnumerable<string> CommonStart(string[][] lists) =>
        lists[0].TakeWhile((word, i) => lists.All(other => i < other.Length && other[i] == word));

    private static IEnumerable<string> Words(string name) =>
        Regex.Matches(name, "[A-Z]+(?![a-z])|[A-Z][a-z]*|[0-9]+|[a-z]+").Cast<Match>().Select(match => match.Value);
}
