using Kollect.Core.Collection;
using Kollect.Core.Collection.JsonPaths;
using Kollect.Core.Formatting;
using Kollect.Models.V1Alpha1;

namespace Kollect.Core.Manifests.Rules;

/// <summary><c>KollectProfile</c>.</summary>
internal static class ProfileRules
{
    private const string KindPath = "spec.targetGVK";

    public static IEnumerable<Finding> Kind(KollectProfile profile)
    {
        var (group, version, kind) = ProfileParser.Kind(profile);
        if (group.Length > 0 && KubernetesNames.Name(group, "an API group").TrySome(out var why))
            yield return new Finding($"{KindPath}.group", why);
        if (!IsVersion(version))
            yield return new Finding(
                $"{KindPath}.version",
                $"{Shown.Quoted(version)} is no version of an API group, such as v1 or v1beta1"
                + (version.Contains('/') ? "; the part before the slash is the group" : ""));
        if (kind.Length == 0 || !char.IsAsciiLetter(kind[0]) || !kind.All(char.IsAsciiLetterOrDigit))
            yield return new Finding($"{KindPath}.kind", $"{Shown.Quoted(kind)} is no kind; write it as in manifests, such as Deployment");
    }

    public static IEnumerable<Finding> AttributePath(KollectProfile profile) =>
        Attributes(profile).SelectMany(it => Objection($"{it.Path}.path", it.Attribute.Path));

    public static IEnumerable<Finding> PrunePath(KollectProfile profile) =>
        Prunes(profile).SelectMany(it => Objection(it.Path, it.Text));

    public static IEnumerable<Finding> AttributeName(KollectProfile profile) =>
        from it in Attributes(profile)
        let name = it.Attribute.Name.Trim()
        where name.Length == 0 || name.Any(char.IsControl)
        select new Finding(
            $"{it.Path}.name",
            name.Length == 0 ? "is empty; name the attribute" : $"{Shown.Quoted(name)} contains a control character, which not every database can hold");

    /// <summary>One of two equal names would overwrite the other.</summary>
    public static IEnumerable<Finding> AttributeIsUnique(KollectProfile profile)
    {
        var seen = new System.Collections.Generic.HashSet<string>(StringComparer.Ordinal);
        if (profile.Spec.Export.Mode == KollectProfileSpecExportMode.Resource)
            seen.Add(ProfileParser.As(profile));
        foreach (var (path, attribute) in Attributes(profile))
            if (!seen.Add(attribute.Name.Trim()))
                yield return new Finding(
                    $"{path}.name",
                    $"{Shown.Quoted(attribute.Name.Trim())} is taken already, by an attribute before it or by the whole object "
                    + "(export.as); choose another name");
    }

    public static IEnumerable<Finding> PruneLeavesSomething(KollectProfile profile) =>
        from it in Prunes(profile)
        where JsonPath.Compile(it.Text).Exists(path => path.IsDefinite && path.Steps.IsEmpty)
        select new Finding(it.Path, $"{Shown.Quoted(it.Text)} is the whole object, of which nothing would be left; mode Attributes leaves it out");

    public static IEnumerable<Finding> PruneNeedsResource(KollectProfile profile) =>
        profile.Spec.Export is { Mode: not KollectProfileSpecExportMode.Resource, Prune.IsEmpty: false }
            ? [new Finding("spec.export.prune", "needs mode Resource; mode Attributes keeps only what spec.attributes names")]
            : [];

    public static IEnumerable<Finding> SecretIsNotReached(KollectProfile profile) =>
        from it in Attributes(profile)
        where SecretContent.IsSecret(ProfileParser.Kind(profile))
        from path in JsonPath.Compile(it.Attribute.Path).ToSeq()
        where SecretContent.IsWithin(path)
        select new Finding(
            $"{it.Path}.path",
            $"{Shown.Quoted(it.Attribute.Path)} leads to the content of a Secret, which is never collected; remove the attribute");

    /// <summary>Warning.</summary>
    public static IEnumerable<Finding> AsWithoutEffect(KollectProfile profile) =>
        profile.Spec.Export is { Mode: not KollectProfileSpecExportMode.Resource, As: not null }
            ? [new Finding("spec.export.as", "has no effect without mode Resource")]
            : [];

    /// <summary>Warning.</summary>
    public static IEnumerable<Finding> SecretWithoutContent(KollectProfile profile) =>
        SecretContent.IsSecret(ProfileParser.Kind(profile))
            ? [new Finding(KindPath, "is Secret: only metadata, type and the like are collected, never data or stringData")]
            : [];

    private static bool IsVersion(string version) => version.Length is > 1 and <= 63 && version[0] == 'v' && char.IsAsciiDigit(version[1])
        && version.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c));

    private static IEnumerable<Finding> Objection(string path, string text) =>
        JsonPath.Compile(text).Match(_ => [], error => (IEnumerable<Finding>)[new Finding(path, error.ToString())]);

    private static IEnumerable<(string Path, KollectProfileSpecAttribute Attribute)> Attributes(KollectProfile profile) =>
        profile.Spec.Attributes.AsEnumerable().Select((attribute, index) => (FormattableString.Invariant($"spec.attributes[{index}]"), attribute));

    private static IEnumerable<(string Path, string Text)> Prunes(KollectProfile profile) =>
        profile.Spec.Export.Prune.AsEnumerable().Select((text, index) => (FormattableString.Invariant($"spec.export.prune[{index}]"), text));
}
