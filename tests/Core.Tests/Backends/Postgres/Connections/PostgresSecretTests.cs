using FsCheck;
using FsCheck.Fluent;
using Kollect.Core.Backends;
using Kollect.Core.Backends.Postgres.Connections;
using Kollect.Core.Secrets;
using Npgsql;
using static Kollect.Core.Tests.Secrets.Some;

namespace Kollect.Core.Tests.Backends.Postgres.Connections;

public sealed class PostgresSecretTests
{
    [Theory]
    [InlineData("postgres://app:pw@db:6543/inv?sslmode=require", "db:6543|inv|app|pw|Require")]
    [InlineData("postgresql://u@db/d", "db:5432|d|u||Prefer")]
    [InlineData("postgresql://app@a:1,b,[::1]:3/inv", "a:1,b:5432,::1:3|inv|app||Prefer")]
    [InlineData("postgresql://a%40b:p%2Fw%3A@h%C3%A9/d%20b", "hé:5432|d b|a@b|p/w:|Prefer")]
    [InlineData("postgresql:///inv?host=%2Frun%2Fpostgresql&user=app", "/run/postgresql:5432|inv|app||Prefer")]
    [InlineData("postgresql://h/inv?ssl=true&user=u&password=p%26q", "h:5432|inv|u|p&q|Require")]
    [InlineData("postgresql://u@h1/inv?host=h2,h3&port=1,2", "h2:1,h3:2|inv|u||Prefer")]
    [InlineData("POSTGRES://u:@h:/d", "h:5432|d|u||Prefer")]
    [InlineData("postgresql://u@h/d?sslrootcert=system", "h:5432|d|u||VerifyFull")]
    [InlineData("host=db port=6543 dbname=inv user=app password=pw", "db:6543|inv|app|pw|Prefer")]
    [InlineData(@"host = db user='a b' dbname=d password='it\'s \\ ''it'''", @"db:5432|d|a b|it's \ 'it'|Prefer")]
    [InlineData(@"host=/tmp user=a\ b dbname=d password=x;y=z", "/tmp:5432|d|a b|x;y=z|Prefer")]
    [InlineData("host=a,b port=1,2 user=u dbname=d sslmode=verify-ca", "a:1,b:2|d|u||VerifyCa")]
    [InlineData("user=x password=abc; host=h dbname=d", "h:5432|d|x|abc;|Prefer")]
    [InlineData("Host=db;Port=6543;Database=inv;Username=app;Password=pw;SSL Mode=VerifyFull", "db:6543|inv|app|pw|VerifyFull")]
    [InlineData("Server=a:1,b,[::1]:3;Port=7;User Id=app;DB=d;Pwd=\"x;\"\"y\";", "a:1,b:7,::1:3|d|app|x;\"y|Prefer")]
    [InlineData("host=a;user=u;database=d;password=p q", "a:5432|d|u|p q|Prefer")]
    [InlineData("host=a;user=u;db=d", "a:5432|d|u||Prefer")]
    [InlineData("Host=a;User=u;Database=d", "a:5432|d|u||Prefer")]
    [InlineData("Host=db;Username=u;Database=d;Password='it''s';Pooling=true;Maximum Pool Size=9;Trust Server Certificate=true", "db:5432|d|u|it's|Prefer")]
    public void A_connection_string_is_read_in_all_three_forms(string dsn, string expected) =>
        Assert.Equal(expected, Describe(Read(("dsn", dsn))));

    [Fact]
    public void The_first_key_with_a_value_wins()
    {
        Assert.Equal("a:5432|d|u||Prefer", Describe(Read(("uri", "host=c"), ("url", "host=a user=u dbname=d"), ("DATABASE_URL", "host=b"))));
        Assert.Equal("c:5432|d|u||Prefer", Describe(Read(("uri", "host=c user=u dbname=d"), ("url", " \n"), ("dsn", ""))));
    }

    [Fact]
    public void CloudNativePG_and_service_binding_keys_are_read_one_by_one()
    {
        Assert.Equal(
            "db-rw:5432|app|app|pw|Prefer",
            Describe(Read(("host", "db-rw"), ("port", "5432"), ("dbname", "app"), ("user", "app"), ("password", "pw\n"))));
        Assert.Equal(
            "h:5432|inv|u|p|Prefer",
            Describe(Read(("host", "h\n"), ("database", "inv"), ("username", "u"), ("user", "u"), ("password", "p"))));
    }

