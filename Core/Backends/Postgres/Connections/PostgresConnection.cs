using System.Globalization;
using Kollect.Core.Secrets;

namespace Kollect.Core.Backends.Postgres.Connections;

/// <summary>How to reach a PostgreSQL server: everything a driver needs, and nothing that it would read from this machine.</summary>
/// <param name="Hosts">At least one, in the order to try.</param>
/// <param name="Database">As libpq: where none is named, the one called as the user.</param>
/// <param name="User">Always named by the Secret; never taken from the operating system or <c>PGUSER</c>.</param>
/// <param name="Password">None = no password is sent.</param>
/// <param name="SslMode">With libpq's meaning.</param>
/// <param name="ConnectTimeoutSeconds">1..1024; None = the caller's own limit.</param>
/// <param name="TargetSession">Which of several servers will do.</param>
/// <param name="LoadBalanceHosts">True: try the hosts in random order.</param>
/// <param name="ChannelBinding">SCRAM channel binding.</param>
/// <param name="Keepalive">TCP keepalive; None = the operating system's.</param>
/// <param name="ApplicationName">None = the caller's own.</param>
/// <param name="Parameters">Server parameters from <c>options=-c …</c>, by lower-case name, for the transaction to set.</param>
public sealed record PostgresConnection(
    Seq<PostgresHost> Hosts,
    Option<SecretText> Database,
    Option<SecretText> User,
    Option<SecretText> Password,
    SslMode SslMode,
    Option<int> ConnectTimeoutSeconds,
    TargetSession TargetSession,
    bool LoadBalanceHosts,
    ChannelBinding ChannelBinding,
    Option<Keepalive> Keepalive,
    Option<SecretText> ApplicationName,
    Map<string, SecretText> Parameters)
{
    /// <summary>What a text about this connection must not show: hosts, database, user, password.</summary>
    public Seq<SecretText> SecretParts =>
        Join(Hosts.Map(host => host.Host), Database.ToSeq(), User.ToSeq(), Password.ToSeq());

    /// <summary>Hosts, ports and database.</summary>
    internal SecretText ServerIdentity => Backends.ServerIdentity.Of(
        Hosts.Map(host => string.Create(CultureInfo.InvariantCulture, $"{host.Host.Reveal()}:{host.Port}"))
            .Add((Database | User).Map(name => name.Reveal()).IfNone("")));
}

/// <summary>One server.</summary>
/// <param name="Host">Name, IPv4, IPv6 without brackets, or the folder of a unix socket (starts with <c>/</c>).</param>
/// <param name="Port">1..65535.</param>
public sealed record PostgresHost(SecretText Host, int Port)
{
    /// <summary>True for a unix socket, on which TLS is never used.</summary>
    public bool IsSocket => Host.Reveal().StartsWith('/');
}

/// <summary>libpq's <c>sslmode</c> (PostgreSQL manual, "SSL Support").</summary>
public enum SslMode
{
    /// <summary>Never TLS.</summary>
    Disable,

    /// <summary>TLS only where the server insists.</summary>
    Allow,

    /// <summary>TLS where the server offers it; the default.</summary>
    Prefer,

    /// <summary>TLS or nothing; the certificate is not checked.</summary>
    Require,

    /// <summary>TLS with a certificate of a trusted authority.</summary>
    VerifyCa,

    /// <summary>As <see cref="VerifyCa"/>, and the certificate names the host.</summary>
    VerifyFull,
}

/// <summary>libpq's <c>target_session_attrs</c>.</summary>
public enum TargetSession
{
    /// <summary>The first server that answers; the default.</summary>
    Any,

    /// <summary>A server that accepts writes by default.</summary>
    ReadWrite,

    /// <summary>A server that does not.</summary>
    ReadOnly,

    /// <summary>Not a hot standby.</summary>
    Primary,

    /// <summary>A hot standby.</summary>
    Standby,

    /// <summary>A hot standby if there is one.</summary>
    PreferStandby,
}

/// <summary>libpq's <c>channel_binding</c>.</summary>
public enum ChannelBinding
{
    /// <summary>Where both sides can; the default.</summary>
    Prefer,

    /// <summary>Never.</summary>
    Disable,

    /// <summary>Or no connection.</summary>
    Require,
}

/// <summary>TCP keepalive.</summary>
/// <param name="Enabled">False = off.</param>
/// <param name="IdleSeconds">None = the operating system's.</param>
/// <param name="IntervalSeconds">None = the operating system's.</param>
public sealed record Keepalive(bool Enabled, Option<int> IdleSeconds, Option<int> IntervalSeconds);
