using Kollect.Core.Secrets;

namespace Kollect.Core.Backends.Postgres.Connections;

/// <summary>Maps libpq's parameters to a connection.</summary>
internal static class PostgresMapping
{
    private const int DefaultPort = 5432;
    private const int MaxHosts = 32;

    /// <summary>Left = all problems.</summary>
    public static Either<Seq<string>, PostgresConnection> Map(Seq<Parameter> parameters)
    {
        var read = new ParameterReader(parameters);
        var connection = new PostgresConnection(
            Hosts(read),
            read.Text("dbname") || read.Text("user"),
            User(read),
            read.Text("password"),
            Ssl(read),
            read.Number("connect_timeout", 0, 1024, "seconds").Filter(seconds => seconds > 0),
            read.Choice(
                "target_session_attrs",
                TargetSession.Any,
                ("any", TargetSession.Any),
                ("read-write", TargetSession.ReadWrite),
                ("read-only", TargetSession.ReadOnly),
                ("primary", TargetSession.Primary),
                ("standby", TargetSession.Standby),
                ("prefer-standby", TargetSession.PreferStandby)),
            read.Choice("load_balance_hosts", false, ("disable", false), ("random", true)),
            read.Choice(
                "channel_binding",
                ChannelBinding.Prefer,
                ("prefer", ChannelBinding.Prefer),
                ("disable", ChannelBinding.Disable),
                ("require", ChannelBinding.Require)),
            Keepalives(read),
            read.Text("application_name") || read.Text("fallback_application_name"),
            Options(read));
        return read.Problems.IsEmpty ? connection : read.Problems;
    }

    private static Option<SecretText> User(ParameterReader read)
    {
        var user = read.Text("user");
        if (user.IsNone)
            read.Refuse("names no user; Kollect does not fall back to the user that it runs as: add one, or a Secret with username in spec.secretRef");
        return user;
    }

    private static Seq<PostgresHost> Hosts(ParameterReader read)
    {
        if (!read.Find("host").TrySome(out var parameter))
        {
            read.Refuse("names no host; Kollect does not fall back to a server on its own machine");
            return Seq<PostgresHost>();
        }

        var hosts = parameter.Value.Reveal().Split(',');
        if (hosts.Length > MaxHosts)
            read.Refuse($"host (character {parameter.At}): {hosts.Length} hosts, at most {MaxHosts} are allowed");
        if (hosts.Any(string.IsNullOrWhiteSpace))
            read.Refuse($"host (character {parameter.At}): a host is empty");
        return hosts.Zip(Ports(read, hosts.Length), (host, port) => new PostgresHost(new SecretText(host), port)).ToSeq();
    }

    /// <summary>As in libpq: one port for all hosts, or one for each; an empty port means the default.</summary>
    private static IEnumerable<int> Ports(ParameterReader read, int hosts)
    {
        var shared = PortList(read, "port");
        var own = PortList(read, "host ports");
        if (shared.Length > 1 && shared.Length != hosts)
            read.Refuse($"port: {shared.Length} ports for {hosts} hosts; give one port, or one for each host");
        return Enumerable.Range(0, hosts).Select(i =>
            (own.ElementAtOrDefault(i) || shared.ElementAtOrDefault(shared.Length == 1 ? 0 : i)).IfNone(DefaultPort));
    }

    private static Option<int>[] PortList(ParameterReader read, string name) =>
        read.Find(name).Match(
            parameter => parameter.Value.Reveal().Split(',').Select(text => Port(read, parameter, text)).ToArray(),
            () => []);

    private static Option<int> Port(ParameterReader read, Parameter parameter, string text)
    {
        if (string.IsNullOrWhiteSpace(text))
            return None;
        var port = ParameterReader.Integer(text).Filter(number => number is >= 1 and <= 65535);
        if (port.IsNone)
            read.Refuse($"port (character {parameter.At}): must be a whole number, 1..65535; in a URL, percent-encode : / ? # @ in the user and password");
        return port;
    }

    /// <summary><c>sslrootcert=system</c> names no file; libpq then requires verify-full and makes it the default.</summary>
    private static SslMode Ssl(ParameterReader read)
    {
        var system = read.Find("sslrootcert").IsSome;
        var mode = read.Choice(
            "sslmode",
            system ? SslMode.VerifyFull : SslMode.Prefer,
            ("disable", SslMode.Disable),
            ("allow", SslMode.Allow),
            ("prefer", SslMode.Prefer),
            ("require", SslMode.Require),
            ("verify-ca", SslMode.VerifyCa),
            ("verify-full", SslMode.VerifyFull));
        if (system && mode != SslMode.VerifyFull)
            read.Refuse("sslrootcert=system requires sslmode=verify-full: a public authority issues certificates to any applicant");
        return mode;
    }

    private static Option<Keepalive> Keepalives(ParameterReader read)
    {
        var enabled = read.Choice("keepalives", Option<bool>.None, ("1", Some(true)), ("0", Some(false)));
        var idle = read.Number("keepalives_idle", 0, 86_400, "seconds").Filter(seconds => seconds > 0);
        var interval = read.Number("keepalives_interval", 0, 86_400, "seconds").Filter(seconds => seconds > 0);
        return enabled.IsSome || idle.IsSome || interval.IsSome
            ? new Keepalive(enabled.IfNone(true), idle, interval)
            : None;
    }

    private static HashMap<string, SecretText> Options(ParameterReader read) =>
        read.Find("options").Match(
            parameter => StartupOptions.Read(parameter.Value.Reveal()).Match(
                settings => settings,
                problem =>
                {
                    read.Refuse($"options (character {parameter.At}): {problem}");
                    return HashMap<string, SecretText>();
                }),
            () => HashMap<string, SecretText>());
}
