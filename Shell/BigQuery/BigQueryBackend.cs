using Kollect.Core.Backends;
using Kollect.Core.Backends.BigQuery;
using Kollect.Core.Failures;
using Kollect.Core.Secrets;
using Kollect.Core.Sinks;
using Kollect.Shell;
using Kollect.Shell.Exports;
using static Kollect.Shell.Backends.SecretLookup;

namespace Kollect.BigQuery;

/// <summary>BigQuery, by its driver.</summary>
public sealed class BigQueryBackend : Backend
{
    private BigQueryBackend()
    {
    }

    /// <summary>It has no state and no options.</summary>
    public static Backend Instance { get; } = new BigQueryBackend();

    internal override Option<Either<Failure, IDestination>> Open(Sink sink, TableLocation at, BackendAccess access) =>
        sink is BigQuerySink it ? Some(Open(it, at, access)) : None;

    private static Either<Failure, IDestination> Open(BigQuerySink sink, TableLocation at, BackendAccess access) =>
        from secret in access.Secrets.RequiredIfSet(sink.Credentials)
        from tls in access.Secrets.Resolve(sink.Settings.Tls)
        from key in secret.Match(
            data => BigQuerySecret.Read(data).Map(Some).MapLeft(problems => Unusable(string.Join("; ", problems))),
            () => Right<Failure, Option<SecretText>>(None))
        from address in Address.Of(sink, Environment.GetEnvironmentVariable("BIGQUERY_EMULATOR_HOST") is { } host ? Some(host) : None)
            .MapLeft<Failure>(why => new Failure.Refused($"connect: {why}"))
        from believed in key.Bind(address.ObjectionTo).Match(why => Left<Failure, Unit>(Unusable(why)), () => Right<Failure, Unit>(unit))
        from own in (access.Guard.IsOn && key.IsNone ? address.ObjectionToOwnCredentials() || address.ObjectionToOwnCredentials(tls) : None)
            .Match(why => Left<Failure, Unit>(new Failure.Refused($"connect: {why}")), () => Right<Failure, Unit>(unit))
        let redactor = Redactor.For(sink, secret.ToSeq(), sink.Names(secret.ToSeq().Bind(sink.SecretParts)), access.Audience)
        select (IDestination)new BigQueryDestination(sink, at, new ConnectionFactory(address, key, tls, access.Guard), redactor, TimeProvider.System);
}
