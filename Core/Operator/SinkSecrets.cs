using System.Diagnostics;
using Kollect.Core.Failures;
using Kollect.Core.Secrets;
using Kollect.Core.Sinks;

namespace Kollect.Core.Operator;

/// <summary>What the API server answered when a Secret was asked for. Closed.</summary>
public abstract record SecretReadResult
{
    private SecretReadResult(SecretRef secret, string version) => (Secret, Version) = (secret, version);

    /// <summary>Which one.</summary>
    public SecretRef Secret { get; }

    /// <summary>Changes when the Secret appears, changes or goes, and when it may no longer be read. Never shown.</summary>
    public string Version { get; }

    /// <summary>It is there.</summary>
    /// <param name="Data">Its content.</param>
    /// <param name="Version">Of the content.</param>
    public sealed record Found(SecretData Data, string Version) : SecretReadResult(Data.Ref, Version);

    /// <summary>There is none of this name.</summary>
    public sealed record Missing(SecretRef Secret) : SecretReadResult(Secret, "missing");

    /// <summary>The operator may not read it.</summary>
    public sealed record Forbidden(SecretRef Secret) : SecretReadResult(Secret, "forbidden");

    /// <summary>It is no readable Secret.</summary>
    /// <param name="Secret">Which one.</param>
    /// <param name="Version">Of the content.</param>
    /// <param name="Why">Names keys, never values.</param>
    public sealed record Unreadable(SecretRef Secret, string Version, string Why) : SecretReadResult(Secret, Version);
}

/// <summary>Which Secret, and in which version: <see cref="SecretReadResult.Version"/>.</summary>
public sealed record SecretVersion(SecretRef Secret, string Version);

/// <summary>The Secrets of one sink: which, in what version, and whether they may be used.</summary>
public static class SinkSecrets
{
    /// <summary>Differs when any of the Secrets appears, changes or goes.</summary>
    public static string VersionsOf(IEnumerable<SecretVersion> versions) =>
        string.Join(' ', versions.Select(it => $"{it.Secret.Namespace}/{it.Secret.Name}={it.Version}"));

    /// <summary>The API server did not give the Secrets, which says nothing about them.</summary>
    /// <param name="why">Its words, or those of its client.</param>
    public static Failure Unanswered(string why) =>
        new Failure.TryLater($"secret: the Secrets of the sink could not be read: {why} — it is tried again", Waits.Soon);

    /// <summary>A lookup over those that may be used. Left = one of them may not be, or cannot be read.</summary>
    /// <param name="policy">Of the operator.</param>
    /// <param name="sinkNamespace">Of the sink.</param>
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
        // Whether a Secret of another namespace exists is not told to those who may not use it.
        SecretReadResult.Missing it => Denial(SecretAccess.Decide(policy, sinkNamespace, it.Secret, Map<string, string>())),
        SecretReadResult.Forbidden it =>
            $"the operator may not read Secret {it.Secret.Namespace}/{it.Secret.Name}; grant its service account the verb get on it",
        SecretReadResult.Unreadable it => $"Secret {it.Secret.Namespace}/{it.Secret.Name} cannot be read: {it.Why}",
        _ => throw new UnreachableException(),
    };

    private static Option<string> Denial(SecretAccess access) => access is SecretAccess.Refused refused ? refused.Message : None;
}
