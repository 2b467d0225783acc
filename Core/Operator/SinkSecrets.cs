using System.Diagnostics;
using Kollect.Core.Failures;
using Kollect.Core.Secrets;
using Kollect.Core.Sinks;

namespace Kollect.Core.Operator;

/// <summary>The answer of the API server to a request for a Secret. Closed.</summary>
public abstract record SecretReadResult
{
    private SecretReadResult(SecretRef secret, string version) => (Secret, Version) = (secret, version);

    /// <summary>The reference to the Secret.</summary>
    public SecretRef Secret { get; }

    /// <summary>Differs when the Secret appears, changes or is deleted, and when it may no longer be read. Never shown.</summary>
    public string Version { get; }

    /// <summary>The Secret exists.</summary>
    public sealed record Found(SecretData Data, string Version) : SecretReadResult(Data.Ref, Version);

    /// <summary>No Secret has this name.</summary>
    public sealed record Missing(SecretRef Secret) : SecretReadResult(Secret, "missing");

    /// <summary>The operator may not read the Secret.</summary>
    public sealed record Forbidden(SecretRef Secret) : SecretReadResult(Secret, "forbidden");

    /// <summary>The answer is not a readable Secret.</summary>
    /// <param name="Why">Names keys, never values.</param>
    public sealed record Unreadable(SecretRef Secret, string Version, string Why) : SecretReadResult(Secret, Version);
}

/// <summary>A reference to a Secret and its version: <see cref="SecretReadResult.Version"/>.</summary>
public sealed record SecretVersion(SecretRef Secret, string Version);

/// <summary>The Secrets of one sink: references, versions, and permission to use them.</summary>
public static class SinkSecrets
{
    /// <summary>Differs when any of the Secrets appears, changes or is deleted.</summary>
    public static string VersionsOf(IEnumerable<SecretVersion> versions) =>
        string.Join(' ', versions.Select(it => $"{it.Secret.Namespace}/{it.Secret.Name}={it.Version}"));

    /// <summary>False = one of the Secrets is missing, or may not or cannot be read.</summary>
    public static bool AreFound(Seq<SecretReadResult> results) => results.ForAll(it => it is SecretReadResult.Found);

    /// <summary>The API server did not return the Secrets: their state is unknown.</summary>
    /// <param name="why">The message of the API server or of its client.</param>
    public static Failure Unanswered(string why) =>
        new Failure.TryLater($"secret: the Secrets of the sink could not be read: {why} — it is tried again", Waits.Soon);

    /// <summary>A lookup over the permitted Secrets. Left = one of the Secrets is not permitted or cannot be read.</summary>
    /// <param name="results">One for each of <see cref="Sink.Secrets"/>.</param>
    public static Either<Failure, Func<SecretRef, Option<SecretData>>> Resolve(
        CrossNamespacePolicy policy, string sinkNamespace, Seq<SecretReadResult> results) =>
        results.Choose(result => ObjectionTo(policy, sinkNamespace, result)).HeadOrNone().Match(
            why => Left<Failure, Func<SecretRef, Option<SecretData>>>(new Failure.Refused($"secret: {why}") { IsOfSecret = true }),
            () => Right<Failure, Func<SecretRef, Option<SecretData>>>(wanted =>
                results.Choose(result => result is SecretReadResult.Found found && found.Secret == wanted ? Some(found.Data) : None).HeadOrNone()));

    private static Option<string> ObjectionTo(CrossNamespacePolicy policy, string sinkNamespace, SecretReadResult result) => result switch
    {
        SecretReadResult.Found it => Denial(SecretAccess.Decide(policy, sinkNamespace, it.Secret, it.Data.Annotations)),
        // The existence of a Secret in another namespace is not disclosed to a sink that may not use it.
        SecretReadResult.Missing it => Denial(SecretAccess.Decide(policy, sinkNamespace, it.Secret, HashMap<string, string>())),
        SecretReadResult.Forbidden it =>
            $"the operator may not read Secret {it.Secret.Namespace}/{it.Secret.Name}; grant its service account the verb get on it",
        SecretReadResult.Unreadable it => $"Secret {it.Secret.Namespace}/{it.Secret.Name} cannot be read: {it.Why}",
        _ => throw new UnreachableException(),
    };

    private static Option<string> Denial(SecretAccess access) => access is SecretAccess.Refused refused ? refused.Message : None;
}
