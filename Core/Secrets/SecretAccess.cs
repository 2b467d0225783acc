namespace Kollect.Core.Secrets;

/// <summary>May a sink use a Secret of another namespace? <c>--cross-namespace-secrets</c>.</summary>
public enum CrossNamespacePolicy
{
    /// <summary>Yes, with a warning; the default.</summary>
    Allow,

    /// <summary>Only where the Secret's annotation names the sink's namespace.</summary>
    Granted,

    /// <summary>Never.</summary>
    Deny,
}

/// <summary>Whether a sink may use a Secret. Closed: one of the nested cases.</summary>
public abstract record SecretAccess
{
    private SecretAccess() { }

    /// <summary>On the Secret: comma-separated namespaces whose sinks may use it; <c>*</c> = all.</summary>
    public const string Annotation = "kollect.dev/allowed-sink-namespaces";

    /// <summary>Yes.</summary>
    public sealed record Allowed : SecretAccess;

    /// <summary>Yes, and the user should hear of it.</summary>
    public sealed record AllowedWithWarning(string Message) : SecretAccess;

    /// <summary>No; the Secret must not be read any further.</summary>
    public sealed record Refused(string Message) : SecretAccess;

    /// <summary>Decides from the annotations alone.</summary>
    public static SecretAccess Decide(CrossNamespacePolicy policy, string sinkNamespace, SecretRef secret, Map<string, string> annotations) =>
        string.Equals(secret.Namespace, sinkNamespace, StringComparison.Ordinal) ? new Allowed() : policy switch
        {
            CrossNamespacePolicy.Allow => new AllowedWithWarning(
                $"Secret {secret.Namespace}/{secret.Name} lies outside of the sink's namespace {sinkNamespace}"),
            CrossNamespacePolicy.Granted when IsGranted(sinkNamespace, annotations) => new Allowed(),
            CrossNamespacePolicy.Granted => new Refused(
                $"Secret {secret.Namespace}/{secret.Name} is not granted to sinks of namespace {sinkNamespace}; its owner can annotate it with {Annotation}: {sinkNamespace}"),
            CrossNamespacePolicy.Deny => new Refused(
                $"Secret {secret.Namespace}/{secret.Name} lies outside of the sink's namespace {sinkNamespace}, which this operator denies; move the Secret or the sink"),
            _ => throw new System.Diagnostics.UnreachableException(),
        };

    private static bool IsGranted(string sinkNamespace, Map<string, string> annotations) =>
        annotations.Find(Annotation).Exists(list =>
            list.Split(',', StringSplitOptions.TrimEntries).Any(item => item == "*" || string.Equals(item, sinkNamespace, StringComparison.Ordinal)));
}
