using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using static Kollect.Shell.Tests.Program.Kollect;

namespace Kollect.Shell.Tests.Program;

/// <summary>What users put into Secrets, given to the program: it connects, or says in one line which key is wrong and what to do.</summary>
public sealed class ConnectionTests
{
    private const string Password = "pass-of-secret";

    /// <summary>provider-upjet-aws#778: an address with its port under <c>host</c>.</summary>
    [Fact]
    public async Task A_host_with_its_port_is_split()
    {
        var (database, url) = await DatabaseAsync();
        var single = Single(database, url);
        Assert.Equal(0, (await ProbeAsync(Postgres, [.. single, ("host", $"{url.Host}:{url.Port}")])).ExitCode);
        Assert.Equal(0, (await ProbeAsync(Postgres, [.. single, ("host", $"{url.Host}:{url.Port}"), ("port", Port(url))])).ExitCode);
        await RefusedAsync("key host: has another port behind the colon", Postgres, [.. single, ("host", $"{url.Host}:{url.Port}"), ("port", "1")]);
    }

    /// <summary>PostHog#91355: these ended in a stack trace.</summary>
    [Theory]
    [InlineData("db:", "key host: has a colon and no port behind it")]
    [InlineData("db:abc", "key host: has no port behind the colon: it must be a whole number, 1..65535")]
    [InlineData("db:65536", "key host: has no port behind the colon")]
    [InlineData(":5432", "key host: has a colon and no name before it")]
    [InlineData("[::1]:", "key host: has a colon and no port behind it")]
    [InlineData("db..example", "key host: is no name of a host")]
    [InlineData("postgres://db", "key host: is a URL")]
    public Task A_host_that_is_none_is_refused_in_one_line(string host, string expected) =>
        RefusedAsync(expected, Postgres, [("host", host), ("port", "5432"), ("dbname", "inv"), ("username", "app"), ("password", Password)]);

    /// <summary>keycloak-documentation#1299: <c>sslmode</c> beside host and user was not read, and the connection was not encrypted.</summary>
    [Theory]
    [InlineData("sslmode", "verify-full")]
    [InlineData("sslmode", "require")]
    [InlineData("PGSSLMODE", "verify-ca")]
    [InlineData("ssl", "true")]
    public async Task The_Secret_s_sslmode_holds(string key, string value)
    {
        var (database, url) = await DatabaseAsync();
        if (await database.ScalarAsync<string>("SHOW ssl") == "on")
            GivenServer.Postgres.RequireNone("a server without TLS");
        await RefusedAsync("the TLS handshake failed", Postgres, [.. Single(database, url), ("host", url.Host), ("port", Port(url)), (key, value)]);
        await RefusedAsync("the TLS handshake failed", Postgres, [("uri", database.Url()), (key, value)]);
    }

    /// <summary>aws-cdk#24728: a Secret without a database led to the one of the user's name.</summary>
    [Fact]
    public async Task A_database_is_read_under_any_of_its_names_and_never_guessed()
    {
        var (database, url) = await DatabaseAsync();
        (string, string)[] login = [("host", url.Host), ("port", Port(url)), ("username", url.UserName), ("password", url.Password)];
        foreach (var key in new[] { "dbname", "database", "db", "dbName", "DATABASE_NAME", "PGDATABASE", "POSTGRES_DB" })
            Assert.Equal(0, (await ProbeAsync(Postgres, [.. login, (key, database.Name)])).ExitCode);
        await RefusedAsync("names no database", Postgres, login);
        await RefusedAsync("names no database", Postgres, [("dsn", $"postgresql://{url.UserName}:{Password}@{url.Host}:{url.Port}/")]);
        await RefusedAsync("names no database", Postgres, [("dsn", $"Host={url.Host};Username={url.UserName};Password={Password}")]);
        await RefusedAsync("database no-such-database, user", Postgres, [.. login, ("db", "no-such-database")]);
    }

