using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using Kollect.Core.Backends.Postgres.Connections;
using Kollect.Shell.Backends.Dial;
using Kollect.Shell.Backends.Postgres.Wire;
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

    /// <summary>
    /// Connects, authenticates and begins a transaction. Of several hosts the first that accepts the session, of a name with several addresses
    /// the first that answers.
    /// </summary>
    public async Task<Session> OpenAsync(ServerConnections bounds, CancellationToken cancel)
    {
        // Under a guard all hosts are judged before the first is dialled.
        var judged = new List<ServerTarget[]>();
        if (Guard.IsOn)
            foreach (var host in Connection.Hosts)
                judged.Add(await TargetsAsync(host, cancel));
        var order = Enumerable.Range(0, Connection.Hosts.Count).ToArray();
        if (Connection.LoadBalanceHosts)
            Random.Shared.Shuffle(order);
        var failures = new List<Exception>();
        foreach (var kind in Connection.TargetSession == Core.Backends.Postgres.Connections.TargetSession.PreferStandby
                     ? [TargetSessionAttributes.Standby, TargetSessionAttributes.Any]
                     : Seq1(Kind(Connection.TargetSession)))
            foreach (var host in order)
                try
                {
                    return await OpenAsync(Guard.IsOn ? judged[host] : await TargetsAsync(Connection.Hosts[host], cancel), kind, bounds, cancel);
                }
                catch (Exception failed) when (Faults.Of(failed) is not null && bounds.Exceeded is null)
                {
                    failures.Add(failed);
                }

        throw failures.Count == 1 ? failures[0] : new NpgsqlException("no host accepts the session", new AggregateException(failures));
    }

    /// <summary>Of the addresses of one host the first that answers.</summary>
    private async Task<Session> OpenAsync(ServerTarget[] targets, TargetSessionAttributes kind, ServerConnections bounds, CancellationToken cancel)
    {
        foreach (var target in targets[..^1])
            try
            {
                return await OpenAsync(target, kind, bounds, cancel);
            }
            catch (Exception unreachable) when (unreachable is SocketException or TimeoutException)
            {
                // The next address.
            }

        return await OpenAsync(targets[^1], kind, bounds, cancel);
    }

    /// <summary>As libpq: prefer and allow try once more the other way.</summary>
    private Task<Session> OpenAsync(ServerTarget target, TargetSessionAttributes kind, ServerConnections bounds, CancellationToken cancel)
    {
        var first = SslMode switch
        {
            _ when target.At is UnixDomainSocketEndPoint => SslMode.Disable,
            SslMode.Allow => SslMode.Disable,
            var mode => mode,
        };
        Option<SslMode> second = (SslMode, first) switch
        {
            (SslMode.Prefer, SslMode.Prefer) => SslMode.Disable,
            (SslMode.Allow, _) when target.At is not UnixDomainSocketEndPoint => SslMode.Require,
            _ => None,
        };
        return Dialling.WithinAsync(
            TimeSpan.FromSeconds(Math.Clamp(Connection.ConnectTimeoutSeconds.IfNone(DefaultTimeoutSeconds), 1, PostgresConnection.LongestTimeout)),
            async limited =>
            {
                var wasSecured = false;
                try
                {
                    return await OpenAsync(
                        async limit =>
                        {
                            var made = await target.ConnectAsync(first, Trust, limit);
                            wasSecured = made.IsSecured;
                            return made;
                        },
                        kind,
                        bounds,
                        limited);
                }
                catch (Exception refused) when (
                    refused is AuthenticationException || (refused is NpgsqlException or IOException && (wasSecured || SslMode == SslMode.Allow)))
                {
                    if (second.IsNone || bounds.Exceeded is not null)
                        throw;
                    return await OpenAsync(limit => target.ConnectAsync(second.IfNone(first), Trust, limit), kind, bounds, limited);
                }
            },
            cancel);
    }

    private async Task<Session> OpenAsync(
        Func<CancellationToken, Task<ServerConnection>> dial, TargetSessionAttributes kind, ServerConnections bounds, CancellationToken cancel)
    {
        bounds.AllowAnswer();
        var login = new Login(Connection.Password, Connection.ChannelBinding, ProtectsPassword: Guard.IsOn, bounds);
        var relay = await Relay.OpenAsync(dial, login, bounds, cancel);
        try
        {
            // The driver goes on reading where a server goes on sending.
            using var _ = cancel.Register(relay.Close);
            return await Session.OpenAsync(DataSource(relay, kind), relay, bounds, cancel);
        }
        catch (Exception) when (relay.Failure is { } why)
        {
            throw why;
        }
        catch (Exception) when (cancel.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancel);
        }
    }

    private NpgsqlDataSource DataSource(Relay relay, TargetSessionAttributes kind)
    {
        var builder = new NpgsqlSlimDataSourceBuilder();
        builder.EnableArrays();
        builder.ConfigureTypeLoading(types => types.EnableTypeLoading(false)); // only types that every server has
        Fill(builder.ConnectionStringBuilder, relay);
        return kind == TargetSessionAttributes.Any ? builder.Build() : builder.BuildMultiHost().WithTargetSession(kind);
    }

    private async Task<ServerTarget[]> TargetsAsync(PostgresHost host, CancellationToken cancel)
    {
        var name = host.Host.Reveal();
        if (!host.IsSocket)
            return [.. (await Guard.AddressesAsync(name, cancel)).Select(at => new ServerTarget(new IPEndPoint(at, host.Port), name, Connection.Keepalive))];
        Guard.CheckSocketFile();
        var path = Path.Combine(name, string.Create(CultureInfo.InvariantCulture, $".s.PGSQL.{host.Port}"));
        return [new ServerTarget(new UnixDomainSocketEndPoint(path.StartsWith('@') ? $"\0{path[1..]}" : path), "", None)];
    }

    // One connection per operation, closed at its end: nothing waits in a pool, and no session state outlives a transaction. The relay makes
    // the login and ends what lasts too long; every setting is stated, because the driver would look into the environment for it.
    private void Fill(NpgsqlConnectionStringBuilder to, Relay relay)
    {
        to.Host = relay.Folder;
        to.Port = Relay.Port;
        Connection.Database.IfSome(name => to.Database = name.Reveal());
        Connection.User.IfSome(name => to.Username = name.Reveal());
        Connection.Password.IfSome(password => to.Password = password.Reveal());
        to.Passfile = "/dev/null"; // else Npgsql would look into the home folder of whoever runs this
        to.SslMode = Npgsql.SslMode.Disable;
        to.GssEncryptionMode = GssEncryptionMode.Disable;
        to.RequireAuth = "Password,MD5,GSS,SSPI,ScramSHA256,None";
        to.Timeout = 0;
        to.CommandTimeout = 0; // options.statement_timeout is the user's; the driver adds none of its own
        to.ApplicationName = Connection.ApplicationName.Match(name => name.Reveal(), () => "kollect");
        to.IncludeFailedBatchedCommand = true; // a session tells by it which lock a refused statement waited for
        to.Pooling = false;
        to.Enlist = false;
    }

    private static TargetSessionAttributes Kind(Core.Backends.Postgres.Connections.TargetSession wanted) => wanted switch
    {
        Core.Backends.Postgres.Connections.TargetSession.ReadWrite => TargetSessionAttributes.ReadWrite,
        Core.Backends.Postgres.Connections.TargetSession.ReadOnly => TargetSessionAttributes.ReadOnly,
        Core.Backends.Postgres.Connections.TargetSession.Primary => TargetSessionAttributes.Primary,
        Core.Backends.Postgres.Connections.TargetSession.Standby => TargetSessionAttributes.Standby,
        _ => TargetSessionAttributes.Any,
    };
}
