using Kollect.Core.Backends;
using Kollect.Core.Backends.Postgres;
using Kollect.Core.Backends.Postgres.Connections;
using Kollect.Core.Failures;
using Kollect.Core.Sinks;
using Kollect.Shell.Backends.Dial;
using Kollect.Shell.Exports;
using static Kollect.Shell.Backends.SecretLookup;

namespace Kollect.Shell.Backends.Postgres;

/// <summary>Resolves the Secrets of a PostgreSQL sink.</summary>
internal static class Open
{
    public static Either<Failure, IDestination> Destination(PostgresSink sink, TableLocation at, SecretLookup secrets, DialGuard guard, Audience audience) =>
        from secret in secrets.Required(sink.Database)
        from credentials in secrets.RequiredIfSet(sink.Settings.Credentials)
        from tls in secrets.Resolve(sink.Settings.Tls)
        from connection in PostgresSecret.Read(secret, credentials, sink.DatabaseKey).MapLeft(problems => Unusable(string.Join("; ", problems)))
        from sslMode in TransportSecurity.Combine(connection.SslMode, sink.Settings.Tls).MapLeft(Unusable)
        from trust in ServerTrust.Of(tls).MapLeft(Unusable)
        let connect = new ConnectionFactory(connection, sslMode, trust, guard)
        let redactor = Redactor.For(sink, secret.Cons(credentials.ToSeq()), connection.Names(sink.Settings, sink.Database), audience)
        select (IDestination)new PostgresDestination(sink, at, connect, redactor);
}
