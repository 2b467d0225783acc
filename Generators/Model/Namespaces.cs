using System.Text;
using Microsoft.CodeAnalysis.CSharp;

namespace Kollect.Generators.Model;

/// <summary>Namespaces from the settings of a project, which may hold characters that C# does not accept.</summary>
internal static class Namespaces
{
    /// <summary><c>Acme.Models</c> for the root namespace <c>Acme</c>; <c>Models</c> where it is empty.</summary>
    public static string OfModels(string root) => Valid(root) is { Length: > 0 } valid ? $"{valid}.Models" : "Models";

    /// <summary><c>my-app.2nd.record</c> -> <c>my_app._2nd.record</c>; <c>a.class</c> -> <c>a.@class</c>.</summary>
    public static string Valid(string name) =>
        string.Join(".", name.Split(['.'], StringSplitOptions.RemoveEmptyEntries).Select(part => Identifier(part.Trim())).Where(part => part.Length > 0));

    private static string Identifier(string part)
    {
        var text = new StringBuilder();
        foreach (var c in part)
            text.Append(SyntaxFacts.IsIdentifierPartCharacter(c) ? c : '_');
        if (text.Length > 0 && !SyntaxFacts.IsIdentifierStartCharacter(text[0]))
            text.Insert(0, '_');
        return (SyntaxFacts.GetKeywordKind(text.ToString()) == SyntaxKind.None ? "" : "@") + text;
    }
}
