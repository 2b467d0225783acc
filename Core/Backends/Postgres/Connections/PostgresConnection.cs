using System.Globalization;
using Kollect.Core.Secrets;
using Kollect.Core.Sinks;

namespace Kollect.Core.Backends.Postgres.Connections;

/// <summary>
/// A connection to a PostgreSQL server. It states every setting that the driver needs, so that the driver reads none from the
/// environment or the files of this machine.
/// </summary>
/// <param name="Hosts">At least one, in the order to try.</param>
/// <param name="Database">Always stated by the Secret; never the user's name, which libpq and Npgsql would take.</param>
/// <param name="User">Always stated by the Secret; never taken from the operating system or <c>PGUSER</c>.</param>
/// <param name="Password">None = no password is sent.</param>
/// <param name="ConnectTimeoutSeconds">1..1024; None = only the caller's limit applies.</param>
/// <param name="TargetSession">The kind of server to accept where several hosts are given.</param>
/// <param name="LoadBalanceHosts">True = the hosts are tried in random order.</param>
/// <param name="Keepalive">None = the settings of the operating system.</param>
/// <param name="ApplicationName">None = the caller's default.</param>
/// <param name="Parameters">Server parameters from <c>options=-c …</c>, by lower-case name; the transaction sets them.</param>
internal sealed record PostgresConnection(
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
    HashMap<string, SecretText> Parameters)
{
    /// <summary>The longest <c>connect_timeout</c> in seconds (Npgsql's documentation, "Connection String Parameters", Timeout).</summary>
    public const int LongestTimeout = 1_024;

    /// <summary>
    /// The longest <c>keepalives_idle</c> and <c>keepalives_interval</c> in seconds (Linux, net/tcp.h, MAX_TCP_KEEPIDLE and MAX_TCP_KEEPINTVL).
    /// </summary>
    public const int LongestKeepalive = 32_767;

    /// <summary>The Secret, and its key, that <see cref="Parameters"/> come from, for messages.</summary>
    public string Place { get; init; } = "";

    /// <summary>The host is stated more than once: one of them may be a piece of a password that lacks its quotes.</summary>
    internal bool IsHostRepeated { get; init; }

    /// <summary>What messages may call the connection.</summary>
    /// <param name="settings">Of the sink.</param>
    /// <param name="secret">The Secret that the hosts come from.</param>
    public ConnectionNames Names(SinkSettings settings, SecretRef secret) => new(
        IsHostRepeated ? Seq<string>() : Hosts.Map(host => host.ToText()),
        $"database {Reveal(Database)}, user {Reveal(User)}",
        Password.ToSeq(),
        ConnectionNames.IsOwn(settings, secret));

    /// <summary>Hosts, ports and database.</summary>
    internal SecretText ServerIdentity => Backends.ServerIdentity.Of(
        Hosts.Map(host => string.Create(CultureInfo.InvariantCulture, $"{host.Host.Reveal()}:{host.Port}"))
            .Add(Reveal(Database)));

    private static string Reveal(Option<SecretText> text) => text.Match(it => it.Reveal(), () => "");
}

/// <summary>The address of a server.</summary>
/// <param name="Host">
/// Name, IPv4, IPv6 without brackets, or the folder of a unix socket, which starts with <c>/</c>; with <c>@</c> in Linux's abstract namespace.
/// </param>
/// <param name="Port">1..65535.</param>
internal sealed record PostgresHost(SecretText Host, int Port)
{
    /// <summary>True for a unix socket, on which TLS is never used.</summary>
    public bool IsSocket => HostAddress.IsSocket(Host.Reveal());

    /// <summary><c>db:5432</c>, <c>[::1]:5432</c>, <c>/run/postgresql/.s.PGSQL.5432</c></summary>
    internal string ToText()
    {
        var (host, port) = (Host.Reveal(), Port.ToString(CultureInfo.InvariantCulture));
        return IsSocket ? $"{host.TrimEnd('/')}/.s.PGSQL.{port}" : host.Contains(':') ? $"[{host}]:{port}" : $"{host}:{port}";
    }
}

/// <summary>libpq's <c>sslmode</c> (PostgreSQL manual, "SSL Support").</summary>
internal enum SslMode
{
    /// <summary>TLS is never used.</summary>
    Disable,

    /// <summary>TLS only where the server requires it.</summary>
    Allow,

    /// <summary>TLS where the server offers it; the default.</summary>
    Prefer,

    /// <summary>TLS is required; the certificate is not checked.</summary>
    Require,

    /// <summary>TLS is required, with a certificate of a trusted authority.</summary>
    VerifyCa,

    /// <summary>As <see cref="VerifyCa"/>, and the certificate must name the host.</summary>
    VerifyFull,
}

/// <summary>libpq's <c>target_session_attrs</c>.</summary>
internal enum TargetSession
{
    /// <summary>The first server that answers; the default.</summary>
    Any,

    /// <summary>A server that accepts writes by default.</summary>
    ReadWrite,

    /// <summary>A server that refuses writes by default.</summary>
    ReadOnly,

    /// <summary>A server that is not a hot standby.</summary>
    Primary,

    /// <summary>A hot standby.</summary>
    Standby,

    /// <summary>A hot standby if there is one, otherwise any server.</summary>
    PreferStandby,
}

/// <summary>libpq's <c>channel_binding</c>.</summary>
internal enum ChannelBinding
{
    /// <summary>Used where both sides support it; the default.</summary>
    Prefer,

    /// <summary>Never used.</summary>
    Disable,

    /// <summary>Required; without it the connection fails.</summary>
    Require,
}

/// <summary>TCP keepalive settings.</summary>
/// <param name="IdleSeconds">None = the setting of the operating system.</param>
/// <param name="IntervalSeconds">None = the setting of the operating system.</param>
internal sealed record Keepalive(bool Enabled, Option<int> IdleSeconds, Option<int> IntervalSeconds);
