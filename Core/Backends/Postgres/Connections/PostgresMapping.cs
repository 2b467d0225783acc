using Kollect.Core.Secrets;

namespace Kollect.Core.Backends.Postgres.Connections;

/// <summary>Maps libpq's parameters to a connection.</summary>
internal static class PostgresMapping
{
    private const int DefaultPort = 5432;
    private const int MaxHosts = 32;

    // The server refuses a start-up packet above 10,000 bytes (pqcomm.h, MAX_STARTUP_PACKET_LENGTH), and poolers take longer names than its own 63 bytes.
    private const int MaxNameBytes = 1_024;

    // auth.h, PG_MAX_AUTH_TOKEN_LENGTH: a token of a cloud identity is a long password.
    private const int MaxPasswordBytes = 65_535;

    /// <summary>Left = all problems.</summary>
    public static Either<Seq<Complaint>, PostgresConnection> Map(Seq<Parameter> parameters)
    {
        var read = new ParameterReader(parameters);
        var connection = new PostgresConnection(
            Hosts(read),
            Database(read),
            User(read),
            read.Text("password", MaxPasswordBytes),
            Ssl(read),
            read.Number("connect_timeout", 0, PostgresConnection.LongestTimeout, "seconds").Filter(seconds => seconds > 0),
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
            read.Text("application_name", MaxNameBytes) || read.Text("fallback_application_name", MaxNameBytes),
            Settings(read))
        {
            IsHostRepeated = parameters.Count(parameter => parameter.IsNamed("host")) > 1,
        };
        return read.Problems.IsEmpty ? connection : read.Problems;
    }

    private static Option<SecretText> Database(ParameterReader read)
    {
        var database = read.Text("dbname", MaxNameBytes);
        if (read.Find("dbname").IsNone)
            read.Refuse("names no database, and Kollect does not take the user's name for one; add it behind the host (/database), as dbname=, or under the "
                + "key dbname");
        return database;
    }

    private static Option<SecretText> User(ParameterReader read)
    {
        var user = read.Text("user", MaxNameBytes);
        if (read.Find("user").IsNone)
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

        var texts = parameter.Value.Reveal().Split(',');
        if (texts.Length > MaxHosts)
            read.Refuse(parameter, $"names {texts.Length} hosts; at most {MaxHosts} are possible");
        var hosts = texts.Select(HostAddress.Read).ToArray();
        hosts.SelectMany(host => host.LeftToSeq()).Distinct().ToSeq().Iter(why => read.Refuse(parameter, why));
        return hosts.Select(host => host.IfLeft(new HostAddress("", None)))
            .Zip(Ports(read, texts.Length), (host, port) => new PostgresHost(new SecretText(host.Name), Port(read, parameter, host.Port, port)))
            .ToArray()
            .ToSeq();
    }

    /// <summary>As in libpq: one port for all hosts, or one for each; an empty port means the default.</summary>
    private static Option<int>[] Ports(ParameterReader read, int hosts)
    {
        if (!read.Find("port").TrySome(out var parameter))
            return new Option<int>[hosts];
        var ports = parameter.Value.Reveal().Split(',').Select(text => PortOf(read, parameter, text)).ToArray();
        if (ports.Length > 1 && ports.Length != hosts)
            read.Refuse(parameter, $"names {ports.Length} ports for {hosts} hosts; give one port, or one for each host");
        return [.. Enumerable.Range(0, hosts).Select(i => ports.ElementAtOrDefault(ports.Length == 1 ? 0 : i))];
    }

    private static int Port(ParameterReader read, Parameter host, Option<int> own, Option<int> port)
    {
        if (own.IsSome && port.IsSome && own != port)
            read.Refuse(host, "has another port behind the colon than port has; remove one of them");
        return (own || port || read.Find("default port").Bind(parameter => PortOf(read, parameter, parameter.Value.Reveal()))).IfNone(DefaultPort);
    }

    private static Option<int> PortOf(ParameterReader read, Parameter parameter, string text)
    {
        if (string.IsNullOrWhiteSpace(text))
            return None;
        var port = HostAddress.PortOf(text);
        if (port.IsNone)
            read.Refuse(parameter.Complain(
                "port", parameter.Key.IsSome ? Wrong(text) : Wrong(text) + "; in a URL, percent-encode : / ? # @ in the user and password"));
        return port;
    }

    private static string Wrong(string text) =>
        (Wrapping.OfValue(text) || Wrapping.Base64(text).Filter(inner => HostAddress.PortOf(inner).IsSome).Map(_ => Wrapping.TwiceEncoded))
            .IfNone("must be a whole number, 1..65535");

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
        var idle = read.Number("keepalives_idle", 0, PostgresConnection.LongestKeepalive, "seconds").Filter(seconds => seconds > 0);
        var interval = read.Number("keepalives_interval", 0, PostgresConnection.LongestKeepalive, "seconds").Filter(seconds => seconds > 0);
        return enabled.IsSome || idle.IsSome || interval.IsSome
            ? new Keepalive(enabled.IfNone(true), idle, interval)
            : None;
    }

    /// <summary>Those of <c>options</c>, and those that stand beside it, as pgx and lib/pq write them.</summary>
    private static HashMap<string, SecretText> Settings(ParameterReader read)
    {
        var settings = read.Find("options").Match(
            parameter => StartupOptions.Read(parameter.Value.Reveal()).Match(
                given => given,
                problem =>
                {
                    read.Refuse(parameter, problem);
                    return HashMap<string, SecretText>();
                }),
            () => HashMap<string, SecretText>());
        settings = read.All
            .Choose(parameter => PostgresParameters.OfServer(parameter.Name.Reveal()).Map(name => (name, parameter.Value)))
            .Fold(settings, (all, it) => all.AddOrUpdate(it.name, it.Value));
        foreach (var (name, value) in settings.AsEnumerable().OrderBy(it => it.Key, StringComparer.Ordinal))
            foreach (var why in ServerValues.Problem(name, value.Reveal()))
                read.Refuse($"sets {name}, which {why}");
        return settings;
    }
}
