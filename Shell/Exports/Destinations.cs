using System.Diagnostics;
using Kollect.Core.Backends;
using Kollect.Core.Backends.BigQuery;
using Kollect.Core.Backends.Connections;
using Kollect.Core.Failures;
using Kollect.Core.Secrets;
using Kollect.Core.Sinks;
using Kollect.Core.Snapshots;
using Kollect.Shell.BigQuery;
using Kollect.Shell.MongoDb;
using Kollect.Shell.Network;
using Kollect.Shell.Postgres;

namespace Kollect.Shell.Exports;

/// <summary>Sink + Secrets -> destination.</summary>
public static class Destinations
{
    /// <summary>Nothing is connected yet. Left: a Secret is missing or unusable.</summary>
    /// <param name="sink">Which backend, and where.</param>
    /// <param name="table">Rendered name of table or collection.</param>
    /// <param name="find">Gives a Secret by name; None = there is none.</param>
    /// <param name="guard">Which hosts may be dialled.</param>
    public static Either<Failure, IDestination> Open(Sink sink, string table, Func<SecretRef, Option<SecretData>> find, DialGuard guard) => sink switch
    {
        Sink.Postgres postgres => OpenPostgres(postgres, table, find, guard),
        Sink.MongoDb mongoDb => OpenMongoDb(mongoDb, table, find, guard),
        Sink.BigQuery bigQuery => OpenBigQuery(bigQuery, table, find, guard),
        _ => throw new UnreachableException(),
    };

    /// <summary>Opens the destination of a scope's rows, works, and closes it.</summary>
    /// <param name="sink">Which backend, and where.</param>
    /// <param name="scope">Whose rows: the table may depend on it.</param>
    /// <param name="find">Gives a Secret by name; None = there is none.</param>
    /// <param name="guard">Which hosts may be dialled.</param>
    /// <param name="work">What to do there.</param>
    /// <param name="failed">What a failure to open it comes to.</param>
    internal static async Task<T> UseAsync<T>(
        Sink sink, Scope scope, Func<SecretRef, Option<SecretData>> find, DialGuard guard, Func<IDestination, Task<T>> work, Func<Failure, T> failed)
    {
        var opened = Naming.TableOf(sink, scope.Cluster, scope.InventoryNamespace, scope.InventoryName)
            .MapLeft<Failure>(why => new Failure.Refused(why))
            .Bind(table => Open(sink, table, find, guard));
        return await opened.MatchAsync(
            RightAsync: async destination =>
            {
                await using (destination)
                    return await work(destination);
            },
            Left: failed);
    }

    private static Either<Failure, IDestination> OpenPostgres(
        Sink.Postgres sink, string table, Func<SecretRef, Option<SecretData>> find, DialGuard guard) =>
        from secret in Require(sink.Database, find)
        from credentials in RequireIfSet(sink.Settings.Credentials, find)
        from caSecret in RequireIfSet(sink.Settings.Tls.CaSecret, find)
        from connection in PostgresSecret.Read(secret, credentials)
            .MapLeft(problems => Unusable(string.Join("; ", problems)))
        from sslMode in TransportSecurity.Combine(connection.SslMode, sink.Settings.Tls).MapLeft(Unusable)
        from authority in Authority(sink.Settings.Tls, caSecret)
        from connect in Postgres.Connect.Of(connection, sslMode, authority, guard).MapLeft(Unusable)
        let redactor = Redactor.For([secret, .. credentials.ToSeq()])
        select (IDestination)new PostgresDestination(sink, table, connection.Parameters, connect, redactor);

    private static Either<Failure, IDestination> OpenMongoDb(
        Sink.MongoDb sink, string collection, Func<SecretRef, Option<SecretData>> find, DialGuard guard) =>
        from secret in Require(sink.Uri, find)
        from credentials in RequireIfSet(sink.Settings.Credentials, find)
        from caSecret in RequireIfSet(sink.Settings.Tls.CaSecret, find)
        from given in MongoDbSecret.Read(secret, credentials).MapLeft(problems => Unusable(string.Join("; ", problems)))
        from uri in MongoDbConnection.Of(given, sink.Settings).MapLeft(Unusable)
        from authority in Authority(sink.Settings.Tls, caSecret)
        let redactor = Redactor.For([secret, .. credentials.ToSeq()])
        select (IDestination)new MongoDbDestination(
            sink, collection, new MongoDb.Connect(uri, authority, sink.Settings.Tls.InsecureSkipVerify, guard), redactor);

    private static Either<Failure, IDestination> OpenBigQuery(
        Sink.BigQuery sink, string table, Func<SecretRef, Option<SecretData>> find, DialGuard guard) =>
        from secret in RequireIfSet(sink.Credentials, find)
        from caSecret in RequireIfSet(sink.Settings.Tls.CaSecret, find)
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
            sink, table, new BigQuery.Connect(address, key, authority, sink.Settings.Tls.InsecureSkipVerify, guard), redactor, TimeProvider.System);

    private static Either<Failure, Option<SecretText>> Authority(TlsSettings tls, Option<SecretData> caSecret) =>
        caSecret.Match(
            secret => SecretKeys.ReadCertificateAuthority(secret).Map(Some).MapLeft(Unusable),
            () => Right<Failure, Option<SecretText>>(tls.CaBundle.Map(pem => new SecretText(pem))));

    private static Either<Failure, Option<SecretData>> RequireIfSet(
        Option<SecretRef> wanted, Func<SecretRef, Option<SecretData>> find) =>
        wanted.Match(
            secret => Require(secret, find).Map(Some),
            () => Right<Failure, Option<SecretData>>(None));

    private static Either<Failure, SecretData> Require(SecretRef wanted, Func<SecretRef, Option<SecretData>> find) =>
        find(wanted).ToEither(() => Unusable(
            $"Secret {wanted.Namespace}/{wanted.Name} was not found; create it (on the command line: give its manifest with a further -f)"));

    private static Failure Unusable(string why) => new Failure.Refused($"secret: {why}") { IsOfSecret = true };
}
