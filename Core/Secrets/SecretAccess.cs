namespace Kollect.Core.Secrets;

/// <summary>Whether sinks may use Secrets of other namespaces: <c>--cross-namespace-secrets</c>.</summary>
public enum CrossNamespacePolicy
{
    /// <summary>Allowed, with a warning; the default.</summary>
    Allow,

    /// <summary>Allowed if the Secret's annotation names the sink's namespace.</summary>
    Granted,

    /// <summary>Not allowed.</summary>
    Deny,
}

/// <summary>Whether a sink may use a Secret. Closed: one of the nested cases.</summary>
public abstract record SecretAccess
{
    private SecretAccess() { }

    /// <summary>The annotation of a Secret that lists, separated by commas, the namespaces whose sinks may use it; <c>*</c> = all.</summary>
    public const string Annotation = "kollect.dev/allowed-sink-namespaces";

    /// <summary>The sink may use the Secret.</summary>
    public sealed record Allowed : SecretAccess;

    /// <summary>The sink may use the Secret; <paramref name="Message"/> is a warning for its user.</summary>
    public sealed record AllowedWithWarning(string Message) : SecretAccess;

    /// <summary>The sink may not use the Secret; its data must not be read.</summary>
    public sealed record Refused(string Message) : SecretAccess;

    /// <summary>Needs only the annotations, so the data of a refused Secret is never read.</summary>
    public static SecretAccess Decide(CrossNamespacePolicy policy, string sinkNamespace, SecretRef secret, HashMap<string, string> annotations) =>
        string.Equals(secret.Namespace, sinkNamespace, StringComparison.Ordinal) ? new Allowed() : policy switch
        {
            CrossNamespacePolicy.Allow => new AllowedWithWarning(
                $"Secret {secret.Namespace}/{secret.Name} lies outside of the sink's namespace {sinkNamespace}"),
            CrossNamespacePolicy.Granted when IsGranted(sinkNamespace, annotations) => new Allowed(),
            CrossNamespacePolicy.Granted => new Refused(
                $"Secret {secret.Namespace}/{secret.Name} is not granted to sinks of namespace {sinkNamespace}; "
                + $"its owner can annotate it with {Annotation}: {sinkNamespace}"),
            CrossNamespacePolicy.Deny => new Refused(
                $"Secret {secret.Namespace}/{secret.Name} lies outside of the sink's namespace {sinkNamespace}, which this operator denies; "
                + "move the Secret or the sink"),
            _ => throw new System.Diagnostics.UnreachableException(),
        };

    private static bool IsGranted(string sinkNamespace, HashMap<string, string> annotations) =>
        annotations.Find(Annotation).Exists(list =>
            list.Split(',', StringSplitOptions.TrimEntries).Any(item => item == "*" || string.Equals(item, sinkNamespace, StringComparison.Ordinal)));
}
