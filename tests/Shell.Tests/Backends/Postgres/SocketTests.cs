using Kollect.Core.Backends;
using Kollect.Core.Backends.Postgres;
using Kollect.Core.Exports;
using Kollect.Core.Failures;
using Kollect.Core.Secrets;
using Kollect.Core.Sinks;
using Kollect.Models.V1Alpha1;
using Kollect.Shell.Backends.Dial;

namespace Kollect.Shell.Tests.Backends.Postgres;

/// <summary>A real server behind a unix socket (cloud-sql-proxy#1071, npgsql#3037), and several hosts.</summary>
public sealed class SocketTests
{
    private static readonly SecretRef Secret = new("default", "dsn");

    [Fact]
    public async Task A_unix_socket_connects_in_every_form_with_TLS_and_keepalive_asked_for_or_not()
    {
        await using var server = await PostgresServer.StartOwnAsync();
        var (folder, port, user, password) = (server.SocketFolder, server.Port, server.Superuser, server.Password);
        var closed = Uri.EscapeDataString(folder + "/nobody");
        foreach (var dsn in new[]
                 {
                     $"host={folder} port={port} dbname=postgres user={user} password={password}",
                     $"host={folder} port={port} dbname=postgres user={user} password={password} keepalives=1 keepalives_idle=5 sslmode=require",
                     $"postgres:///postgres?host={folder}&port={port}&user={user}&password={password}",
                     $"postgres://{user}:{password}@{Uri.EscapeDataString(folder)}:{port}/postgres",
                     $"postgres://{user}:{password}@{Uri.EscapeDataString(folder)}/postgres?port={port}&sslmode=verify-full",
                     $"Host={folder};Port={port};Database=postgres;Username={user};Password={password}",
                     $"postgres://{user}:{password}@{closed}:{port},{Uri.EscapeDataString(folder)}:{port}/postgres",
                     $"postgres://{user}:{password}@127.0.0.1:1,{Uri.EscapeDataString(folder)}:{port}/postgres",
                     $"postgres://{user}:{password}@{closed}:{port},127.0.0.1:{port}/postgres",
                     $"postgres://{user}:{password}@{Uri.EscapeDataString(folder)}:{port}/postgres?target_session_attrs=read-write",
                 })
            Assert.Null(await ProbeAsync(dsn, DialGuard.Unrestricted));
    }

    /// <summary>libpq asks a single server, too.</summary>
    [Fact]
    public async Task What_a_session_must_be_able_to_do_is_asked_of_a_single_host()
    {
        var database = await PostgresServer.CreateDatabaseAsync();
        Assert.Null(await ProbeAsync(database.Url(parameters: "target_session_attrs=read-write"), DialGuard.Unrestricted));
        Assert.NotNull(await ProbeAsync(database.Url(parameters: "target_session_attrs=standby"), DialGuard.Unrestricted));
        Assert.NotNull(await ProbeAsync(database.Url(parameters: "target_session_attrs=standby"), Conformance.Mirror.Guarded));
    }

    [Theory]
    [InlineData("host=/run/postgresql user=app dbname=inv")]
    [InlineData("host=@abstract user=app dbname=inv")]
    [InlineData("postgres://app@%2Frun%2Fpostgresql/inv")]
    [InlineData("postgres://app@%2fRUN,db.example.org/inv")]
    public async Task An_operator_refuses_a_unix_socket_before_it_dials(string dsn) => Assert.Contains(
        "the host is this machine itself (loopback), which sinks may not reach",
        Assert.IsType<Failure.Refused>(await ProbeAsync(dsn, new DialGuard(new DialPolicy(AllowLoopback: false, DenyPrivate: false)))).Message,
        StringComparison.Ordinal);

    /// <summary>The readers of a sink see what its owner wrote beside it, and never what a Secret of another namespace holds.</summary>
    [Theory]
    [InlineData("default", nameof(Audience.Cluster), "connect: 127.0.0.1:1: the server refused the connection")]
    [InlineData("elsewhere", nameof(Audience.Cluster), "connect: the server refused the connection")]
    [InlineData("elsewhere", nameof(Audience.Owner), "connect: 127.0.0.1:1, database inv, user app: the server refused the connection")]
    public async Task Hosts_of_another_namespace_are_not_told_to_the_readers_of_a_sink(string secretNamespace, string audience, string expected)
    {
        var failure = await ProbeAsync("postgresql://app:pw@127.0.0.1:1/inv", DialGuard.Unrestricted, Enum.Parse<Audience>(audience), secretNamespace);
        Assert.StartsWith(expected + " —", failure!.Message, StringComparison.Ordinal);
    }

    /// <summary>Null = the probe succeeded.</summary>
    private static async Task<Failure?> ProbeAsync(
        string dsn, DialGuard guard, Audience audience = Audience.Cluster, string secretNamespace = "default")
    {
        var sink = new PostgresSink(
            new SinkSettings(
                "default", "test", KollectDatabaseSinkMode.Ensure,
                None, HashMap<string, string>(), false, None, true, "", new TlsSettings(None, None, false), None),
            Secret with { Namespace = secretNamespace },
            "public",
            "inventory_items");
        var destinations = AllBackends.Open(
            wanted => new SecretData(wanted, HashMap(("dsn", new SecretText(dsn))), HashMap<string, string>()), guard, audience);
        var probe = await destinations.Open(sink, sink.Location).MatchAsync(
            RightAsync: async destination =>
            {
                await using (destination)
                    return await destination.ProbeAsync(TestContext.Current.CancellationToken);
            },
            Left: failure => new ProbeResult.Failed(failure));
        return (probe as ProbeResult.Failed)?.Failure;
    }
}
