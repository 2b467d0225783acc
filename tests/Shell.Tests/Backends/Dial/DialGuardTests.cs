using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Kollect.Core.Backends.BigQuery;
using Kollect.Core.Backends.MongoDb;
using Kollect.Core.Backends.Postgres;
using Kollect.Core.Exports;
using Kollect.Core.Failures;
using Kollect.Core.Secrets;
using Kollect.Core.Sinks;
using Kollect.Models.V1Alpha1;
using Kollect.Shell.Backends.Dial;

namespace Kollect.Shell.Tests.Backends.Dial;

/// <summary>Hostile sinks: no driver dials an address that the policy forbids. A listener counts the connections.</summary>
public sealed class DialGuardTests
{
    private static readonly SecretRef Secret = new("shop", "hostile");
    private static readonly DialPolicy Policy = new(AllowLoopback: false, DenyPrivate: false);

    public static TheoryData<string, string, string> Hosts
    {
        get
        {
            var data = new TheoryData<string, string, string>();
            foreach (var backend in new[] { "postgres", "mongodb", "bigquery" })
            {
                data.Add(backend, "127.0.0.1", "loopback");
                data.Add(backend, "localhost", "loopback");
                data.Add(backend, "[::ffff:127.0.0.1]", "loopback");
                data.Add(backend, "169.254.169.254", "metadata");
                data.Add(backend, "metadata.google.internal", "metadata");
                data.Add(backend, "resolves-to-metadata.example.com", "metadata");
                data.Add(backend, "resolves-to-loopback.example.com", "loopback");
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Hosts))]
    public async Task A_forbidden_host_is_refused_and_never_dialled(string backend, string host, string why)
    {
        using var listener = new SilentServer();
        var refused = Assert.IsType<Failure.Refused>(await ProbeAsync(backend, host, listener.Port, Resolver()));
        Assert.Contains(why, refused.Message, StringComparison.Ordinal);
        // The host as the sink's owner wrote it, and not the address behind a name.
        Assert.StartsWith($"connect: {host.Trim('[', ']')}:{listener.Port}: the host", refused.Message.Replace("[", "", StringComparison.Ordinal)
            .Replace("]", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Equal(0, listener.Connections);
    }

    [Theory]
    [InlineData("postgres")]
    [InlineData("mongodb")]
    [InlineData("bigquery")]
    public async Task The_address_that_the_policy_judges_is_the_one_that_is_dialled(string backend)
    {
        using var listener = new SilentServer();
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var asked = 0;
        try
        {
            await ProbeAsync(backend, "rebinding.example.com", listener.Port, Rebinding, timeout.Token);
        }
        catch (OperationCanceledException)
        {
            // No server answers at TEST-NET.
        }

        Assert.Equal(0, listener.Connections);
        Assert.True(asked >= 1);

        // The first answer is 192.0.2.1 (TEST-NET), which is then dialled for 2 s; all further answers are this machine.
        Task<IPAddress[]> Rebinding(string name, CancellationToken cancel)
        {
            timeout.CancelAfter(TimeSpan.FromSeconds(2));
            return Task.FromResult<IPAddress[]>([Interlocked.Increment(ref asked) == 1 ? IPAddress.Parse("192.0.2.1") : IPAddress.Loopback]);
        }
    }

    [Theory]
    [InlineData("postgres", "postgresql://a:b@127.0.0.1:{0}/x?sslrootcert=/var/run/secrets/kubernetes.io/serviceaccount/token")]
    [InlineData("postgres", "host=/var/run/postgresql user=a")]
    [InlineData("mongodb", "mongodb://127.0.0.1:{0}/?authMechanism=MONGODB-AWS")]
    [InlineData("mongodb", "mongodb://127.0.0.1:{0}/?tls=true&tlsCAFile=/var/run/secrets/kubernetes.io/serviceaccount/token")]
    public async Task A_connection_string_that_reads_local_files_is_refused_and_never_dialled(string backend, string text)
    {
        using var listener = new SilentServer();
        var secret = string.Format(CultureInfo.InvariantCulture, text, listener.Port);
        Assert.IsType<Failure.Refused>(await ProbeAsync(Sink(backend, null), secret, new DialGuard(Policy), TestContext.Current.CancellationToken));
        Assert.Equal(0, listener.Connections);
    }

    [Fact]
    public async Task A_unix_socket_is_judged_as_loopback()
    {
        const string backend = "postgres", secret = "host=/tmp/no-such-folder user=a password=b dbname=c";
        var guard = new DialGuard(Policy);
        var refused = Assert.IsType<Failure.Refused>(await ProbeAsync(Sink(backend, null), secret, guard, TestContext.Current.CancellationToken));
        Assert.Contains("loopback", refused.Message, StringComparison.Ordinal);
        var allowed = new DialGuard(new DialPolicy(AllowLoopback: true, DenyPrivate: false));
        var tried = await ProbeAsync(Sink(backend, null), secret, allowed, TestContext.Current.CancellationToken);
        Assert.DoesNotContain("loopback", Assert.IsType<Failure.TryLater>(tried).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_credentials_of_the_operator_are_never_sent_to_an_endpoint_of_a_sink()
    {
        using var listener = new SilentServer();
        var endpoint = string.Create(CultureInfo.InvariantCulture, $"https://bigquery.example.com:{listener.Port}");
        var sink = (BigQuerySink)Sink("bigquery", endpoint) with { Credentials = None };
        var guard = new DialGuard(new DialPolicy(AllowLoopback: true, DenyPrivate: false));
        var refused = Assert.IsType<Failure.Refused>(await ProbeAsync(sink, "", guard, TestContext.Current.CancellationToken));
        Assert.Contains("own credentials", refused.Message, StringComparison.Ordinal);
        Assert.Equal(0, listener.Connections);
    }

    private static Func<string, CancellationToken, Task<IPAddress[]>> Resolver() => (name, _) => Task.FromResult<IPAddress[]>(
        [IPAddress.Parse("93.184.215.14"), IPAddress.Parse(name.Contains("loopback", StringComparison.Ordinal) ? "::ffff:127.0.0.1" : "169.254.169.254")]);

    private static Task<Failure?> ProbeAsync(
        string backend, string host, int port, Func<string, CancellationToken, Task<IPAddress[]>> resolve, CancellationToken? cancel = null)
    {
        var at = string.Create(CultureInfo.InvariantCulture, $"{host}:{port}");
        var secret = backend switch
        {
            "postgres" => $"postgresql://user:password@{at}/inventory",
            "mongodb" => $"mongodb://{at}/?serverSelectionTimeoutMS=1000&connectTimeoutMS=1000",
            _ => ServiceAccount(at),
        };
        return ProbeAsync(Sink(backend, $"http://{at}"), secret, new DialGuard(Policy, resolve), cancel ?? TestContext.Current.CancellationToken);
    }

    /// <summary>Null = the probe succeeded.</summary>
    private static async Task<Failure?> ProbeAsync(Sink sink, string secret, DialGuard guard, CancellationToken cancel)
    {
        var destinations = AllBackends.Open(
            _ => new SecretData(Secret, HashMap((sink is BigQuerySink ? "credentials.json" : "uri", new SecretText(secret))), HashMap<string, string>()),
            guard);
        var opened = destinations.Open(sink, sink.Location);
        var probe = await opened.MatchAsync(
            RightAsync: async destination =>
            {
                await using (destination)
                    return await destination.ProbeAsync(cancel);
            },
            Left: failure => new ProbeResult.Failed(failure));
        return probe is ProbeResult.Failed failed ? failed.Failure : null;
    }

    private static Sink Sink(string backend, string? endpoint)
    {
        var settings = new SinkSettings(
            "shop", "hostile", KollectDatabaseSinkMode.Ensure,
            None, HashMap<string, string>(), false, None, true, "", new TlsSettings(None, None, false), None);
        return backend switch
        {
            "postgres" => new PostgresSink(settings, Secret, "public", "items"),
            "mongodb" => new MongoDbSink(settings, Secret, "inventory", "items"),
            _ => new BigQuerySink(settings, "acme-prod", "inventory", "items", None, endpoint is null ? None : Some(new Uri(endpoint)), Secret),
        };
    }

    private static string ServiceAccount(string tokenHost)
    {
        using var key = RSA.Create(2048);
        return new JsonObject
        {
            ["type"] = "service_account",
            ["project_id"] = "acme-prod",
            ["private_key_id"] = "0123456789abcdef0123456789abcdef01234567",
            ["private_key"] = key.ExportPkcs8PrivateKeyPem(),
            ["client_email"] = "exporter@acme-prod.iam.gserviceaccount.com",
            ["client_id"] = "100000000000000000001",
            ["token_uri"] = $"http://{tokenHost}/token",
        }.ToJsonString();
    }
}
