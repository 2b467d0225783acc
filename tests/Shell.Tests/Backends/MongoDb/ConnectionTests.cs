using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Kollect.Core.Backends;
using Kollect.Core.Backends.MongoDb;
using Kollect.Core.Backends.MongoDb.Connections;
using Kollect.Core.Failures;
using Kollect.Core.Secrets;
using Kollect.Core.Sinks;
using Kollect.Models.V1Alpha1;
using Kollect.MongoDb;
using Kollect.MongoDb.Driver;
using Kollect.Shell.Backends.Dial;

namespace Kollect.Shell.Tests.Backends.MongoDb;

/// <summary>Every connection of the driver is dialled and secured by our stream factory.</summary>
public sealed class ConnectionTests
{
    private static readonly DialPolicy AllowLoopback = new(AllowLoopback: true, DenyPrivate: false);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("")]
    [InlineData("replicaSet=rs0")]
    [InlineData("directConnection=false")]
    [InlineData("minPoolSize=3")]
    [InlineData("compressors=zlib")]
    public async Task Every_connection_that_the_server_sees_was_dialled_by_our_factory(string parameters)
    {
        await using var server = await MongoDbServer.StartAsync(new MongoDbOptions { Needs = "a log of commands" });
        using (var client = await OpenAsync(server.UriOf(parameters: parameters), new DialGuard(AllowLoopback)))
        {
            await client.CommandAsync("admin", Questions.Hello, Cancel);
            await client.CommandAsync("admin", Questions.BuildInfo, Cancel);
            await Eventually.HoldsAsync(async () => await ConnectionsAsync(server) == client.Streams.Dialled);
            Assert.True(client.Streams.Dialled > 0);
        }
    }

    /// <summary>Names such as BsonDocument and ObjectId mean Core's own everywhere else.</summary>
    [Fact]
    public void Only_one_folder_names_the_driver() => Assert.DoesNotContain(
        Directory.EnumerateFiles(Repository.At("Shell"), "*.cs", SearchOption.AllDirectories),
        file => !file.Contains("/MongoDb/Driver/", StringComparison.Ordinal)
            && File.ReadAllText(file).Contains("using MongoDB.", StringComparison.Ordinal));

    [Fact]
    public async Task A_forbidden_member_that_a_primary_announces_is_not_dialled_and_does_not_matter()
    {
        await using var server = await MongoDbServer.StartAsync(new MongoDbOptions { Needs = "further members", Members = ["metadata.google.internal:80"] });
        using var client = await OpenAsync(server.UriOf(parameters: "replicaSet=rs0"), new DialGuard(AllowLoopback));
        Assert.True(Replies.IsWritable(await client.CommandAsync("admin", Questions.Hello, Cancel)));
        await Eventually.HoldsAsync(async () => await ConnectionsAsync(server) == client.Streams.Dialled);
    }

    /// <summary>The selection may take a minute, and the refusal does not wait for it.</summary>
    [Fact]
    public async Task Where_only_a_forbidden_member_may_be_the_primary_the_selection_ends_at_once()
    {
        await using var server = await MongoDbServer.StartAsync(new MongoDbOptions { Needs = "further members", Members = ["rebound.example.com:27017"] });
        await server.FailAsync("""{"configureFailPoint":"becomeSecondary","mode":"alwaysOn"}""");
        var guard = new DialGuard(AllowLoopback, (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Parse("169.254.169.254")]));
        using var client = await OpenAsync(server.UriOf(parameters: "replicaSet=rs0&serverSelectionTimeoutMS=60000"), guard);
        var refused = await Assert.ThrowsAsync<MongoDbException>(
            () => client.CommandAsync("admin", Questions.Hello, Cancel).WaitAsync(TimeSpan.FromSeconds(30), Cancel));
        Assert.Equal(DialObjection.Metadata, Assert.IsType<Fault.Forbidden>(refused.Fault).Objection);
    }

    [Fact]
    public async Task A_host_that_resolves_to_another_address_the_second_time_is_judged_again()
    {
        await using var server = await MongoDbServer.StartAsync(new MongoDbOptions { Needs = "a port of its own" });
        var asked = 0;
        var guard = new DialGuard(AllowLoopback, (_, _) => Task.FromResult<IPAddress[]>(
            [Interlocked.Increment(ref asked) == 1 ? IPAddress.Loopback : IPAddress.Parse("169.254.169.254")]));
        var uri = server.UriOf().Replace("127.0.0.1", "rebinding.example.com", StringComparison.Ordinal);
        using var client = await OpenAsync(uri, guard);
        var refused = await Assert.ThrowsAsync<MongoDbException>(() => client.CommandAsync("admin", Questions.Hello, Cancel));
        Assert.IsType<Fault.Forbidden>(refused.Fault);
        Assert.Equal(1, client.Streams.Dialled);
    }

    [Fact]
    public async Task A_certificate_for_another_name_or_of_another_authority_is_refused()
    {
        await using var named = await MongoDbServer.StartAsync(new MongoDbOptions { Tls = true, Certificate = TestCertificates.WriteForAnotherName });
        await using var right = await MongoDbServer.StartAsync(new MongoDbOptions { Tls = true });
        Assert.Equal(None, await TlsFaultAsync(right, right.AuthorityPem!));
        Assert.Equal(Some(NetworkFault.Tls), await TlsFaultAsync(named, named.AuthorityPem!));
        Assert.Equal(Some(NetworkFault.Tls), await TlsFaultAsync(right, named.AuthorityPem!));
        Assert.Equal(None, await TlsFaultAsync(named, right.AuthorityPem!, skipVerify: true));
    }

    /// <summary>The counterpart shows that a chain which may download does call the listener.</summary>
    [Fact]
    public async Task No_address_that_stands_in_a_certificate_is_called()
    {
        using var listener = new SilentServer();
        var address = new Uri($"http://127.0.0.1:{listener.Port}/");
        await using var server = await MongoDbServer.StartAsync(
            new MongoDbOptions { Tls = true, Certificate = folder => TestCertificates.WriteHostile(folder, address) });
        Assert.Equal(Some(NetworkFault.Tls), await TlsFaultAsync(server, server.AuthorityPem!));
        Assert.Equal(None, await TlsFaultAsync(server, server.AuthorityPem!, skipVerify: true));
        Assert.Equal(0, listener.Connections);

        using var socket = new TcpClient();
        await socket.ConnectAsync(IPEndPoint.Parse(new Uri(server.UriOf()).Authority), Cancel);
        await using var handshake = new SslStream(socket.GetStream());
        await Assert.ThrowsAsync<AuthenticationException>(() => handshake.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions
            {
                TargetHost = "127.0.0.1",
                CertificateChainPolicy = new X509ChainPolicy { RevocationMode = X509RevocationMode.NoCheck, UrlRetrievalTimeout = TimeSpan.FromSeconds(1) },
            },
            Cancel));
        Assert.True(listener.Connections > 0);
    }

    /// <summary>None = the server answered.</summary>
    private static async Task<Option<NetworkFault>> TlsFaultAsync(MongoDbServer server, string authority, bool skipVerify = false)
    {
        using var client = await OpenAsync(
            server.UriOf(parameters: "serverSelectionTimeoutMS=3000"), new DialGuard(AllowLoopback), new ResolvedTls(new SecretText(authority), skipVerify));
        try
        {
            await client.CommandAsync("admin", Questions.Hello, Cancel);
            return None;
        }
        catch (MongoDbException failed)
        {
            return Assert.IsType<Fault.Network>(failed.Fault).Kind;
        }
    }

    private static async Task<int> ConnectionsAsync(MongoDbServer server) => (await server.LogAsync()).Select(it => it.Connection).Distinct().Count();

    internal static async Task<DriverClient> OpenAsync(string uri, DialGuard guard, ResolvedTls? tls = null)
    {
        var settings = new SinkSettings(
            "shop", "sink", KollectDatabaseSinkMode.Ensure, None, HashMap<string, string>(), false, None, true, "",
            new TlsSettings(tls is null ? None : tls.Authority.Map(it => it.Reveal()), None, tls?.SkipVerify ?? false), None);
        var given = new GivenUri(new SecretText(uri), new SecretRef("shop", "mongo"), None, HashMap<string, string>());
        var read = from connection in MongoDbConnection.Of(given, settings)
                   from parsed in DriverUri.Read(connection).MapLeft(failure => failure.Message)
                   from trust in ServerTrust.Of(tls ?? new ResolvedTls(None, false))
                   select (parsed, trust);
        var (driverUri, trusted) = read.Match(Right: it => it, Left: problem => throw new InvalidOperationException(problem));
        return await DriverClient.OpenAsync(driverUri, trusted, guard, new ServerConnections(), Cancel);
    }
}
