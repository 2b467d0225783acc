using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Kollect.Core.Connections;
using Kollect.Core.Secrets;
using Npgsql;
using SslMode = Kollect.Core.Connections.SslMode;

namespace Kollect.Shell.Postgres;

/// <summary>A connection as Core read it -> Npgsql's data source.</summary>
internal static class Connect
{
    private const int DefaultTimeoutSeconds = 10;

    /// <summary>Left = the certificates of the authority cannot be read.</summary>
    /// <param name="connection">Where to, and as whom.</param>
    /// <param name="sslMode">Combined with <c>spec.tls</c>.</param>
    /// <param name="authority">PEM certificates to trust; None = the system's.</param>
    public static Either<string, NpgsqlDataSource> DataSource(
        PostgresConnection connection, SslMode sslMode, Option<SecretText> authority)
    {
        var builder = new NpgsqlSlimDataSourceBuilder();
        builder.EnableArrays();
        builder.EnableTransportSecurity();
        Fill(builder.ConnectionStringBuilder, connection, sslMode);
        foreach (var pem in authority.ToSeq())
        {
            var certificates = new X509Certificate2Collection();
            try
            {
                certificates.ImportFromPem(pem.Reveal());
            }
            catch (CryptographicException)
            {
                return "the certificates of spec.tls are not valid PEM; put -----BEGIN CERTIFICATE----- blocks there";
            }

            builder.UseRootCertificates(certificates);
        }

        return connection.Hosts.Count == 1
            ? builder.Build()
            : builder.BuildMultiHost().WithTargetSession(TargetSession(connection));
    }

    // One connection per operation, closed at its end: nothing waits in a pool, and no session state outlives a transaction.
    private static void Fill(NpgsqlConnectionStringBuilder to, PostgresConnection from, SslMode sslMode)
    {
        to.Host = string.Join(',', from.Hosts.Map(host => Host(host, from.Hosts.Count > 1)));
        to.Port = from.Hosts.Head.Port;
        from.Database.IfSome(name => to.Database = name.Reveal());
        from.User.IfSome(name => to.Username = name.Reveal());
        from.Password.IfSome(password => to.Password = password.Reveal());
        to.Passfile = "/dev/null"; // else Npgsql would look into the home folder of whoever runs this
        to.SslMode = from.Hosts.ForAll(host => host.IsSocket) ? Npgsql.SslMode.Disable : Mode(sslMode);
        to.Timeout = from.ConnectTimeoutSeconds.IfNone(DefaultTimeoutSeconds);
        to.CommandTimeout = 0; // options.statement_timeout is the user's; the driver adds none of its own
        to.ApplicationName = from.ApplicationName.Match(name => name.Reveal(), () => "kollect");
        to.Pooling = false;
        to.Enlist = false;
        to.LoadBalanceHosts = from.LoadBalanceHosts;
        to.ChannelBinding = Binding(from.ChannelBinding);
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

    private static Npgsql.ChannelBinding Binding(Core.Connections.ChannelBinding binding) => binding switch
    {
        Core.Connections.ChannelBinding.Disable => Npgsql.ChannelBinding.Disable,
        Core.Connections.ChannelBinding.Require => Npgsql.ChannelBinding.Require,
        _ => Npgsql.ChannelBinding.Prefer,
    };

    private static TargetSessionAttributes TargetSession(PostgresConnection connection) => connection.TargetSession switch
    {
        Core.Connections.TargetSession.ReadWrite => TargetSessionAttributes.ReadWrite,
        Core.Connections.TargetSession.ReadOnly => TargetSessionAttributes.ReadOnly,
        Core.Connections.TargetSession.Primary => TargetSessionAttributes.Primary,
        Core.Connections.TargetSession.Standby => TargetSessionAttributes.Standby,
        Core.Connections.TargetSession.PreferStandby => TargetSessionAttributes.PreferStandby,
        _ => TargetSessionAttributes.Any,
    };
}
