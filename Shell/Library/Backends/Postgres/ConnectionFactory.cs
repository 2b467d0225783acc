using System.Net.Sockets;
using Kollect.Core.Backends.Postgres.Connections;
using Kollect.Core.Secrets;
using Kollect.Shell.Backends.Dial;
using Npgsql;
using SslMode = Kollect.Core.Backends.Postgres.Connections.SslMode;

namespace Kollect.Shell.Backends.Postgres;

/// <summary>Opens connections to the server.</summary>
/// <param name="Connection">Server, database and user.</param>
/// <param name="SslMode">Combined with <c>spec.tls</c>.</param>
/// <param name="Trust">Which certificate of the server is accepted.</param>
/// <param name="Guard">Decides which hosts may be dialled.</param>
internal sealed record ConnectionFactory(PostgresConnection Connection, SslMode SslMode, ServerTrust Trust, DialGuard Guard)
{
    private const int DefaultTimeoutSeconds = 10;

    /// <summary>Connects, authenticates and begins a transaction; of a name with several addresses the first that answers.</summary>
    public async Task<Session> OpenAsync(CancellationToken cancel)
    {
        var targets = await TargetsAsync(cancel);
        foreach (var target in targets[..^1])
            try
            {
                return await Session.OpenAsync(DataSource(target), cancel);
            }
            catch (NpgsqlException unreachable) when (unreachable.InnerException is SocketException or TimeoutException)
            {
                // The next address.
            }

        return await Session.OpenAsync(DataSource(targets[^1]), cancel);
    }

    private NpgsqlDataSource DataSource(Target target)
    {
        var builder = new NpgsqlSlimDataSourceBuilder();
        builder.EnableArrays();
        builder.EnableTransportSecurity();
        Fill(builder.ConnectionStringBuilder, Connection with { Hosts = target.Hosts }, SslMode);
        if (Trust.Authorities is { } authorities)
            builder.UseRootCertificates(authorities);
        builder.UseSslClientAuthenticationOptionsCallback(tls =>
        {
            tls.TargetHost = target.Names.GetValueOrDefault(tls.TargetHost ?? "", tls.TargetHost ?? "");
            tls.CertificateChainPolicy ??= DialGuard.WithoutDownloads();
        });
        return target.Hosts.Count == 1 && Connection.TargetSession == Core.Backends.Postgres.Connections.TargetSession.Any
            ? builder.Build()
            : builder.BuildMultiHost().WithTargetSession(TargetSession(Connection));
    }

    /// <summary>The hosts to try in their order. Under a guard they are addresses that it has checked, and the driver resolves nothing.</summary>
    private async Task<List<Target>> TargetsAsync(CancellationToken cancel)
    {
        if (!Guard.IsOn)
            return IsOneByOne ? [.. Connection.Hosts.Map(host => new Target(Seq1(host), []))] : [new Target(Connection.Hosts, [])];
        var addresses = new List<PostgresHost>();
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var host in Connection.Hosts)
        {
            if (host.IsSocket)
            {
                Guard.CheckSocketFile();
                addresses.Add(host);
                continue;
            }

            foreach (var address in await Guard.AddressesAsync(host.Host.Reveal(), cancel))
            {
                addresses.Add(host with { Host = new SecretText(address.ToString()) });
                names[address.ToString()] = host.Host.Reveal();
            }
        }

