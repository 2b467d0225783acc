using System.Diagnostics;
using Kollect.Core.Failures;
using Kollect.Core.Secrets;
using Kollect.Core.Sinks;

namespace Kollect.Core.Operator;

/// <summary>The answer of the API server to a request for a Secret. Closed.</summary>
internal abstract record SecretReadResult
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

    /// <summary>The sink may not use the Secret.</summary>
    /// <param name="Why">The same whether the Secret exists or not.</param>
    /// <param name="Exists">Never shown.</param>
    public sealed record Refused(SecretRef Secret, string Why, bool Exists) : SecretReadResult(Secret, "refused");

    /// <summary>The answer is not a readable Secret.</summary>
    /// <param name="Why">Names keys, never values.</param>
    public sealed record Unreadable(SecretRef Secret, string Version, string Why) : SecretReadResult(Secret, Version)
    {
        /// <summary>The value of <see cref="SecretAccess.Annotation"/>; None = it is not set.</summary>
        public Option<string> Grant { get; init; }
    }
}

/// <summary>A reference to a Secret and its version: <see cref="SecretReadResult.Version"/>.</summary>
internal sealed record SecretVersion(SecretRef Secret, string Version);

/// <summary>The Secrets of one sink: references, versions, and permission to use them.</summary>
internal static class SinkSecrets
{
    /// <summary>Differs when any of the Secrets appears, changes or is deleted.</summary>
    public static string VersionsOf(IEnumerable<SecretVersion> versions) =>
        string.Join(' ', versions.Select(it => $"{it.Secret.Namespace}/{it.Secret.Name}={it.Version}"));

    /// <summary>
    /// False = one of the Secrets does not exist or cannot be read. A Secret that the sink may not use does not count as long as it exists: what an
    /// export once read must not be used after the grant was withdrawn.
    /// </summary>
    public static bool AreFound(Seq<SecretReadResult> results) =>
        results.ForAll(it => it is SecretReadResult.Found or SecretReadResult.Refused { Exists: true });

    /// <summary>The API server did not return the Secrets: their state is unknown.</summary>
    /// <param name="why">The message of the API server or of its client.</param>
    public static Failure Unanswered(string why) =>
        new Failure.TryLater($"secret: the Secrets of the sink could not be read: {why} — it is tried again", Waits.Soon);

    /// <summary>
    /// The results without the Secrets that the sink may not use: nothing of them is kept, and neither message nor version tells whether they exist.
    /// </summary>
    /// <param name="results">Of some of <see cref="Sink.Secrets"/>; the data is not needed.</param>
    public static Seq<SecretReadResult> Permit(CrossNamespacePolicy policy, Sink sink, Seq<SecretReadResult> results) =>
        results.Map(it => Permit(policy, sink, it)).Strict();

    /// <summary>A lookup over the permitted Secrets. Left = one of the Secrets is not permitted or cannot be read.</summary>
    /// <param name="results">One for each of <see cref="Sink.Secrets"/>, permitted or not.</param>
    public static Either<Failure, Func<SecretRef, Option<SecretData>>> Resolve(CrossNamespacePolicy policy, Sink sink, Seq<SecretReadResult> results)
    {
        var permitted = Permit(policy, sink, results);
        return permitted.Choose(result => ObjectionTo(sink, result)).HeadOrNone().Match(
            why => Left<Failure, Func<SecretRef, Option<SecretData>>>(new Failure.Refused($"secret: {why}") { IsOfSecret = true }),
            () => Right<Failure, Func<SecretRef, Option<SecretData>>>(wanted =>
                permitted.Choose(result => result is SecretReadResult.Found found && found.Secret == wanted ? Some(found.Data) : None).HeadOrNone()));
    }

    private static SecretReadResult Permit(CrossNamespacePolicy policy, Sink sink, SecretReadResult result)
    {
        if (result is SecretReadResult.Refused || !IsForeign(sink, result.Secret))
            return result;
        var exists = result is not SecretReadResult.Missing;
        if (policy != CrossNamespacePolicy.Deny && sink.ObjectionToForeign(result.Secret, None).TrySome(out var unsendable))
            return new SecretReadResult.Refused(result.Secret, unsendable, exists);
        return SecretAccess.Decide(policy, sink.Settings.Namespace, result.Secret, GrantOf(result), IsSentElsewhere(sink, result.Secret)) switch
        {
            // The permission to read it is a matter of its namespace or name, and does not depend on whether it exists.
            SecretAccess.Refused when result is SecretReadResult.Forbidden && policy != CrossNamespacePolicy.Deny => result,
            SecretAccess.Refused it => new SecretReadResult.Refused(result.Secret, it.Message, exists),
            _ => result,
        };
    }

    private static Option<string> GrantOf(SecretReadResult result) => result switch
    {
        SecretReadResult.Found it => it.Data.Annotations.Find(SecretAccess.Annotation),
        SecretReadResult.Unreadable it => it.Grant,
        _ => None,
    };

    private static Option<string> ObjectionTo(Sink sink, SecretReadResult result) => result switch
    {
        SecretReadResult.Found it => IsForeign(sink, it.Secret) ? sink.ObjectionToForeign(it.Secret, it.Data) : None,
        SecretReadResult.Missing => None, // its user says so
        SecretReadResult.Refused it => it.Why,
        SecretReadResult.Forbidden it =>
            $"the operator may not read Secret {it.Secret.Namespace}/{it.Secret.Name}; grant its service account the verb get on it",
        SecretReadResult.Unreadable it => $"Secret {it.Secret.Namespace}/{it.Secret.Name} cannot be read: {it.Why}",
        _ => throw new UnreachableException(),
    };

    private static bool IsForeign(Sink sink, SecretRef secret) => !string.Equals(secret.Namespace, sink.Settings.Namespace, StringComparison.Ordinal);

    private static bool IsSentElsewhere(Sink sink, SecretRef secret) =>
        sink.Settings.Credentials == secret
        && sink.ConnectionSecret.Exists(it => !string.Equals(it.Namespace, secret.Namespace, StringComparison.Ordinal));
}
