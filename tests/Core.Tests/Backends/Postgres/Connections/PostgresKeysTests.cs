using System.Text;
using Kollect.Core.Backends;
using Kollect.Core.Backends.Postgres.Connections;
using Kollect.Core.Secrets;
using static Kollect.Core.Tests.Secrets.Some;

namespace Kollect.Core.Tests.Backends.Postgres.Connections;

/// <summary>Keys of a Secret that are parameters of the connection are used or refused by name, whatever operator wrote the Secret.</summary>
public sealed class PostgresKeysTests
{
    private const string Uri = "postgresql://app:pw@db:5432/inv";
    private static readonly (string, string)[] Single = [("host", "db"), ("port", "5433"), ("dbname", "inv"), ("username", "app"), ("password", "pw")];

    private static readonly (string Title, (string, string)[] Data)[] Secrets =
    [
        ("single keys and sslmode", [.. Single, ("sslmode", "verify-full")]),
        ("SSLMODE of an environment", [.. Single, ("PGSSLMODE", "require")]),
        ("ssl: true", [.. Single, ("ssl", "true")]),
        ("ssl: prefer", [.. Single, ("ssl", "prefer")]),
        ("tls: true", [.. Single, ("tls", "true")]),
        ("sslmode of another driver", [.. Single, ("sslmode", "no-verify")]),
        ("sslrootcert names a file", [.. Single, ("sslrootcert", "/etc/ca.crt")]),
        ("sslrootcert: system", [.. Single, ("sslrootcert", "system")]),
        ("channel_binding, connect_timeout", [.. Single, ("channel_binding", "require"), ("connect-timeout", "5")]),
        ("options", [.. Single, ("options", "-c statement_timeout=5s")]),
        ("keys of other drivers", [.. Single, ("schema", "public"), ("pgbouncer", "true"), ("pool_max_conns", "4")]),
        ("keys that mean something else", [.. Single, ("engine", "postgres"), ("type", "postgresql"), ("service", "db"), ("ca.crt", "x"),
            ("pgbouncer-port", "5432")]),
        ("no database", [("host", "db"), ("username", "app"), ("password", "pw")]),
        ("no user", [("host", "db"), ("dbname", "inv"), ("password", "pw")]),
        ("no host, as Zalando's operator writes it", [("username", "app"), ("password", "pw")]),
        ("CloudNativePG", [
            ("dbname", "app"), ("host", "pg-rw"), ("port", "5432"), ("user", "app"), ("username", "app"), ("password", "pw"),
            ("pgpass", "pg-rw:5432:app:app:pw"),
            ("uri", "postgresql://app:pw@pg-rw.shop:5432/app"), ("jdbc-uri", "jdbc:postgresql://pg-rw.shop:5432/app?user=app")]),
        ("Crossplane", [("endpoint", "db.example.org:5432"), ("host", "db.example.org"), ("port", "5432"), ("username", "app"), ("password", "pw"),
            ("db", "inv")]),
        ("Crossplane without a database", [("endpoint", "db.example.org"), ("port", "5432"), ("username", "app"), ("password", "pw")]),
        ("Aiven", [
            ("PGHOST", "pg.aivencloud.com"), ("PGPORT", "12345"), ("PGDATABASE", "defaultdb"), ("PGUSER", "avnadmin"), ("PGPASSWORD", "pw"),
            ("PGSSLMODE", "require"),
            ("DATABASE_URI", "postgres://avnadmin:pw@pg.aivencloud.com:12345/defaultdb?sslmode=require")]),
        ("Aiven, newer", [
            ("POSTGRESQL_HOST", "pg.aivencloud.com"), ("POSTGRESQL_PORT", "12345"), ("POSTGRESQL_DATABASE", "defaultdb"), ("POSTGRESQL_USER", "avnadmin"),
            ("POSTGRESQL_PASSWORD", "pw"), ("POSTGRESQL_SSLMODE", "require")]),
        ("movetokube", [("HOST", "db"), ("DATABASE_NAME", "inv"), ("ROLE", "inv-group"), ("LOGIN", "app"), ("PASSWORD", "pw"),
            ("POSTGRES_URL", "postgresql://…")]),
        ("the image of PostgreSQL", [("POSTGRES_HOST", "db"), ("POSTGRES_DB", "inv"), ("POSTGRES_USER", "app"), ("POSTGRES_PASSWORD", "pw")]),
        ("two users", [.. Single, ("user", "other")]),
        ("two databases", [.. Single, ("database", "other")]),
        ("connection string and sslmode", [("uri", Uri), ("sslmode", "verify-full")]),
        ("connection string that agrees", [("uri", Uri + "?sslmode=require"), ("sslmode", "require"), ("dbname", "inv")]),
        ("connection string that contradicts sslmode", [("uri", Uri + "?sslmode=disable"), ("sslmode", "verify-full")]),
        ("connection string that contradicts dbname", [("uri", Uri), ("dbname", "other")]),
        ("connection string without login", [("uri", "postgresql://db/"), ("dbname", "inv"), ("username", "app"), ("password", "pw")]),
        ("connection string and another port", [("uri", "postgresql://app:pw@db/inv"), ("port", "6432")]),
        ("connection string and schema", [("uri", Uri), ("schema", "public")]),
        ("nothing", []),
        ("a connection string under another key", [("postgres-url", Uri), ("other", "x")]),
    ];