        return IsOneByOne
            ? addresses.ConvertAll(address => new Target(Seq1(address), names))
            : [new Target(addresses.ToSeq(), names)];
    }

    // A unix socket takes neither TLS nor TCP's keepalive, which the driver would apply to all hosts of a list.
    private bool IsOneByOne => Connection.Hosts.Count == 1 || Connection.Hosts.Exists(host => host.IsSocket);

    // One connection per operation, closed at its end: nothing waits in a pool, and no session state outlives a transaction.
    private static void Fill(NpgsqlConnectionStringBuilder to, PostgresConnection from, SslMode sslMode)
    {
        to.Host = string.Join(',', from.Hosts.Map(host => Host(host, from.Hosts.Count > 1)));
        to.Port = from.Hosts.Head.Port;
        from.Database.IfSome(name => to.Database = name.Reveal());
        from.User.IfSome(name => to.Username = name.Reveal());
        from.Password.IfSome(password => to.Password = password.Reveal());
        to.Passfile = "/dev/null"; // else Npgsql would look into the home folder of whoever runs this
        to.SslMode = from.Hosts.Exists(host => host.IsSocket) ? Npgsql.SslMode.Disable : Mode(sslMode);
        to.Timeout = from.ConnectTimeoutSeconds.IfNone(DefaultTimeoutSeconds);
        to.CommandTimeout = 0; // options.statement_timeout is the user's; the driver adds none of its own
        to.ApplicationName = from.ApplicationName.Match(name => name.Reveal(), () => "kollect");
        to.Pooling = false;
        to.Enlist = false;
        to.LoadBalanceHosts = from.LoadBalanceHosts;
        to.ChannelBinding = Binding(from.ChannelBinding);
        if (from.Hosts.Exists(host => host.IsSocket))
            return;
        to.TcpKeepAlive = from.Keepalive.Match(keepalive => keepalive.Enabled, () => true);
        to.TcpKeepAliveTime = from.Keepalive.Bind(keepalive => keepalive.IdleSeconds).IfNone(30);
        to.TcpKeepAliveInterval = from.Keepalive.Bind(keepalive => keepalive.IntervalSeconds).IfNone(10);
    }

    private static string Host(PostgresHost host, bool oneOfSeveral)
    {
        var name = host.Host.Reveal();
        if (!oneOfSeveral)
            return name;
        return name.Contains(':') ? $"[{name}]:{host.Port}" : $"{name}:{host.Port}";
    }

    private static Npgsql.SslMode Mode(SslMode mode) => mode switch
    {
        SslMode.Disable => Npgsql.SslMode.Disable,
        SslMode.Allow => Npgsql.SslMode.Allow,
        SslMode.Prefer => Npgsql.SslMode.Prefer,
        SslMode.Require => Npgsql.SslMode.Require,
        SslMode.VerifyCa => Npgsql.SslMode.VerifyCA,
        _ => Npgsql.SslMode.VerifyFull,
    };

    private static Npgsql.ChannelBinding Binding(Core.Backends.Postgres.Connections.ChannelBinding binding) => binding switch
    {
        Core.Backends.Postgres.Connections.ChannelBinding.Disable => Npgsql.ChannelBinding.Disable,
        Core.Backends.Postgres.Connections.ChannelBinding.Require => Npgsql.ChannelBinding.Require,
        _ => Npgsql.ChannelBinding.Prefer,
    };

    private static TargetSessionAttributes TargetSession(PostgresConnection connection) => connection.TargetSession switch
    {
        Core.Backends.Postgres.Connections.TargetSession.ReadWrite => TargetSessionAttributes.ReadWrite,
        Core.Backends.Postgres.Connections.TargetSession.ReadOnly => TargetSessionAttributes.ReadOnly,
        Core.Backends.Postgres.Connections.TargetSession.Primary => TargetSessionAttributes.Primary,
        Core.Backends.Postgres.Connections.TargetSession.Standby => TargetSessionAttributes.Standby,
        Core.Backends.Postgres.Connections.TargetSession.PreferStandby => TargetSessionAttributes.PreferStandby,
        _ => TargetSessionAttributes.Any,
    };

    /// <param name="Hosts">The hosts for the driver.</param>
    /// <param name="Names">Address -> the name that the server's certificate must carry; empty = the hosts are names.</param>
    private sealed record Target(Seq<PostgresHost> Hosts, Dictionary<string, string> Names);
}
