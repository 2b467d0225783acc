using System.Net;
using Kollect.Core.Backends.MongoDb;
using Kollect.Core.Failures;
using Kollect.MongoDb;
using Kollect.Shell.Backends.Dial;
using static Kollect.Shell.Tests.Backends.MongoDb.ConnectionTests;

namespace Kollect.Shell.Tests.Backends.MongoDb;

/// <summary><c>mongodb+srv</c>: the hosts that a name server gives are judged and dialled like those of a connection string.</summary>
public sealed class ServiceRecordTests
{
    private const string Options = "serverSelectionTimeoutMS=5000&connectTimeoutMS=2000";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_host_of_a_record_is_dialled()
    {
        await using var server = await MongoDbServer.StartAsync(new MongoDbOptions { Needs = "a log of commands" });
        await using var names = new NameServer().With("cluster.acme.example", new Uri(server.UriOf()).Port, "a.cluster.acme.example");
        using var client = await OpenAsync($"mongodb+srv://cluster.acme.example/?tls=false&{Options}", Guard(allowLoopback: true, "127.0.0.1"));
        Assert.True(Replies.IsWritable(await client.CommandAsync("admin", Questions.Hello, Cancel)));
        Assert.True(client.Streams.Dialled > 0);
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("169.254.169.254")]
    public async Task A_host_of_a_record_at_a_forbidden_address_is_refused_and_not_dialled(string address)
    {
        using var listener = new SilentServer();
        await using var names = new NameServer().With("cluster.acme.example", listener.Port, "a.cluster.acme.example", "b.cluster.acme.example");
        using var client = await OpenAsync("mongodb+srv://cluster.acme.example/?tls=false", Guard(allowLoopback: false, address));
        var refused = await Assert.ThrowsAsync<MongoDbException>(() => client.CommandAsync("admin", Questions.Hello, Cancel));
        Assert.IsType<Fault.Forbidden>(refused.Fault);
        Assert.Equal(0, client.Streams.Dialled);
        Assert.Equal(0, listener.Connections);
    }

    /// <summary>"Initial DNS Seedlist Discovery": a record leads to hosts of its own domain, and its TXT record sets three options at most.</summary>
    [Theory]
    [InlineData("a.cluster.evil.example", null)]
    [InlineData("a.cluster.acme.example", "tls=false")]
    [InlineData("a.cluster.acme.example", "w=0")]
    public async Task A_record_that_leads_elsewhere_is_refused(string target, string? text)
    {
        using var listener = new SilentServer();
        await using var names = new NameServer().With("cluster.acme.example", listener.Port, target);
        if (text is not null)
            names.WithText("cluster.acme.example", text);
        await Assert.ThrowsAsync<MongoDbException>(async () =>
        {
            using var client = await OpenAsync($"mongodb+srv://cluster.acme.example/?{Options}", Guard(allowLoopback: true, "127.0.0.1"));
        });
        Assert.Equal(0, listener.Connections);
    }

    /// <summary>Of <c>mongodb+srv</c> TLS is the default: a listener without it gets no command.</summary>
    [Fact]
    public async Task Without_an_option_the_connection_is_secured()
    {
        await using var server = await MongoDbServer.StartAsync(new MongoDbOptions { Needs = "a log of commands" });
        await using var names = new NameServer().With("cluster.acme.example", new Uri(server.UriOf()).Port, "a.cluster.acme.example");
        using var client = await OpenAsync($"mongodb+srv://cluster.acme.example/?{Options}", Guard(allowLoopback: true, "127.0.0.1"));
        var failed = await Assert.ThrowsAsync<MongoDbException>(() => client.CommandAsync("admin", Questions.Hello, Cancel));
        Assert.IsType<Fault.Network>(failed.Fault);
        Assert.Empty(await server.LogAsync());
    }

    private static DialGuard Guard(bool allowLoopback, string address) => new(
        new DialPolicy(allowLoopback, DenyPrivate: false), (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Parse(address)]));
}
