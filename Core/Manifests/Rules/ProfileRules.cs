using Kollect.Core.Collection;
using Kollect.Core.Collection.JsonPaths;
using Kollect.Core.Formatting;
using Kollect.Models.V1Alpha1;

namespace Kollect.Core.Manifests.Rules;

/// <summary><c>KollectProfile</c>.</summary>
internal static class ProfileRules
{
    private const string KindPath = "spec.targetGVK";

    public static IEnumerable<Finding> Kind(KollectProfile profile) => KindRules.IsPossible(KindPath, ProfileParser.Kind(profile));

    public static IEnumerable<Finding> AttributeJsonPath(KollectProfile profile) =>
        Attributes(profile).Where(it => !AttributePath.IsExpression(it.Attribute.Path)).SelectMany(Objection);

    public static IEnumerable<Finding> AttributeExpression(KollectProfile profile) =>
        Attributes(profile).Where(it => AttributePath.IsExpression(it.Attribute.Path)).SelectMany(Objection);

    public static IEnumerable<Finding> PrunePath(KollectProfile profile) =>
        Prune(profile).Paths.AsEnumerable().SelectMany(it => Objection(it.Path, it.AsPath));

    public static IEnumerable<Finding> PrunePointer(KollectProfile profile) =>
        Prune(profile).Pointers.AsEnumerable().SelectMany(it => Objection(it.Path, it.AsPointer));

    public static IEnumerable<Finding> PruneIsAListOrAnObject(KollectProfile profile) => Prune(profile).Faults;

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
        from it in Join(Prune(profile).Paths.Map(it => (Prune: it, Whole: it.AsPath)), Prune(profile).Pointers.Map(it => (Prune: it, Whole: it.AsPointer)))
            .AsEnumerable()
        where it.Whole.Exists(path => path.IsDefinite && path.Steps.IsEmpty)
        select new Finding(it.Prune.Path, $"{Shown.Quoted(it.Prune.Text)} is the whole object, of which nothing would be left; mode Attributes leaves it out");

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
    public static IEnumerable<Finding> PartsWithoutEffect(KollectProfile profile) =>
        from field in profile.Spec.Export.Mode == KollectProfileSpecExportMode.Resource ? [] : Seq(
            ("include", profile.Spec.Export.Include is not null),
            ("dedupeIdentity", profile.Spec.Export.DedupeIdentity == true),
            ("prune", !Prune(profile).IsEmpty)).AsEnumerable()
        where field.Item2
        select new Finding($"spec.export.{field.Item1}", "has no effect without mode Resource; mode Attributes keeps only what spec.attributes names");

    /// <summary>Warning.</summary>
    public static IEnumerable<Finding> PruneByCel(KollectProfile profile) =>
        Prune(profile).Cel.AsEnumerable().Select(path => new Finding(path, "has no effect: name what is left out by a path in jsonPaths"));

    /// <summary>Warning.</summary>
    public static IEnumerable<Finding> MetricsWithoutEffect(KollectProfile profile) =>
        profile.Spec.Metrics is not null ? [new Finding("spec.metrics", "has no effect: no metric is made of attributes; query the rows")] : [];

    /// <summary>Warning.</summary>
    public static IEnumerable<Finding> SecretWithoutContent(KollectProfile profile) =>
        SecretContent.IsSecret(ProfileParser.Kind(profile))
            ? [new Finding(KindPath, "is Secret: only metadata, type and the like are collected, never data or stringData")]
            : [];

    private static IEnumerable<Finding> Objection((string Path, KollectProfileSpecAttribute Attribute) of) =>
        AttributePath.Compile(of.Attribute.Path).Match(_ => [], why => (IEnumerable<Finding>)[new Finding($"{of.Path}.path", why)]);

    private static IEnumerable<Finding> Objection(string path, Either<JsonPathError, JsonPath> compiled) =>
        compiled.Match(_ => [], error => (IEnumerable<Finding>)[new Finding(path, error.ToString())]);

    private static IEnumerable<(string Path, KollectProfileSpecAttribute Attribute)> Attributes(KollectProfile profile) =>
        profile.Spec.Attributes.AsEnumerable().Select((attribute, index) => (FormattableString.Invariant($"spec.attributes[{index}]"), attribute));

    private static PruneParts Prune(KollectProfile profile) => PruneParts.Read(profile.Spec.Export.Prune);
}
