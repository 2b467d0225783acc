using Kollect.Core.Models.V1Alpha1;
using Kollect.Core.Wording;

namespace Kollect.Core.Validation.Rules;

/// <summary>References to Secrets: names that Kubernetes could hold at all.</summary>
internal static class ReferenceRules
{
    private const int MaxNameLength = 253;
    private const int MaxNamespaceLength = 63;

    /// <summary>RFC 1123 subdomain.</summary>
    public static IEnumerable<Finding> Name(KollectDatabaseSink sink) =>
        SpecParts.References(sink).Where(reference => !IsSubdomain(reference.Name)).Select(reference => new Finding(
            $"{reference.Path}.name",
            reference.Name.Length == 0
                ? "is empty; name the Secret"
                : $"{Shown.Quoted(reference.Name)} cannot be the name of a Secret: lower-case letters, digits, '-' and '.', a letter or digit first and last, at most {MaxNameLength} characters"));

    /// <summary>RFC 1123 label.</summary>
    public static IEnumerable<Finding> Namespace(KollectDatabaseSink sink) =>
        from reference in SpecParts.References(sink)
        from name in reference.Namespace.AsEnumerable()
        where name.Length > MaxNamespaceLength || name.Contains('.') || !IsSubdomain(name)
        select new Finding(
            $"{reference.Path}.namespace",
            $"{Shown.Quoted(name)} cannot be a namespace: lower-case letters, digits and '-', a letter or digit first and last, at most {MaxNamespaceLength} characters");

    private static bool IsSubdomain(string name) =>
        name.Length is > 0 and <= MaxNameLength
        && name.Split('.').All(label => label.Length > 0 && label[0] != '-' && label[^1] != '-'
            && label.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-'));
}
