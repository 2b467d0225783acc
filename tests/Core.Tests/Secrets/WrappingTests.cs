using System.Text;
using Kollect.Core.Backends;
using Kollect.Core.Backends.BigQuery;
using Kollect.Core.Backends.MongoDb.Connections;
using Kollect.Core.Backends.Postgres.Connections;
using Kollect.Core.Secrets;
using static Kollect.Core.Tests.Secrets.Some;

namespace Kollect.Core.Tests.Secrets;

/// <summary>What people put around a value on its way into a Secret is named with its remedy, and no part of the value is shown.</summary>
public sealed class WrappingTests
{
    private const string Url = "postgresql://app:pass-of-secret@db-of-secret:5432/inv-of-secret";
    private const string Uri = "mongodb://app:pass-of-secret@db-of-secret:27017/?replicaSet=rs0";
    private const string Key = """{"type":"service_account","client_email":"mail-of-secret","private_key":"key-of-secret","token_uri":"https://of-secret"}""";

    private static readonly string[] Postgres =
    [
        $"\"{Url}\"", $"'{Url}'", $"`{Url}`", $"“{Url}”", $"„{Url}“", $"«{Url}»", $"\"{Url}", $"{Url}\"",
        $"psql '{Url}'", $"psql \"{Url}\" -c 'select 1'",
        $"$ psql {Url}", $"pg_dump {Url}", $"export DATABASE_URL={Url}", $"DATABASE_URL={Url}", $"DATABASE_URL=\"{Url}\"", $"database_url: {Url}",
        $"$env:DATABASE_URL = '{Url}'", $"set DATABASE_URL={Url}", $"# production\nDATABASE_URL={Url}\nPOOL=5",
        "POSTGRES_HOST=db-of-secret\nPOSTGRES_USER=of-secret",
        $$"""{"host":"db-of-secret","password":"pass-of-secret"}""", $"[\"{Url}\"]", "host: db-of-secret\nport: 5432", "---\nhost: db-of-secret",
        "jdbc:postgresql://db-of-secret:5432/inv?user=app", "r2dbc:postgresql://db-of-secret/inv", $"postgresql+asyncpg{Url[10..]}",
        $"postgres+psycopg2{Url[10..]}",
        $"postgresql:{Url[13..]}", $"cockroachdb{Url[10..]}", $"mysql{Url[10..]}", Uri, $"mongodb+srv{Uri[7..]}", "prisma://of-secret", "https://db-of-secret",
        "${DATABASE_URL}", "$(DATABASE_URL)", "{{ .Values.dsn }}", "<connection-string>", "$DATABASE_URL", "vault:secret/data/of-secret#dsn",
        "op://of-secret/dsn",
        "postgresql://app:<password>@db:5432/inv", "postgresql://<user>:pass-of-secret@db/inv", "postgresql://app:pass-of-secret@<host>/inv",
        "postgresql://app:${PASSWORD}@db/inv", "postgresql://app:[YOUR-PASSWORD]@db:5432/postgres", "host=db user=app dbname=inv password=$DB_PASSWORD",
        $"\uFEFF{Url}", Twice(Url), Wrapped(Twice(Url)), Twice("host=db-of-secret user=app"), Utf16(Url), "-----BEGIN CERTIFICATE-----\nof-secret",
        $"{Url[..40]}\n{Url[40..]}", "<add connectionString=\"Host=db-of-secret\" />",
    ];

    private static readonly string[] MongoDb =
    [
        $"\"{Uri}\"", $"'{Uri}'", $"“{Uri}”", $"mongosh \"{Uri}\"", $"mongo {Uri}", $"export MONGODB_URI='{Uri}'", $"MONGODB_URI={Uri}", Url, Twice(Uri),
        "mongodb+srv://app:<db_password>@cluster0.of-secret.mongodb.net/", "mongodb://${HOST}:27017/", "mongodb://app:pass-of-secret@<host>/", Utf16(Uri),
        "{\"uri\":\"of-secret\"}", "MongoDB://db-of-secret", "http://db-of-secret:27017", "db-of-secret:27017",
    ];

    private static readonly string[] BigQuery =
    [
        $"'{Key}'", Twice(Key), "/secrets/of-secret/key.json", "credentials-of-secret.json", $"GOOGLE_APPLICATION_CREDENTIALS_JSON={Key}", $"\uFEFF{Key}",
        Utf16(Key),
        "type: service_account\nproject_id: of-secret", "${GOOGLE_CREDENTIALS}", "-----BEGIN PRIVATE KEY-----\nof-secret",
    ];

