using Kollect.Core.Backends;
using Kollect.Core.Backends.MongoDb;
using Kollect.Core.Backends.MongoDb.Connections;
using Kollect.Core.Failures;
using Kollect.Core.Sinks;
using Kollect.MongoDb.Driver;
using Kollect.Shell;
using Kollect.Shell.Backends.Dial;
using Kollect.Shell.Exports;
using static Kollect.Shell.Backends.SecretLookup;

namespace Kollect.MongoDb;

/// <summary>MongoDB, by its driver.</summary>
public sealed class MongoDbBackend : Backend
{
    private MongoDbBackend()
    {
    }

    /// <summary>It has no state and no options.</summary>
    public static Backend Instance { get; } = new MongoDbBackend();

    internal override Option<Either<Failure, IDestination>> Open(Sink sink, TableLocation at, BackendAccess access) =>
        sink is MongoDbSink it ? Some(Open(it, at, access)) : None;

    private static Either<Failure, IDestination> Open(MongoDbSink sink, TableLocation at, BackendAccess access) =>
        from secret in access.Secrets.Required(sink.Uri)
        from credentials in access.Secrets.RequiredIfSet(sink.Settings.Credentials)
        from tls in access.Secrets.Resolve(sink.Settings.Tls)
        from given in MongoDbSecret.Read(secret, credentials, sink.UriKey).MapLeft(problems => Unusable(string.Join("; ", problems)))
        from connection in MongoDbConnection.Of(given, sink.Settings).MapLeft(Unusable)
        from uri in DriverUri.Read(connection)
            .Bind(it => access.Guard.IsOn && it.SendsPasswordInClearText ? Left<Failure, DriverUri>(connection.UnprotectedPassword) : it)
        from trust in ServerTrust.Of(tls).MapLeft(Unusable)
        let redactor = Redactor.For(sink, secret.Cons(credentials.ToSeq()), connection.Names, access.Audience)
        select (IDestination)new MongoDbDestination(sink, at, new ConnectionFactory(uri, trust, access.Guard), redactor);
}
