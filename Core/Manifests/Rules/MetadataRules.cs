using Kollect.Models;

namespace Kollect.Core.Manifests.Rules;

/// <summary>Name and namespace of the object itself, as the API server checks them. A manifest on its way to the server may still have none.</summary>
internal static class MetadataRules
{
    public static IEnumerable<Finding> Name(ObjectMeta metadata) =>
        metadata.Name is { Length: > 0 } name
            ? KubernetesNames.Name(name, "the name of an object").Map(why => new Finding("metadata.name", why)).AsEnumerable()
            : [];

    public static IEnumerable<Finding> Namespace(ObjectMeta metadata) =>
        metadata.Namespace is { Length: > 0 } name
            ? KubernetesNames.Namespace(name).Map(why => new Finding("metadata.namespace", why)).AsEnumerable()
            : [];
}
