using Kollect.Models.V1Alpha1;

namespace Kollect.Core.Manifests.Rules;

/// <summary>References to Secrets: names that Kubernetes accepts.</summary>
internal static class ReferenceRules
{
    public static IEnumerable<Finding> Name(KollectDatabaseSink sink) =>
        from reference in SpecParts.References(sink)
        from why in KubernetesNames.Name(reference.Name, "the name of a Secret").AsEnumerable()
        select new Finding($"{reference.Path}.name", reference.Name.Length == 0 ? "is empty; name the Secret" : why);

    public static IEnumerable<Finding> Namespace(KollectDatabaseSink sink) =>
        from reference in SpecParts.References(sink)
        from name in reference.Namespace.AsEnumerable()
        from why in KubernetesNames.Namespace(name).AsEnumerable()
        select new Finding($"{reference.Path}.namespace", why);

    public static IEnumerable<Finding> Key(KollectDatabaseSink sink) =>
        from reference in SpecParts.References(sink)
        from key in reference.Key.AsEnumerable()
        from why in KubernetesNames.DataKey(key).AsEnumerable()
        select new Finding($"{reference.Path}.key", why);
}
