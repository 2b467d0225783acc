using System.Diagnostics;
using Kollect.Core.Backends;
using Kollect.Core.Backends.BigQuery;
using Kollect.Core.Backends.MongoDb.Connections;
using Kollect.Core.Backends.Postgres.Connections;
using Kollect.Core.Failures;
using Kollect.Core.Secrets;
using Kollect.Core.Sinks;
using Kollect.Shell.Backends.BigQuery;
using Kollect.Shell.Backends.Dial;
using Kollect.Shell.Backends.MongoDb;
using Kollect.Shell.Backends.Postgres;
using Kollect.Shell.Exports;

namespace Kollect.Shell.Backends;

/// <summary>Opens sinks of every backend with the Secrets that are given.</summary>
/// <param name="find">Gives a Secret by name; None = there is none.</param>
/// <param name="guard">Which hosts may be dialled.</param>
public sealed class Destinations(Func<SecretRef, Option<SecretData>> find, DialGuard guard) : IDestinations
{
    /// <inheritdoc/>
    public Either<Failure, IDestination> Open(Sink sink, string table) => sink switch
    {
        Sink.Postgres postgres => OpenPostgres(postgres, table),
        Sink.MongoDb mongoDb => OpenMongoDb(mongoDb, table),
        Sink.BigQuery bigQuery => OpenBigQuery(bigQuery, table),
        _ => throw new UnreachableException(),
    };

    private Either<Failure, IDestination> OpenPostgres(Sink.Postgres sink, string table) =>
        from secret in Require(sink.Database)
        from credentials in RequireIfSet(sink.Settings.Credentials)
        from caSecret in RequireIfSet(sink.Settings.Tls.CaSecret)
        from connection in PostgresSecret.Read(secret, credentials)
            .MapLeft(problems => Unusable(string.Join("; ", problems)))
        from sslMode in TransportSecurity.Combine(connection.SslMode, sink.Settings.Tls).MapLeft(Unusable)
        from authority in Authority(sink.Settings.Tls, caSecret)
        from connect in Postgres.ConnectionFactory.Of(connection, sslMode, authority, guard).MapLeft(Unusable)
        let redactor = Redactor.For([secret, .. credentials.ToSeq()])
        select (IDestination)new PostgresDestination(sink, table, connection.Parameters, connect, redactor);

    private Either<Failure, IDestination> OpenMongoDb(Sink.MongoDb sink, string collection) =>
        from secret in Require(sink.Uri)
        from credentials in RequireIfSet(sink.Settings.Credentials)
        from caSecret in RequireIfSet(sink.Settings.Tls.CaSecret)
        from given in MongoDbSecret.Read(secret, credentials).MapLeft(problems => Unusable(string.Join("; ", problems)))
        from uri in MongoDbConnection.Of(given, sink.Settings).MapLeft(Unusable)
        from authority in Authority(sink.Settings.Tls, caSecret)
        let redactor = Redactor.For([secret, .. credentials.ToSeq()])
        select (IDestination)new MongoDbDestination(
            sink, collection, new MongoDb.ConnectionFactory(uri, authority, sink.Settings.Tls.InsecureSkipVerify, guard), redactor);

    private Either<Failure, IDestination> OpenBigQuery(Sink.BigQuery sink, string table) =>
        from secret in RequireIfSet(sink.Credentials)
        from caSecret in RequireIfSet(sink.Settings.Tls.CaSecret)
        from key in secret.Match(
            data => BigQuerySecret.Read(data).Map(Some).MapLeft(problems => Unusable(string.Join("; ", problems))),
            () => Right<Failure, Option<SecretText>>(None))
        from address in Address.Of(sink, Environment.GetEnvironmentVariable("BIGQUERY_EMULATOR_HOST") is { } host ? Some(host) : None)
            .MapLeft<Failure>(why => new Failure.Refused($"connect: {why}"))
        from believed in key.Bind(address.ObjectionTo).Match(why => Left<Failure, Unit>(Unusable(why)), () => Right<Failure, Unit>(unit))
        from own in (guard.IsOn && key.IsNone ? address.ObjectionToOwnCredentials() : None)
            .Match(why => Left<Failure, Unit>(new Failure.Refused($"connect: {why}")), () => Right<Failure, Unit>(unit))
        from authority in Authority(sink.Settings.Tls, caSecret)
        let redactor = Redactor.For([.. secret.ToSeq()])
        select (IDestination)new BigQueryDestination(
            sink, table, new BigQuery.ConnectionFactory(address, key, authority, sink.Settings.Tls.InsecureSkipVerify, guard), redactor, TimeProvider.System);

    private static Either<Failure, Option<SecretText>> Authority(TlsSettings tls, Option<SecretData> caSecret) =>
        caSecret.Match(
            secret => SecretKeys.ReadCertificateAuthority(secret).Map(Some).MapLeft(Unusable),
            () => Right<Failure, Option<SecretText>>(tls.CaBundle.Map(pem => new SecretText(pem))));

    private Either<Failure, Option<SecretData>> RequireIfSet(Option<SecretRef> wanted) =>
        wanted.Match(
            secret => Require(secret).Map(Some),
            () => Right<Failure, Option<SecretData>>(None));

    private Either<Failure, SecretData> Require(SecretRef wanted) =>
        find(wanted).ToEither(() => Unusable(
            $"Secret {wanted.Namespace}/{wanted.Name} was not found; create it (on the command line: give its manifest with a further -f)"));

    private static Failure Unusable(string why) => new Failure.Refused($"secret: {why}") { IsOfSecret = true };
}
