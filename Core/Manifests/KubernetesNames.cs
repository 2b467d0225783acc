using Kollect.Core.Formatting;

namespace Kollect.Core.Manifests;

/// <summary>The rules of the API server for names and labels. Each returns the problem; None = the value is accepted.</summary>
internal static class KubernetesNames
{
    private const int MaxName = 253;
    private const int MaxLabel = 63;

    /// <summary>RFC 1123 subdomain: most objects are named so, and API groups.</summary>
    /// <param name="name">Empty is refused.</param>
    /// <param name="what">The use of the name, with its article: <c>the name of a Secret</c>.</param>
    public static Option<string> Name(string name, string what) =>
        name.Length == 0 ? "is empty"
        : IsSubdomain(name) ? None
        : Some($"{Shown.Quoted(name)} cannot be {what}: lower-case letters, digits, '-' and '.', a letter or digit first and last, "
            + $"at most {MaxName} characters");

    /// <summary>RFC 1123 label.</summary>
    public static Option<string> Namespace(string name) =>
        name.Length == 0 ? "is empty"
        : name.Length <= MaxLabel && !name.Contains('.') && IsSubdomain(name) ? None
        : Some($"{Shown.Quoted(name)} cannot be a namespace: lower-case letters, digits and '-', a letter or digit first and last, "
            + $"at most {MaxLabel} characters");

    /// <summary>A key of a Secret or ConfigMap.</summary>
    public static Option<string> DataKey(string key) =>
        key.Length <= MaxName && key is not ("." or "..") && key.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.')
            ? None
            : $"{Shown.Quoted(key)} cannot be a key of a Secret: letters, digits, '-', '_' and '.', at most {MaxName} characters";

    /// <summary>A segment of a request path: the weakest rule of the API for a name.</summary>
    public static Option<string> PathSegment(string name) =>
        name.Length == 0 ? "is empty"
        : name is "." or ".." || name.Length > MaxName || name.Any(c => c is '/' or '%' || char.IsControl(c))
            ? Some($"{Shown.Quoted(name)} cannot be the name of an object: no '/' and no '%', not '.' or '..', at most {MaxName} characters")
        : None;

    /// <summary><c>example.com/team</c>: a name of at most 63 characters, and a subdomain before it if there is a slash.</summary>
    public static Option<string> LabelKey(string key)
    {
        var slash = key.IndexOf('/');
        return (slash < 0 || IsSubdomain(key[..slash])) && key.Length > slash + 1 && IsLabelText(key[(slash + 1)..])
            ? None
            : $"{Shown.Quoted(key)} cannot be a label: letters, digits, '-', '_' and '.', a letter or digit first and last, "
                + $"at most {MaxLabel} characters, and perhaps a subdomain and '/' before them";
    }

    /// <summary>The value of a label; may be empty.</summary>
    public static Option<string> LabelValue(string value) =>
        value.Length == 0 || IsLabelText(value)
            ? None
            : $"{Shown.Quoted(value)} cannot be the value of a label: letters, digits, '-', '_' and '.', a letter or digit first and last, "
                + $"at most {MaxLabel} characters";

    private static bool IsLabelText(string text) =>
        text.Length is > 0 and <= MaxLabel && char.IsAsciiLetterOrDigit(text[0]) && char.IsAsciiLetterOrDigit(text[^1])
        && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');

    private static bool IsSubdomain(string name) =>
        name.Length is > 0 and <= MaxName
        && name.Split('.').All(label => label.Length > 0 && label[0] != '-' && label[^1] != '-'
            && label.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-'));
}
