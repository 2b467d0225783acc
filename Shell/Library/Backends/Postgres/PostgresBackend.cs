using Kollect.Core.Backends;
using Kollect.Core.Backends.Postgres;
using Kollect.Core.Backends.Postgres.Connections;
using Kollect.Core.Failures;
using Kollect.Core.Sinks;
using Kollect.Shell.Backends.Dial;
using Kollect.Shell.Exports;
using static Kollect.Shell.Backends.SecretLookup;

namespace Kollect.Shell.Backends.Postgres;

/// <summary>PostgreSQL, by its driver.</summary>
public sealed class PostgresBackend : Backend
{
    private PostgresBackend()
    {
    }

    /// <summary>It has no state and no options.</summary>
    public static Backend Instance { get; } = new PostgresBackend();

    internal override Option<Either<Failure, IDestination>> Open(Sink sink, TableLocation at, BackendAccess access) =>
        sink is PostgresSink it ? Some(Open(it, at, access)) : None;

    private static Either<Failure, IDestination> Open(PostgresSink sink, TableLocation at, BackendAccess access) =>
        from secret in access.Secrets.Required(sink.Database)
        from credentials in access.Secrets.RequiredIfSet(sink.Settings.Credentials)
        from tls in access.Secrets.Resolve(sink.Settings.Tls)
        from connection in PostgresSecret.Read(secret, credentials, sink.DatabaseKey).MapLeft(problems => Unusable(string.Join("; ", problems)))
        from sslMode in TransportSecurity.Combine(connection.SslMode, sink.Settings.Tls).MapLeft(Unusable)
        from trust in ServerTrust.Of(tls).MapLeft(Unusable)
        let connect = new ConnectionFactory(connection, sslMode, trust, access.Guard)
        let redactor = Redactor.For(sink, secret.Cons(credentials.ToSeq()), connection.Names(sink.Settings, sink.Database), access.Audience)
        select (IDestination)new PostgresDestination(sink, at, connect, redactor);
}
