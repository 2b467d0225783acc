using Kollect.Core.Kubernetes;

namespace Kollect.Core.Secrets;

/// <summary>Whether sinks may use Secrets of other namespaces: <c>--cross-namespace-secrets</c>.</summary>
public enum CrossNamespacePolicy
{
    /// <summary>Allowed if the Secret's annotation names the sink's namespace; the default.</summary>
    Granted,

    /// <summary>Allowed, except for a login that goes to a server which a Secret of another namespace names.</summary>
    Allow,

    /// <summary>Not allowed.</summary>
    Deny,
}

/// <summary>Whether a sink may use a Secret. Closed: one of the nested cases.</summary>
/// <remarks>
/// The operator reads every Secret of the cluster, and the author of a sink decides where its content is sent. So a Secret needs the consent of its
/// owner, and no consent of another replaces it:
/// <list type="bullet">
/// <item>A Secret of the sink's own namespace needs no grant: who may create sinks in a namespace can read its Secrets.</item>
/// <item>A Secret of another namespace needs a grant, whatever it holds: a certificate authority is not confidential, but an error tells which keys
/// its Secret has.</item>
/// <item>The policy <see cref="CrossNamespacePolicy.Allow"/> replaces the grant of a Secret that says itself where its content goes: a connection
/// string, or a login of the same namespace. A login (<c>spec.secretRef</c>) goes where the connection's Secret says, so a login of another namespace
/// than that Secret needs a grant in any case. The grant is that of the login: the owner of the connection's Secret loses nothing by it.</item>
/// <item>What even a granted Secret is not sent to: <c>Sink.ObjectionToForeign</c>.</item>
/// </list>
/// </remarks>
internal abstract record SecretAccess
{
    private SecretAccess() { }

    /// <summary>The annotation of a Secret that lists, separated by commas, the namespaces whose sinks may use it; <c>*</c> = all.</summary>
    public const string Annotation = "kollect.dev/allowed-sink-namespaces";

    /// <summary>The sink may use the Secret.</summary>
    public sealed record Allowed : SecretAccess;

    /// <summary>The sink may not use the Secret. The message is the same whether the Secret exists or not, and whatever it holds.</summary>
    public sealed record Refused(string Message) : SecretAccess;

    /// <summary>Needs only the annotation, so the data of a refused Secret is never used.</summary>
    /// <param name="grant">The value of <see cref="Annotation"/>; None = the Secret has no such annotation, or does not exist.</param>
    /// <param name="isSentElsewhere">True = a login that goes to a server which a Secret of another namespace than its own names.</param>
    public static SecretAccess Decide(
        CrossNamespacePolicy policy, string sinkNamespace, SecretRef secret, Option<string> grant, bool isSentElsewhere) =>
        string.Equals(secret.Namespace, sinkNamespace, StringComparison.Ordinal) ? new Allowed() : policy switch
        {
            CrossNamespacePolicy.Deny => new Refused(
                $"{NameOf(secret)} lies outside of the sink's namespace {sinkNamespace}, which this operator denies; move the Secret or the sink"),
            CrossNamespacePolicy.Allow when !isSentElsewhere => new Allowed(),
            _ when GrantAnnotation.Lists(grant, sinkNamespace) => new Allowed(),
            _ => new Refused(
                $"{NameOf(secret)} does not exist, or its owner has not granted it to sinks of namespace {sinkNamespace}; "
                + $"its owner grants it by {CommandFor(sinkNamespace, secret)} ({GrantAnnotation.Remedy(sinkNamespace)})"),
        };

    /// <summary>The command by which the owner of a Secret grants it to the sinks of a namespace.</summary>
    public static string CommandFor(string sinkNamespace, SecretRef secret) =>
        GrantAnnotation.Command($"secret {secret.Name} -n {secret.Namespace}", Annotation, sinkNamespace);

    private static string NameOf(SecretRef secret) => $"Secret {secret.Namespace}/{secret.Name}";
}
