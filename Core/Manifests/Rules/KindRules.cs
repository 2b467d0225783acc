using Kollect.Core.Collection;
using Kollect.Core.Formatting;

namespace Kollect.Core.Manifests.Rules;

/// <summary>Group, version and kind, as the API server checks them.</summary>
internal static class KindRules
{
    /// <param name="path">Of the object with the three.</param>
    /// <param name="of">Trimmed.</param>
    public static IEnumerable<Finding> IsPossible(string path, ResourceKind of)
    {
        var (group, version, kind) = of;
        if (group.Length > 0 && KubernetesNames.Name(group, "an API group").TrySome(out var why))
            yield return new Finding($"{path}.group", why);
        if (!IsVersion(version))
            yield return new Finding(
                $"{path}.version",
                $"{Shown.Quoted(version)} is no version of an API group, such as v1 or v1beta1"
                + (version.Contains('/') ? "; the part before the slash is the group" : ""));
        if (kind.Length == 0 || !char.IsAsciiLetter(kind[0]) || !kind.All(char.IsAsciiLetterOrDigit))
            yield return new Finding($"{path}.kind", $"{Shown.Quoted(kind)} is no kind; write it as in manifests, such as Deployment");
    }

    private static bool IsVersion(string version) => version.Length is > 1 and <= 63 && version[0] == 'v' && char.IsAsciiDigit(version[1])
        && version.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c));
}