    [Fact]
    public void A_wrapped_value_is_named_with_its_remedy()
    {
        var text = new StringBuilder();
        Show("PostgreSQL, key dsn", Postgres, value => Verdict(PostgresSecret.Read(Value("dsn", value), None)));
        Show("MongoDB, key uri", MongoDb, value => Verdict(MongoDbSecret.Read(Value("uri", value), None)));
        Show("BigQuery, key credentials.json", BigQuery, value => Verdict(BigQuerySecret.Read(Value("credentials.json", value))));
        Golden.Verify(text.ToString(), "connections/wrapped.txt");

        void Show(string title, string[] values, Func<string, string> verdict)
        {
            text.Append("# ").Append(title).Append("\n\n");
            foreach (var value in values)
            {
                var said = verdict(value);
                Assert.DoesNotContain("of-secret", said, StringComparison.Ordinal);
                text.Append(Printable(value)).Append("\n    -> ").Append(said).Append('\n');
            }

            text.Append('\n');
        }
    }

    [Theory]
    [InlineData("host", "\"db\"")]
    [InlineData("host", "“db”")]
    [InlineData("host", "${DB_HOST}")]
    [InlineData("host", "REItT0YtU0VDUkVU")]
    [InlineData("port", "NTQzMg==")]
    [InlineData("port", "'5432'")]
    [InlineData("username", "'app'")]
    [InlineData("username", "app ")]
    [InlineData("dbname", "<database>")]
    [InlineData("dbname", "\uFEFFinv")]
    [InlineData("password", "${DB_PASSWORD}")]
    [InlineData("sslmode", "\"require\"")]
    public void A_wrapped_single_value_is_refused_under_its_key(string key, string value)
    {
        (string Key, string Value)[] good = [("host", "db"), ("port", "5432"), ("dbname", "inv"), ("username", "app"), ("password", "pw")];
        var secret = Secret([.. good.Where(it => it.Key != key), (key, value)]);
        var problem = Assert.Single(PostgresSecret.Read(secret, None).LeftToSeq().Bind(problems => problems));
        Assert.Equal(Some(key), problem.Key);
        Assert.DoesNotContain(value, problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_password_may_stand_in_quotes_and_a_line_break_behind_a_value_is_removed()
    {
        var secret = Secret(("host", " db\n"), ("port", " 5432\r\n"), ("dbname", "inv\n"), ("username", "app\n"), ("password", "\"p\"\n"));
        var connection = PostgresSecret.Read(secret, None).IfLeft(problems => throw new InvalidOperationException(string.Join('\n', problems)));
        Assert.Equal(("db", 5432), (connection.Hosts[0].Host.Reveal(), connection.Hosts[0].Port));
        Assert.Equal("\"p\"", connection.Password.Map(it => it.Reveal()));
        Assert.Equal("inv", connection.Database.Map(it => it.Reveal()));
    }

    [Fact]
    public void Bytes_that_are_no_UTF8_are_told_apart()
    {
        foreach (var encoding in new[] { Encoding.Unicode, Encoding.BigEndianUnicode })
        {
            Assert.Contains("UTF-16", SecretEncoding.Read(encoding.GetBytes(Url)).LeftToSeq().Head, StringComparison.Ordinal);
            Assert.Contains("UTF-16", SecretEncoding.Read([.. encoding.GetPreamble(), .. encoding.GetBytes(Url)]).LeftToSeq().Head, StringComparison.Ordinal);
        }

        Assert.Contains("not UTF-8", SecretEncoding.Read([0xC3, 0x28, 0x80]).LeftToSeq().Head, StringComparison.Ordinal);
        Assert.Equal(Some("é漢😀"), SecretEncoding.Read(Encoding.UTF8.GetBytes("é漢😀")).ToOption());
        Assert.Equal(Some(""), SecretEncoding.Read([]).ToOption());
    }

    private static SecretData Value(string key, string value) => value.StartsWith("utf-16:", StringComparison.Ordinal)
        ? Secret() with { NotText = HashMap((key, SecretEncoding.Read(Encoding.Unicode.GetBytes(value[7..])).LeftToSeq().Head)) }
        : Secret((key, value + "\n"));

    private static string Utf16(string value) => "utf-16:" + value;

    private static string Twice(string value) => Convert.ToBase64String(Encoding.UTF8.GetBytes(value));

    private static string Wrapped(string base64) => base64[..76] + "\n" + base64[76..];

    private static string Printable(string value) =>
        value.Replace("\n", "\\n", StringComparison.Ordinal).Replace("\uFEFF", "\\uFEFF", StringComparison.Ordinal);

    private static string Verdict<T>(Either<Seq<ConnectionProblem>, T> read) =>
        read.Match(_ => "accepted", problems => string.Join("; ", problems.Map(problem => problem.Message)));
}
