using Kollect.Core.Collection.JsonPaths;

namespace Kollect.Core.Collection;

/// <summary>What is never collected: the content of Secrets, whatever a profile asks for.</summary>
internal static class SecretContent
{
    /// <summary><c>kubectl apply</c> keeps the whole manifest there, so a Secret's content as well.</summary>
    public const string LastApplied = "kubectl.kubernetes.io/last-applied-configuration";

    private static readonly string[] Fields = ["data", "stringData"];

    /// <summary>Is this Kubernetes' own Secret?</summary>
    public static bool IsSecret(ResourceKind kind) => kind.Group.Length == 0 && kind.Kind.Equals("Secret", StringComparison.OrdinalIgnoreCase);

    /// <summary>Does this field of the object hold the content?</summary>
    public static bool IsField(string name) => Fields.Contains(name);

    /// <summary>Does the path begin there?</summary>
    public static bool IsWithin(JsonPath path) => path.Steps.HeadOrNone().Exists(step => step is PathStep.Field field && IsField(field.Name));
}