    /// <summary>neon#6291: what stands in the connection string was looked for in <c>spec.options</c>.</summary>
    [Theory]
    [InlineData("options=-c%20DateStyle%3Dabc-of-secret", "correct the value in options in Secret default/db, key dsn")]
    [InlineData("options=-c%20statement_timeout%3Dabc-of-secret", "key dsn: sets statement_timeout, which is out of range: a number from 0 to 2,147,483,647")]
    [InlineData("options=-c%20no_such_parameter%3D1", "correct the name of the parameter in options in Secret default/db, key dsn")]
    [InlineData("DateStyle=abc-of-secret", "correct the value in options in Secret default/db, key dsn")]
    [InlineData("statement_timeout=abc-of-secret", "key dsn: sets statement_timeout, which is out of range: a number from 0 to 2,147,483,647")]
    [InlineData("options=--cluster%3Dfree-1", "key dsn: options (character ")]
    [InlineData("options=endpoint%3Dep-of-secret", "key dsn: options (character ")]
    [InlineData("pool_max_conns=10", "key dsn: pool_max_conns (character ")]
    [InlineData("schema=public&pgbouncer=true", "key dsn: schema (character ")]
    [InlineData("sslMode=require", "write sslmode")]
    public async Task A_parameter_is_named_with_the_key_of_its_Secret(string parameter, string expected)
    {
        var database = await PostgresServer.CreateDatabaseAsync();
        var said = await RefusedAsync(expected, Postgres, [("dsn", database.Url(parameters: parameter))]);
        Assert.DoesNotContain("spec.options", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_setting_of_pgx_is_set_and_that_of_the_sink_is_named_as_such()
    {
        var database = await PostgresServer.CreateDatabaseAsync();
        Assert.Equal(0, (await ProbeAsync(Postgres, [("dsn", database.Url(parameters: "statement_timeout=5s&ApplicationName=x"))])).ExitCode);
        var refused = await ProbeAsync(With(Postgres, "options: {statement_timeout: abc}"), [("dsn", database.Url())]);
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("KDB045 spec.options[statement_timeout]: \"abc\" is out of range: a number from 0 ", refused.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("dsn", "postgresql://app:pass-of-secret@/inv", "names no host")]
    [InlineData("dsn", "\"postgresql://app:pass-of-secret@db/inv\"", "key dsn: stands in double quotes")]
    [InlineData("DATABASE_URI", "postgresql://app:pass-of-secret@db/inv", "holds a connection string: set databaseRef.key to it")]
    public async Task Validate_says_of_a_Secret_beside_the_sink_what_plan_says(string key, string value, string expected)
    {
        using var folder = new TemporaryFolder();
        var sink = folder.Write("sink.yaml", "# the first line\n" + Postgres);
        var secret = folder.Write("secret.json", SecretOf([(key, value)]));
        var validated = await RunAsync(["validate", "-f", sink, "-f", secret]);
        Assert.Equal(1, validated.ExitCode);
        Assert.StartsWith($"error   {sink}:2: secret: Secret default/db", validated.Output, StringComparison.Ordinal);
        Assert.Contains(expected, validated.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("of-secret", validated.Output, StringComparison.Ordinal);
        var planned = await RunAsync(["plan", "-f", sink, "-f", secret]);
        Assert.Equal(planned.Output.Replace("default/s: ", $"error   {sink}:2: ", StringComparison.Ordinal), validated.Output.Split('\n')[0] + "\n");

        Assert.Equal(0, (await RunAsync(["validate", "-f", sink])).ExitCode);
        folder.Write("secret.json", SecretOf([("dsn", "postgresql://app:pass-of-secret@db.invalid/inv")]));
        Assert.Equal(0, (await RunAsync(["validate", "-f", sink, "-f", secret])).ExitCode);
    }

    /// <summary>connect-helm-charts#202, vaultwarden#1910, sealed-secrets#1410.</summary>
    [Theory]
    [InlineData("\"{0}\"", "key dsn: stands in double quotes")]
    [InlineData("psql '{0}'", "key dsn: is a whole command")]
    [InlineData("DATABASE_URL={0}", "key dsn: is an assignment")]
    public async Task A_wrapped_connection_string_is_named(string wrapping, string expected)
    {
        var database = await PostgresServer.CreateDatabaseAsync();
        await RefusedAsync(expected, Postgres, [("dsn", string.Format(CultureInfo.InvariantCulture, wrapping, database.Url()))]);
    }

    [Theory]
    [InlineData("utf-16")]
    [InlineData("utf-16BE")]
    public async Task A_value_in_UTF16_is_named(string encoding)
    {
        var written = Encoding.GetEncoding(encoding);
        using var folder = new TemporaryFolder();
        foreach (var bytes in new[] { written.GetBytes("postgresql://a:b@c/d"), [.. written.GetPreamble(), .. written.GetBytes("postgresql://a:b@c/d")] })
        {
            folder.Write("secret.json", JsonSerializer.Serialize(
                new { apiVersion = "v1", kind = "Secret", metadata = new { name = "db" }, data = new { dsn = Convert.ToBase64String(bytes) } }));
            var result = await RunAsync(["probe", "-f", folder.Write("sink.yaml", Postgres), "-f", folder.At("secret.json")]);
            Assert.Equal(1, result.ExitCode);
            Assert.StartsWith("default/s: secret: Secret default/db, key dsn: is UTF-16 text", result.Output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task DatabaseRef_key_names_any_key_of_the_Secret()
    {
        var database = await PostgresServer.CreateDatabaseAsync();
        var sink = Postgres.Replace("{name: db}", "{name: db, key: DATABASE_URI}", StringComparison.Ordinal);
        Assert.Equal(0, (await ProbeAsync(sink, [("DATABASE_URI", database.Url()), ("uri", "postgresql://x:y@z/w")])).ExitCode);
        await RefusedAsync("the key DATABASE_URI, which databaseRef.key names, is missing; it has other, uri", sink, [("uri", "x"), ("other", "y")]);
        await RefusedAsync("of which DATABASE_URI holds a connection string: set databaseRef.key to it", Postgres, [("DATABASE_URI", database.Url())]);

        await using var server = await MongoDbServer.StartAsync();
        var mongo = MongoDb.Replace("{name: db}", "{name: db, key: connectionString.standard}", StringComparison.Ordinal);
        Assert.Equal(0, (await ProbeAsync(mongo, [("connectionString.standard", server.Uri)])).ExitCode);
        await RefusedAsync("of which connectionString.standard holds", MongoDb, [("connectionString.standard", server.Uri), ("username", "x")]);
    }

    /// <summary>percona-backup-mongodb#941, mongo-ruby-driver#3064, mgo#270: judged by what the driver reads, and named with its place.</summary>
    [Theory]
    [InlineData("w=00", "key uri: w is 0, so rows would be lost")]
    [InlineData("w=1&w=%2B0", "key uri: w is 0, so rows would be lost")]
    [InlineData("tls=0", "key uri: MongoDB's driver cannot read the value of tls")]
    [InlineData("ssl=no", "key uri: MongoDB's driver cannot read the value of ssl")]
    [InlineData("tlsInsecure=false", "key uri: tlsinsecure (character ")]
    [InlineData("w=majority&wtimeout=5000", "key uri: wtimeout (character ")]
    [InlineData("maxPoolSize=0", "key uri: maxPoolSize is 0")]
    public async Task An_option_of_MongoDB_is_judged_as_the_driver_reads_it(string query, string expected) => await RefusedAsync(
        expected, MongoDb, [("uri", $"mongodb://app:{Password}@127.0.0.1:1/?{query}")]);

    [Theory]
    [InlineData("tls", "0", "key tls: MongoDB's driver cannot read the value of tls")]
    [InlineData("tls-insecure", "true", "key tls-insecure: is refused")]
    [InlineData("MONGODB_REPLICASET", "", "no answer|refused")]
    [InlineData("sslmode", "require", "key sslmode: is refused: it is a parameter of PostgreSQL")]
    public async Task A_key_of_MongoDB_s_Secret_that_is_an_option_is_used_or_refused(string key, string value, string expected)
    {
        var result = await ProbeAsync(MongoDb, [("host", "127.0.0.1"), ("port", "1"), ("username", "app"), ("password", Password), (key, value)]);
        Assert.Matches(expected.Replace("(", "\\(", StringComparison.Ordinal), result.Output);
        Assert.DoesNotContain(Password, result.Output, StringComparison.Ordinal);
    }

    /// <summary>The user of the command line owns the Secret, and only the password is hidden.</summary>
    [Fact]
    public async Task A_failed_connection_names_host_port_database_and_user()
    {
        var database = await PostgresServer.CreateDatabaseAsync();
        var url = new Npgsql.NpgsqlConnectionStringBuilder(database.ConnectionString());
        var result = await ProbeAsync(Postgres, [("dsn", database.Url(password: Password))]);
        Assert.StartsWith(
            $"default/s: connect: {url.Host}:{url.Port}, database {database.Name}, user {url.Username}: password authentication failed for user "
                + $"\"{url.Username}\" (28P01)",
            result.Output,
            StringComparison.Ordinal);
        Assert.DoesNotContain(Password, result.Output, StringComparison.Ordinal);

        var nobody = await ProbeAsync(Postgres, [("dsn", $"postgresql://app:{Password}@127.0.0.1:1,[::1]:1/inv")]);
        Assert.StartsWith("default/s: connect: 127.0.0.1:1, [::1]:1, database inv, user app: the server refused", nobody.Output, StringComparison.Ordinal);
        var mongo = await ProbeAsync(
            With(MongoDb, "options: {serverSelectionTimeoutMS: '500'}"), [("uri", $"mongodb://app:{Password}@127.0.0.1:1/")]);
        Assert.StartsWith("default/s: connect: 127.0.0.1:1, user app: the server refused the connection", mongo.Output, StringComparison.Ordinal);
    }

    /// <summary>A host of which the password is a part would show it.</summary>
    [Theory]
    [InlineData("postgresql://app:localhost@localhost:1/inv")]
    [InlineData("host=127.0.0.1 user=app dbname=inv port=1 password=my host=localhost")]
    public async Task A_host_that_may_be_part_of_the_password_is_not_shown(string dsn)
    {
        var result = await ProbeAsync(Postgres, [("dsn", dsn)]);
        Assert.DoesNotContain("localhost", result.Output, StringComparison.Ordinal);
        Assert.StartsWith("default/s: connect: the server refused the connection", result.Output, StringComparison.Ordinal);
    }

    /// <summary>
    /// Each password is, or holds, a part of the address, in other spellings as well; nothing listens at these addresses. The other parts are shown as long
    /// as they say nothing of it.
    /// </summary>
    [Theory]
    [InlineData("127.0.0.1", "postgresql://app:127.0.0.1@127.0.0.1:59998/inv")]
    [InlineData("59998", "postgresql://app:59998@127.0.0.1:59998/inv")]
    [InlineData("localhost", "postgresql://app:%6C%6Fcalhost@localhost:59998/inv")]
    [InlineData("localhost", "postgresql://app:LOCALHOST@localhost:59998/inv")]
    [InlineData("localhost", "postgresql://app:my-localhost-2@localhost:59998/inv")]
    [InlineData("59998", "postgresql://app:s-59998-t@127.0.0.1:59998/inv")]
    [InlineData("nowhere.invalid", "postgresql://app:nowhere.invalid@nowhere.invalid:59998/inv")]
    [InlineData("someone", "postgresql://someone:someone@127.0.0.1:59998/inv")]
    [InlineData("warehouse", "postgresql://app:warehouse@127.0.0.1:59998/warehouse")]
    [InlineData("a", "postgresql://a:a@127.0.0.1:59998/inv")]
    [InlineData("1", "postgresql://app:1@127.0.0.1:1/inv")]
    [InlineData("localhost", "host=127.0.0.1,localhost port=59998 user=app password=localhost dbname=inv")]
    [InlineData("127.0.0.1", "mongodb://app:127.0.0.1@127.0.0.1:59998/")]
    [InlineData("59998", "mongodb://app:59998@127.0.0.1:59998/")]
    [InlineData("localhost", "mongodb://app:%6C%6Fcalhost@localhost:59998/")]
    [InlineData("localhost", "mongodb://app:my-localhost-2@localhost:59998/")]
    [InlineData("nowhere.invalid", "mongodb://app:nowhere.invalid@nowhere.invalid:59998/")]
    [InlineData("someone", "mongodb://someone:someone@127.0.0.1:59998/")]
    [InlineData("a", "mongodb://a:a@127.0.0.1:59998/")]
    public async Task A_password_that_is_a_part_of_the_address_is_not_shown(string password, string address)
    {
        var isMongo = address.StartsWith("mongodb:", StringComparison.Ordinal);
        var result = await ProbeAsync(
            isMongo ? With(MongoDb, "options: {serverSelectionTimeoutMS: '300'}") : Postgres, [(isMongo ? "uri" : "dsn", address)]);
        Assert.NotEqual(0, result.ExitCode);
        Assert.StartsWith("default/s: connect: ", result.Output, StringComparison.Ordinal);
        // One letter is a word of the message itself; as a name it stands behind its label, a colon or between quotes.
        Assert.DoesNotMatch(
            password.Length > 1 ? $@"(?i){Regex.Escape(password)}" : $"""(user|database) {password}\b|:{password}\b|["']{password}["']""",
            result.Output + result.Errors);
    }

    [Fact]
    public async Task A_password_that_is_the_user_s_name_is_not_shown_by_the_server_s_answer()
    {
        var (database, url) = await DatabaseAsync();
        var refused = await ProbeAsync(Postgres, [("dsn", $"postgresql://no-such-user:no-such-user@{url.Host}:{url.Port}/{database.Name}")]);
        Assert.Matches("password authentication failed|does not exist", refused.Output);
        Assert.DoesNotContain("no-such-user", refused.Output, StringComparison.Ordinal);

        await using var server = await MongoDbServer.StartAsync();
        var mongo = new UriBuilder(server.Uri) { UserName = "no-such-user", Password = "no-such-user", Path = "/", Query = "?authSource=admin" };
        var unknown = await ProbeAsync(MongoDb, [("uri", mongo.Uri.AbsoluteUri)]);
        Assert.Equal(1, unknown.ExitCode);
        Assert.DoesNotContain("no-such-user", unknown.Output, StringComparison.Ordinal);
    }

    /// <summary>The address of BigQuery stands in the manifest, but what a key holds is shown nowhere.</summary>
    [Theory]
    [InlineData("client_email", "127.0.0.1")]
    [InlineData("client_id", "59998")]
    [InlineData("private_key_id", "127.0.0.1:59998")]
    public async Task A_part_of_a_key_that_is_a_part_of_the_address_is_not_shown(string field, string value)
    {
        using var rsa = RSA.Create(2048);
        var key = new Dictionary<string, string>
        {
            ["type"] = "service_account",
            ["client_email"] = "exporter@acme.iam.gserviceaccount.com",
            ["private_key"] = rsa.ExportPkcs8PrivateKeyPem(),
            ["token_uri"] = "https://127.0.0.1:59998/token",
            [field] = value,
        };
        var result = await ProbeAsync(
            """
            apiVersion: kollect.dev/v1alpha1
            kind: KollectDatabaseSink
            metadata: {name: s, namespace: default}
            spec:
              type: bigquery
              cluster: c1
              endpoint: https://127.0.0.1:59998
              bigquery: {project: acme-prod, dataset: inv, table: items, secretRef: {name: db}}
            """,
            [("credentials.json", JsonSerializer.Serialize(key))]);
        Assert.NotEqual(0, result.ExitCode);
        Assert.StartsWith("default/s: connect: the server refused the connection", result.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(value, result.Output, StringComparison.Ordinal);
    }

    private const string Postgres = """
        apiVersion: kollect.dev/v1alpha1
        kind: KollectDatabaseSink
        metadata: {name: s, namespace: default}
        spec:
          type: postgres
          cluster: c1
          postgres: {databaseRef: {name: db}, table: items}
        """;

    private const string MongoDb = """
        apiVersion: kollect.dev/v1alpha1
        kind: KollectDatabaseSink
        metadata: {name: s, namespace: default}
        spec:
          type: mongodb
          cluster: c1
          mongodb: {databaseRef: {name: db}, database: inv, collection: items}
        """;

    private static string With(string sink, string line) => sink.Replace("cluster: c1", line, StringComparison.Ordinal);

    private sealed record Login(string Host, int Port, string UserName, string Password);

    private static async Task<(TestDatabase Database, Login Url)> DatabaseAsync()
    {
        var database = await PostgresServer.CreateDatabaseAsync();
        var it = new Npgsql.NpgsqlConnectionStringBuilder(database.ConnectionString());
        return (database, new Login(it.Host!, it.Port, it.Username!, it.Password ?? ""));
    }

    private static (string, string)[] Single(TestDatabase database, Login url) =>
        [("dbname", database.Name), ("username", url.UserName), ("password", url.Password)];

    private static string Port(Login url) => url.Port.ToString(CultureInfo.InvariantCulture);

    /// <summary>One line on standard output, exit 1, no stack trace, and nothing of the Secret.</summary>
    private static async Task<string> RefusedAsync(string expected, string sink, (string Key, string Value)[] secret)
    {
        var result = await ProbeAsync(sink, secret);
        Assert.Contains(expected, result.Output, StringComparison.Ordinal);
        Assert.Equal((1, "", 1), (result.ExitCode, result.Errors, result.Output.Count(c => c == '\n')));
        Assert.DoesNotContain("of-secret", result.Output, StringComparison.Ordinal);
        return result.Output;
    }

    private static async Task<Result> ProbeAsync(string sink, (string Key, string Value)[] secret)
    {
        using var folder = new TemporaryFolder();
        folder.Write("secret.json", SecretOf(secret));
        return await RunAsync(["probe", "-f", folder.Write("sink.yaml", sink), "-f", folder.At("secret.json")]);
    }

    private static string SecretOf((string Key, string Value)[] secret) => JsonSerializer.Serialize(
        new { apiVersion = "v1", kind = "Secret", metadata = new { name = "db" }, stringData = secret.ToDictionary(it => it.Key, it => it.Value) });
}
