using System.Text;
using Kollect.Core.Backends.MongoDb.Connections;
using Kollect.Core.Backends.Postgres.Connections;
using static Kollect.Core.Tests.Secrets.Some;

namespace Kollect.Core.Tests.Backends;

/// <summary>A host with or without a port is read once, in Core, so that no driver stumbles over it.</summary>
public sealed class HostAddressTests
{
    private static readonly string[] Hosts =
    [
        "db", "db.example.org", "db.example.org.", "db_1", "dé", "127.0.0.1", "db:5433", "127.0.0.1:5433", "::1", "[::1]", "[::1]:5433", "fe80::1%eth0",
        "/run/postgresql", "/cloudsql/project:region:instance", "@abstract", "a,b", "a:5433,b", "a:5433,[::1]:5434", "db:", "db:abc", "db:0", "db:65535",
        "db:65536", "db:-1", "db:+5433", "db:5433 ", "db: 5433", "db:0x1538", "db:5433:5434", ":5433", ":", "[]", "[::1", "[db]:5433", "[::1]5433", "[::1]:",
        "::1:5433:x", "a,,b", "a b", "db/inv", "app@db", "postgres://db", "tcp://db:5432", "db?x", "db#x", "db;x", "a..b", new string('a', 64),
        new string('a', 300),
        "/", "@", "db\t", "d\u00A0b",
    ];

    [Fact]
    public void Every_spelling_of_a_host_has_a_verdict()
    {
        var text = new StringBuilder();
        foreach (var host in Hosts)
            text.Append(host.Length > 50 ? $"{host.Length} characters" : host.Replace("\t", "\\t", StringComparison.Ordinal)).Append('\n')
                .Append("    PostgreSQL, key:   ").Append(Postgres(("host", host))).Append('\n')
                .Append("    PostgreSQL, value: ").Append(OfValue($"host='{host}' user=app dbname=inv")).Append('\n')
                .Append("    MongoDB, key:      ").Append(MongoDb(("host", host))).Append('\n')
                .Append("    MongoDB, uri:      ").Append(MongoDb(("uri", $"mongodb://{host}/"))).Append('\n');
        Golden.Verify(text.ToString(), "connections/hosts.txt");
    }

    [Theory]
    [InlineData("5432", "5432")]
    [InlineData("5432\n", "5432")]
    [InlineData(" 5432 ", "5432")]
    [InlineData("+5432", "5432")]
    [InlineData("0005432", "5432")]
    [InlineData("1", "1")]
    [InlineData("65535", "65535")]
    [InlineData("0", "refused")]
    [InlineData("65536", "refused")]
    [InlineData("-5432", "refused")]
    [InlineData("0x1538", "refused")]
    [InlineData("5432.0", "refused")]
    [InlineData("5,432", "refused")]
    [InlineData("5_432", "refused")]
    [InlineData("٥٤٣٢", "refused")]
    [InlineData("99999999999999999999", "refused")]
    [InlineData("tcp://10.0.0.1:5432", "refused")]
    public void A_port_is_read_as_libpq_reads_it(string port, string expected)
    {
        Assert.Equal(expected, PortOf(("host", "db"), ("port", port), ("username", "app"), ("dbname", "inv")));
        Assert.Equal(expected, PortOf(("dsn", $"host=db port='{port}' user=app dbname=inv")));
        Assert.Equal(expected, PortOf(("dsn", $"Host=db;Port={port.Trim()};Username=app;Database=inv")));
        Assert.Equal(expected, PortOf(("dsn", $"postgresql://app@db/inv?port={Uri.EscapeDataString(port)}")));
    }

    [Theory]
    [InlineData("db:5433", "5433", "db:5433")]
    [InlineData("db:5433", "5434", "refused")]
    [InlineData("a:5433,b", "5434", "refused")]
    [InlineData("a:1,b:2", "", "a:1,b:2")]
    [InlineData("a,b", "5434", "a:5434,b:5434")]
    [InlineData("[::1]:5433", "5433", "::1:5433")]
    public void A_port_behind_the_host_must_agree_with_the_port(string host, string port, string expected)
    {
        Assert.Equal(expected, Addresses(("host", host), ("port", port), ("username", "app"), ("dbname", "inv")));
        Assert.Equal(expected, Addresses(("dsn", $"host={host} port='{port}' user=app dbname=inv")));
    }

    /// <summary>Npgsql: ports within Host overrule Port.</summary>
    [Fact]
    public void In_the_form_of_Npgsql_the_port_is_that_of_the_hosts_without_one() =>
        Assert.Equal("a:1,b:7", Addresses(("dsn", "Host=a:1,b;Port=7;Username=app;Database=inv")));

    [Theory]
    [InlineData("postgres:///inv?host=/run/postgresql&user=app")]
    [InlineData("postgres://app@%2Frun%2Fpostgresql/inv")]
    [InlineData("postgres://%2Frun%2Fpostgresql/inv?user=app&port=5432")]
    [InlineData("host=/run/postgresql user=app dbname=inv")]
    [InlineData("Host=/run/postgresql;Username=app;Database=inv")]
    public void A_unix_socket_is_its_folder_and_port_in_every_form(string dsn)
    {
        var connection = PostgresSecret.Read(Secret(("dsn", dsn)), None).IfLeft(problems => throw new InvalidOperationException(string.Join('\n', problems)));
        Assert.True(connection.Hosts[0].IsSocket);
        Assert.Equal("/run/postgresql/.s.PGSQL.5432", connection.Hosts[0].ToText());
    }

    private static string Postgres((string, string) host) => Show(Addresses(host, ("username", "app"), ("dbname", "inv")), host);

    private static string OfValue(string dsn) => Show(Addresses(("dsn", dsn)), ("dsn", dsn));

    private static string Show(string addresses, (string, string) data) => addresses == "refused"
        ? string.Join("; ", PostgresSecret.Read(data.Item1 == "dsn" ? Secret(data) : Secret(data, ("username", "app"), ("dbname", "inv")), None)
            .LeftToSeq().Bind(problems => problems).Map(problem => problem.Message))
        : addresses;

    private static string MongoDb((string, string) data) => MongoDbSecret.Read(Secret(data), None)
        .Match(uri => uri.Text.Reveal(), problems => string.Join("; ", problems.Map(problem => problem.Message)));

    private static string PortOf(params (string, string)[] data) => Addresses(data).Replace("db:", "", StringComparison.Ordinal);

    private static string Addresses(params (string, string)[] data) => PostgresSecret.Read(Secret(data), None)
        .Match(it => string.Join(',', it.Hosts.Map(host => FormattableString.Invariant($"{host.Host.Reveal()}:{host.Port}"))), _ => "refused");
}
