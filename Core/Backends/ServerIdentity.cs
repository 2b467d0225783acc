using System.Diagnostics;
using System.Globalization;
using Kollect.Core.Backends.MongoDb.Connections;
using Kollect.Core.Backends.Postgres.Connections;
using Kollect.Core.Secrets;
using Kollect.Core.Sinks;

namespace Kollect.Core.Backends;

/// <summary>Tells two servers apart: which of the sinks that name the same table write into the same one.</summary>
public static class ServerIdentity
{
    /// <summary>Where BigQuery is if a sink does not say.</summary>
    private const string PublicBigQuery = "";

    /// <summary>The scheme whose hosts have ports; the other one is looked up in the DNS.</summary>
    private const string MongoDb = "mongodb://";

    /// <summary>
    /// Hosts, ports and database, in one order and case. Two names of one server are two identities. None = the Secrets do not tell, and nobody can
    /// connect by them either.
    /// </summary>
    /// <param name="sink">Which sink.</param>
    /// <param name="find">Gives a Secret by name; None = there is none.</param>
    public static Option<SecretText> Of(Sink sink, Func<SecretRef, Option<SecretData>> find) => sink switch
    {
        Sink.Postgres it =>
            from secret in find(it.Database)
            from connection in PostgresSecret.Read(secret, it.Settings.Credentials.Bind(find)).ToOption()
            select Postgres(connection),
        Sink.MongoDb it =>
            from secret in find(it.Uri)
            from text in MongoDbSecret.Read(secret, it.Settings.Credentials.Bind(find)).ToOption()
            from uri in MongoDbUri.Read(text.Reveal()).ToOption()
            select Joined(uri.Hosts.Map(host => host.Value.Reveal()).Map(host => uri.Scheme == MongoDb ? WithPort(host) : host)),
        Sink.BigQuery it => Some(new SecretText(it.Settings.Endpoint.Map(endpoint => endpoint.ToString()).IfNone(PublicBigQuery))),
        _ => throw new UnreachableException(),
    };

    private static SecretText Postgres(PostgresConnection connection)
    {
        var database = (connection.Database | connection.User).Map(it => it.Reveal()).IfNone("");
        return Joined(Join(Seq1(database), connection.Hosts.Map(it => string.Create(CultureInfo.InvariantCulture, $"{Case(it.Host.Reveal())}:{it.Port}"))));
    }

    // A name of a host is not told apart by case; the folder of a socket is.
    private static string Case(string host) => host.StartsWith('/') ? host : host.ToLowerInvariant();

    // A socket has none; the last colon of an IPv6 address stands before its bracket.
    private static string WithPort(string host) => host.Contains('/') || host.LastIndexOf(':') > host.LastIndexOf(']') ? host : $"{host}:27017";

    private static SecretText Joined(IEnumerable<string> parts) => new(string.Join('\n', parts.Select(Case).Order(StringComparer.Ordinal)));
}
