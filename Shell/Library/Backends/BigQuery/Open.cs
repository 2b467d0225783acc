using Kollect.Core.Backends;
using Kollect.Core.Backends.BigQuery;
using Kollect.Core.Failures;
using Kollect.Core.Secrets;
using Kollect.Core.Sinks;
using Kollect.Shell.Backends.Dial;
using Kollect.Shell.Exports;
using static Kollect.Shell.Backends.SecretLookup;

namespace Kollect.Shell.Backends.BigQuery;

/// <summary>Resolves the Secrets and the address of a BigQuery sink.</summary>
internal static class Open
{
    public static Either<Failure, IDestination> Destination(BigQuerySink sink, TableLocation at, SecretLookup secrets, DialGuard guard, Audience audience) =>
        from secret in secrets.RequiredIfSet(sink.Credentials)
        from tls in secrets.Resolve(sink.Settings.Tls)
        from key in secret.Match(
            data => BigQuerySecret.Read(data).Map(Some).MapLeft(problems => Unusable(string.Join("; ", problems))),
            () => Right<Failure, Option<SecretText>>(None))
        from address in Address.Of(sink, Environment.GetEnvironmentVariable("BIGQUERY_EMULATOR_HOST") is { } host ? Some(host) : None)
            .MapLeft<Failure>(why => new Failure.Refused($"connect: {why}"))
        from believed in key.Bind(address.ObjectionTo).Match(why => Left<Failure, Unit>(Unusable(why)), () => Right<Failure, Unit>(unit))
        from own in (guard.IsOn && key.IsNone ? address.ObjectionToOwnCredentials() || address.ObjectionToOwnCredentials(tls) : None)
            .Match(why => Left<Failure, Unit>(new Failure.Refused($"connect: {why}")), () => Right<Failure, Unit>(unit))
        let redactor = Redactor.For(sink, secret.ToSeq(), sink.Names(secret.ToSeq().Bind(sink.SecretParts)), audience)
        select (IDestination)new BigQueryDestination(sink, at, new ConnectionFactory(address, key, tls, guard), redactor, TimeProvider.System);
}