    [Fact]
    public void Every_key_that_is_a_parameter_is_used_or_refused_by_name()
    {
        var text = new StringBuilder();
        foreach (var (title, data) in Secrets)
            text.Append("# ").Append(title).Append('\n').Append(Describe(PostgresSecret.Read(Secret(data), None))).Append("\n\n");
        Golden.Verify(text.ToString(), "connections/postgres-keys.txt");
    }

    [Theory]
    [InlineData("sslmode", "Require")]
    [InlineData("SSLMODE", "Require")]
    [InlineData("sslMode", "Require")]
    [InlineData("SSL_MODE", "Require")]
    [InlineData("ssl-mode", "Require")]
    [InlineData("ssl.mode", "Require")]
    [InlineData("PGSSLMODE", "Require")]
    [InlineData("POSTGRES_SSL_MODE", "Require")]
    [InlineData("DB_SSLMODE", "Require")]
    [InlineData("sslmodes", "Prefer")]
    public void A_key_is_recognised_in_any_spelling(string key, string expected) =>
        Assert.Equal(expected, PostgresSecret.Read(Secret([.. Single, (key, "require")]), None).Map(it => it.SslMode.ToString()).IfLeft("refused"));

    [Fact]
    public void The_key_of_databaseRef_is_read_instead_of_the_well_known_ones()
    {
        var secret = Secret(("uri", "postgresql://x:y@z/w"), ("DATABASE_URI", Uri), ("dbname", "other"), ("schema", "x"), ("empty", " "));
        Assert.Equal("db:5432|inv|app|pw|Prefer", Describe(PostgresSecret.Read(secret, None, "DATABASE_URI")));
        Assert.Equal(
            "Secret kollect-system/inventory-postgres-dsn: the key nope, which databaseRef.key names, is missing; "
                + "it has DATABASE_URI, dbname, empty, schema, uri",
            Describe(PostgresSecret.Read(secret, None, "nope")));
        Assert.Contains("is empty; it has", Describe(PostgresSecret.Read(secret, None, "empty")), StringComparison.Ordinal);
        var binary = secret with { NotText = HashMap(("keystore", "is not UTF-8 text; store the text itself, as UTF-8")) };
        Assert.Contains("key keystore: is not UTF-8 text", Describe(PostgresSecret.Read(binary, None, "keystore")), StringComparison.Ordinal);
    }

    /// <summary>What a Secret demands of TLS holds beside a chosen key, too.</summary>
    [Fact]
    public void A_chosen_connection_string_is_completed_by_sslmode_and_must_not_contradict_it()
    {
        Assert.Equal("db:5432|inv|app|pw|VerifyFull", Describe(PostgresSecret.Read(Secret(("x", Uri), ("sslmode", "verify-full")), None, "x")));
        Assert.Contains(
            "key sslmode: contradicts the connection string under the key x",
            Describe(PostgresSecret.Read(Secret(("x", Uri + "?sslmode=disable"), ("sslmode", "verify-full")), None, "x")),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Every_value_under_such_a_key_is_masked()
    {
        var secret = Secret(
            ("PGHOST", "host-x"), ("DATABASE_NAME", "db-x"), ("LOGIN", "user-x"), ("DB_PASS", "pass-x"), ("my-uri", "postgresql://u-x:p-x@h-x/d-x"));
        var parts = PostgresSecret.Parts(secret, "my-uri");
        var scrubbed = Redactor.For(parts).Scrub("host-x db-x user-x pass-x u-x p-x h-x d-x");
        Assert.Equal("*** *** *** *** *** *** *** ***", scrubbed);
    }

    private static string Describe(Either<Seq<ConnectionProblem>, PostgresConnection> read) => read.Match(
        c => $"{string.Join(',', c.Hosts.Map(h => $"{h.Host.Reveal()}:{h.Port}"))}|{Text(c.Database)}|{Text(c.User)}|{Text(c.Password)}|{c.SslMode}"
            + string.Concat(c.ConnectTimeoutSeconds.Map(seconds => $"|{seconds} s"))
            + (c.ChannelBinding == ChannelBinding.Prefer ? "" : $"|{c.ChannelBinding}")
            + string.Concat(c.Parameters.AsEnumerable().Select(it => $"|{it.Key}={it.Value.Reveal()}")),
        problems => string.Join('\n', problems));

    private static string Text(Option<SecretText> text) => text.Match(it => it.Reveal(), () => "");
}
