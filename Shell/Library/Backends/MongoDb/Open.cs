using Kollect.Core.Backends;
using Kollect.Core.Backends.MongoDb;
using Kollect.Core.Backends.MongoDb.Connections;
using Kollect.Core.Failures;
using Kollect.Core.Sinks;
using Kollect.Shell.Backends.Dial;
using Kollect.Shell.Backends.MongoDb.Driver;
using Kollect.Shell.Exports;
using static Kollect.Shell.Backends.SecretLookup;

namespace Kollect.Shell.Backends.MongoDb;

/// <summary>Resolves the Secrets of a MongoDB sink.</summary>
internal static class Open
{
    public static Either<Failure, IDestination> Destination(MongoDbSink sink, TableLocation at, SecretLookup secrets, DialGuard guard, Audience audience) =>
        from secret in secrets.Required(sink.Uri)
        from credentials in secrets.RequiredIfSet(sink.Settings.Credentials)
        from tls in secrets.Resolve(sink.Settings.Tls)
        from given in MongoDbSecret.Read(secret, credentials, sink.UriKey).MapLeft(problems => Unusable(string.Join("; ", problems)))
        from connection in MongoDbConnection.Of(given, sink.Settings).MapLeft(Unusable)
        from uri in DriverUri.Read(connection)
            .Bind(it => guard.IsOn && it.SendsPasswordInClearText ? Left<Failure, DriverUri>(connection.UnprotectedPassword) : it)
        from trust in ServerTrust.Of(tls).MapLeft(Unusable)
        let redactor = Redactor.For(sink, secret.Cons(credentials.ToSeq()), connection.Names, audience)
        select (IDestination)new MongoDbDestination(sink, at, new ConnectionFactory(uri, trust, guard), redactor);
}