    [Fact]
    public void Credentials_of_their_own_Secret_overrule_those_of_the_connection()
    {
        var read = PostgresSecret.Read(Secret(("dsn", "postgres://app:pw@db/inv")), Secret(("username", "other"), ("password", "secret")));
        Assert.Equal("db:5432|inv|other|secret|Prefer", Describe(read));
        Assert.Equal("db:5432|inv|app|new|Prefer", Describe(PostgresSecret.Read(Secret(("dsn", "postgres://app:pw@db/inv")), Secret(("password", "new")))));
    }

    [Fact]
    public void Options_of_the_connection_become_server_parameters()
    {
        var connection = Read(("dsn", @"host=h user=u dbname=d options='-c statement_timeout=5s --work-mem=64MB -cDateStyle=ISO,\\ MDY'"))
            .IfLeft(() => throw new InvalidOperationException());
        Assert.Equal(
            ["datestyle=ISO, MDY", "statement_timeout=5s", "work_mem=64MB"],
            connection.Parameters.AsEnumerable().Select(pair => $"{pair.Key}={pair.Value.Reveal()}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public void An_unusable_connection_string_is_refused_with_position_and_remedy_and_without_its_value()
    {
        string[] dsns =
        [
            "postgres://app:p@ss@db/inv",
            "postgres://app:p/ss@db/inv",
            "postgres://app:p%zzss@db/inv",
            "postgres://app:pw@[::1/inv",
            "postgres://app:pw@db/inv?sslcert=/etc/passwd&sslkey=/k&sslrootcert=/ca.crt",
            "postgres://app:pw@db/inv?sslmode=maybe&connect_timeout=soon&target_session_attrs=x",
            "postgres://app:pw@db:99999/inv",
            "postgres://app:pw@/inv",
            "postgres://app:pw@a:1,b:2,c/inv?port=1,2",
            "postgres://app@db/inv?options=-c%20role%3Dpostgres",
            "postgres://app@db/inv?options=endpoint%3Dx",
            "jdbc:postgresql://db/inv",
            "mysql://app:pw@db/inv",
            "host=db user=app dbname=inv password=my secret=x",
            "host=db user=app password='never closed",
            "host=db user=app nonsense",
            "host=db",
            "host=db user=app dbname=inv service=prod passfile=/root/.pgpass",
            "host=db user=app dbname=inv hostaddr=10.0.0.1 gssencmode=require client_encoding=latin1",
            "host=db user=app dbname=inv sslrootcert=system sslmode=require",
            "Host=db;User=app;Database=inv;Passfile=/root/.pgpass;SSL Certificate=/c;Command Timeout=3;Search Path=x",
            "Host=db;User=app;Password=\"a\"b",
            "",
        ];
        var text = string.Concat(dsns.Select(dsn => $"# {dsn}\n{Describe(Read(("dsn", dsn)))}\n\n"));
        var noCredentials = PostgresSecret.Read(Secret(("dsn", "host=h user=u dbname=d")), Secret(("token", "x")));
        var missing = $"# credentials without username and password\n{Describe(noCredentials)}\n\n"
            + $"# single keys with a bad port\n{Describe(Read(("host", "h"), ("port", "five"), ("user", "u"), ("dbname", "d")))}\n";
        Golden.Verify(text + missing, "connections/postgres-refused.txt");
    }

    /// <summary>The host is a name; user, password and database are any text.</summary>
    [Property(MaxTest = 500)]
    public Property Host_user_password_and_database_survive_every_form()
    {
        var host = Text.Where(text =>
            text.All(c => !char.IsWhiteSpace(c) && !"./\\?#@%=;,:&<>[]{}()|^\"'`".Contains(c)));
        var cases = from h in host from u in Text from p in Text from d in Text select (h, u, p, d);
        return Prop.ForAll(Arb.From(cases), given =>
        {
            var expected = (given.h, given.u, given.p, given.d);
            Assert.Equal(expected, Parts(Url(given)));
            Assert.Equal(expected, Parts(KeywordValue(given)));
            Assert.Equal(expected, Parts(KeyValue(given)));
            if (!new[] { given.u, given.p, given.d }.Any(value => value.EndsWith('\n')))
                Assert.Equal(expected, Parts(WrittenByNpgsql(given)));
        });
    }

    [Property(MaxTest = 2000)]
    public Property The_mapping_never_throws()
    {
        var prefix = Gen.Elements("", "postgres://", "postgresql://u:p@h/", "host=", "Host=a;", "host=h options='-c ", "postgres://h?");
        var cases = from start in prefix
                    from rest in Gen.OneOf(Text, ArbMap.Default.GeneratorFor<string>().Select(text => text ?? ""))
                    select start + rest;
        return Prop.ForAll(Arb.From(cases), text => Assert.NotEmpty(Describe(Read(("dsn", text)))));
    }

    [Property(MaxTest = 500)]
    public Property No_problem_shows_any_part_of_the_Secret()
    {
        var templates = Gen.Elements(
            "postgres://{0}:{1}@{2}:x/{3}", "postgres://{0}:{1}@{2}/{3}?{1}={0}", "postgres://{0}:{1}@@{2}/{3}",
            "host={2} user={0} password={1} {3}", "host={2} {1}='{0}'",
            "Host={2};Username={0};Password={1};{3}=x", "host={2} port={1}", "host={2} options='-c {1}'", "host={2} sslmode={0}", "{1}", "host='{0}");
        var cases = from t in templates from u in Password from p in Password from h in Password from d in Password select (t, u, p, h, d);
        return Prop.ForAll(Arb.From(cases), given =>
        {
            var secret = Secret(("dsn", string.Format(System.Globalization.CultureInfo.InvariantCulture, given.t, given.u, given.p, given.h, given.d)));
            var shown = Read(secret).Match(connection => connection.ToString(), problems => string.Join('\n', problems));
            foreach (var part in new[] { given.u, given.p, given.h, given.d })
                Assert.DoesNotContain(part, shown, StringComparison.OrdinalIgnoreCase);
        });
    }

    private static string Url((string h, string u, string p, string d) given) =>
        $"postgres://{Uri.EscapeDataString(given.u)}:{Uri.EscapeDataString(given.p)}@{Uri.EscapeDataString(given.h)}:1/{Uri.EscapeDataString(given.d)}";

    private static string KeywordValue((string h, string u, string p, string d) given) =>
        $"host={Quote(given.h)} port=1 user={Quote(given.u)} password={Quote(given.p)} dbname={Quote(given.d)}";

    private static string Quote(string value) =>
        "'" + value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal) + "'";

    private static string KeyValue((string h, string u, string p, string d) given) =>
        $"Host={Double(given.h)};Port=1;Username={Double(given.u)};Password={Double(given.p)};Database={Double(given.d)}";

    private static string Double(string value) => "\"" + value.Replace("\"", "\"\"", StringComparison.Ordinal) + "\"";

    /// <summary>A string with Npgsql's own quoting. Npgsql drops a line break at the end of a value.</summary>
    private static string WrittenByNpgsql((string h, string u, string p, string d) given) =>
        new NpgsqlConnectionStringBuilder { Host = given.h, Port = 1, Username = given.u, Password = given.p, Database = given.d }.ConnectionString;

    private static (string, string, string, string) Parts(string dsn) =>
        Read(("dsn", dsn)).Match(
            c => (c.Hosts[0].Host.Reveal(), Reveal(c.User), Reveal(c.Password), Reveal(c.Database)),
            problems => throw new Xunit.Sdk.XunitException($"{dsn}: {string.Join('\n', problems)}"));

    private static string Describe(Either<Seq<ConnectionProblem>, PostgresConnection> read) =>
        read.Match(
            c => $"{string.Join(',', c.Hosts.Map(h => $"{h.Host.Reveal()}:{h.Port}"))}|{Reveal(c.Database)}|{Reveal(c.User)}|{Reveal(c.Password)}|{c.SslMode}",
            problems => string.Join('\n', problems));

    private static string Reveal(Option<SecretText> text) => text.Match(secret => secret.Reveal(), () => "");

    private static Either<Seq<ConnectionProblem>, PostgresConnection> Read(params (string Key, string Value)[] data) => Read(Secret(data));

    private static Either<Seq<ConnectionProblem>, PostgresConnection> Read(SecretData secret) => PostgresSecret.Read(secret, None);
}
