using Kollect.Core.Backends;
using Kollect.Core.Failures;
using Kollect.Core.Secrets;
using Kollect.Core.Sinks;

namespace Kollect.Shell.Backends;

/// <summary>The Secrets of a sink, where a missing or unusable one is a failure.</summary>
/// <param name="find">Gives a Secret by name; None = there is none.</param>
/// <param name="audience">The owner of the Secrets gives manifests of them on the command line.</param>
internal sealed class SecretLookup(Func<SecretRef, Option<SecretData>> find, Audience audience)
{
    public Either<Failure, SecretData> Required(SecretRef wanted) =>
        find(wanted).ToEither(() => Unusable(
            $"Secret {wanted.Namespace}/{wanted.Name} was not found; {(audience == Audience.Owner ? "give its manifest with a further -f" : "create it")}"));

    public Either<Failure, Option<SecretData>> RequiredIfSet(Option<SecretRef> wanted) =>
        wanted.Match(
            secret => Required(secret).Map(Some),
            () => Right<Failure, Option<SecretData>>(None));

    public Either<Failure, ResolvedTls> Resolve(TlsSettings tls) =>
        from caSecret in RequiredIfSet(tls.CaSecret)
        from resolved in ResolvedTls.Of(tls, caSecret).MapLeft(Unusable)
        select resolved;

    public static Failure Unusable(string why) => new Failure.Refused($"secret: {why}") { IsOfSecret = true };
}
