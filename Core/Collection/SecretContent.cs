using Kollect.Core.Collection.JsonPaths;

namespace Kollect.Core.Collection;

/// <summary>The content of Secrets, which is never collected, even if a profile selects it.</summary>
internal static class SecretContent
{
    /// <summary>The annotation in which <c>kubectl apply</c> keeps the whole manifest, including a Secret's content.</summary>
    public const string LastApplied = "kubectl.kubernetes.io/last-applied-configuration";

    private static readonly string[] Fields = ["data", "stringData"];

    /// <summary>True = the kind is Secret of the core group.</summary>
    public static bool IsSecret(ResourceKind kind) => kind.Group.Length == 0 && kind.Kind.Equals("Secret", StringComparison.OrdinalIgnoreCase);

    /// <summary>True = this top-level field of a Secret holds its content.</summary>
    public static bool IsField(string name) => Fields.Contains(name);

    /// <summary>True = the path begins in such a field.</summary>
    public static bool IsWithin(JsonPath path) => path.Steps.HeadOrNone().Exists(step => step is PathStep.Field field && IsField(field.Name));
}
