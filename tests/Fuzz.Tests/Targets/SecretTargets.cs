using Kollect.Core.Backends.BigQuery;
using Kollect.Core.Backends.MongoDb.Connections;
using Kollect.Core.Backends.Postgres.Connections;
using Kollect.Core.Secrets;
using Kollect.MongoDb.Driver;

namespace Kollect.Fuzz.Tests.Targets;

/// <summary>URLs, keyword=value, Npgsql's form, and single keys.</summary>
internal sealed class PostgresSecretTarget() : SecretTarget("postgres-secrets")
{
    protected override IReadOnlyList<string> Words =>
    [
        "postgres://", "postgresql://", "jdbc:postgresql://", "host=", "hostaddr=", "dbname=", "user=", "password=", "sslmode=", "verify-full",
        "sslrootcert=system",
        "options=-c statement_timeout=5000", "-c", "\\ ", "target_session_attrs=read-write", "connect_timeout=", "Server=", "Username=",
        "Database=", "Port=5432",
        "passfile=", "service=", "DATABASE_URL", "sslmode", "keepalives_idle", "application_name", "/var/run/postgresql", "@abstract",
        "channel_binding", "DB_NAME",
    ];

    protected override (string Result, Seq<string> Messages) Read(SecretData data, Option<SecretData> credentials, Option<string> key) =>
        PostgresSecret.Read(data, credentials, key).Match(
            Right: connection =>
            {
                Assert.False(connection.Hosts.IsEmpty);
                Assert.All(connection.Hosts, host => Assert.InRange(host.Port, 1, 65535));
                Assert.DoesNotContain("hunter2Zq", $"{connection}", StringComparison.Ordinal);
                return (Shown(connection), Seq<string>());
            },
            Left: problems => ("", problems.Map(it => it.ToString()).Strict()));

    protected override Seq<SecretText> Parts(SecretData data, Option<string> key) => PostgresSecret.Parts(data, key);

    private static string Shown(PostgresConnection it) => string.Join(' ', it.Hosts.Map(host => $"{host.Host.Reveal()}:{host.Port}"))
        + $" {Text(it.Database)} {Text(it.User)} {Text(it.Password)} {it.SslMode} {it.ConnectTimeoutSeconds} {it.TargetSession} {it.ChannelBinding} "
        + string.Join(' ', it.Parameters.AsEnumerable().OrderBy(one => one.Key, StringComparer.Ordinal).Select(one => $"{one.Key}={one.Value.Reveal()}"));

    private static string Text(Option<SecretText> text) => text.Match(it => it.Reveal(), () => "-");
}

/// <summary>URIs and single keys, also as the driver reads them.</summary>
internal sealed class MongoDbSecretTarget() : SecretTarget("mongodb-secrets")
{
    protected override IReadOnlyList<string> Words =>
    [
        "mongodb://", "mongodb+srv://", "replicaSet=", "authSource=admin", "w=", "w=majority", "w=0", "journal=false", "tls=true", "ssl=false",
        "tlsInsecure=true",
        "tlsCAFile=/etc/passwd", "authMechanism=", "MONGODB-AWS", "SCRAM-SHA-256", "connectTimeoutMS=", "socketTimeoutMS=", "2147483647",
        "maxPoolSize=",
        "compressors=zstd", "readPreference=", "directConnection=true", "loadBalanced=true", "MONGODB_URI", "appName=", "%zz", ".sock",
        "retryWrites=",
        "heartbeatFrequencyMS=", "wTimeoutMS=", "waitQueueTimeoutMS=", "zlibCompressionLevel=", "readConcernLevel=", "srvServiceName=", "proxyHost=",
    ];

    protected override (string Result, Seq<string> Messages) Read(SecretData data, Option<SecretData> credentials, Option<string> key) =>
        MongoDbSecret.Read(data, credentials, key).Match(
            Right: given =>
            {
                var uri = given.Text.Reveal();
                MongoDbUri.Read(uri).IfRight(again => Assert.Equal(uri, again.Text()));
                return MongoDbConnection.Of(given, Sinks.MongoDb.Settings).Match(
                    Right: connection => DriverUri.Read(connection).Match(
                        Right: driver => (uri, Seq<string>()),
                        Left: refused => (uri, Seq1(refused.Message))),
                    Left: why => ("", Seq1(why)));
            },
            Left: problems => ("", problems.Map(it => it.ToString()).Strict()));

    protected override Seq<SecretText> Parts(SecretData data, Option<string> key) => MongoDbSecret.Parts(data, key);
}

/// <summary>Service account keys.</summary>
internal sealed class BigQuerySecretTarget() : SecretTarget("bigquery-secrets")
{
    protected override IReadOnlyList<string> Words =>
    [
        "service_account", "external_account", "authorized_user", "\"type\":", "private_key", "client_email", "token_uri", "project_id",
        "universe_domain",
        "-----BEGIN PRIVATE KEY-----\\n", "{", "}", "\\ud800", "credentials.json", "key.json",
    ];

    protected override (string Result, Seq<string> Messages) Read(SecretData data, Option<SecretData> credentials, Option<string> key) =>
        BigQuerySecret.Read(data).Match(
            Right: text => (text.Reveal(), Seq<string>()),
            Left: problems => ("", problems.Map(it => it.ToString()).Strict()));

    protected override Seq<SecretText> Parts(SecretData data, Option<string> key) => BigQuerySecret.Parts(data);
}
