namespace Kollect.Core.Backends.Postgres.Connections;

/// <summary>Translates Npgsql's keywords into libpq's parameter names, so that one mapping reads both forms.</summary>
internal static class NpgsqlNames
{
    /// <summary>Npgsql's keyword, lower-case without spaces -> libpq's, or a keyword of Npgsql alone.</summary>
    private static readonly System.Collections.Generic.Dictionary<string, string> Libpq = new(StringComparer.Ordinal)
    {
        ["host"] = "host",
        ["server"] = "host",
        ["port"] = "port",
        ["database"] = "dbname",
        ["db"] = "dbname",
        ["username"] = "user",
        ["userid"] = "user",
        ["uid"] = "user",
        ["user"] = "user",
        ["password"] = "password",
        ["psw"] = "password",
        ["pwd"] = "password",
        ["sslmode"] = "sslmode",
        ["timeout"] = "connect_timeout",
        ["targetsessionattributes"] = "target_session_attrs",
        ["loadbalancehosts"] = "load_balance_hosts",
        ["applicationname"] = "application_name",
        ["options"] = "options",
        ["channelbinding"] = "channel_binding",
        ["tcpkeepalive"] = "keepalives",
        ["clientencoding"] = "client_encoding",
        ["gssencryptionmode"] = "gssencmode",
        ["rootcertificate"] = "sslrootcert",
        ["sslcertificate"] = "sslcert",
        ["sslkey"] = "sslkey",
        ["sslpassword"] = "sslpassword",
        ["passfile"] = "passfile",
        ["kerberosservicename"] = "krbsrvname",
        ["requireauth"] = "require_auth",
        ["sslnegotiation"] = "sslnegotiation",
        ["searchpath"] = "search_path",
        ["commandtimeout"] = "command timeout",
        ["integratedsecurity"] = "integrated security",
        ["persistsecurityinfo"] = "persist security info",
        ["trustservercertificate"] = "trust server certificate",
        ["includeerrordetail"] = "include error detail",
        ["pooling"] = "pooling",
        ["minpoolsize"] = "pooling",
        ["minimumpoolsize"] = "pooling",
        ["maxpoolsize"] = "pooling",
        ["maximumpoolsize"] = "pooling",
        ["connectionlifetime"] = "pooling",
        ["connectionidlelifetime"] = "pooling",
        ["connectionpruninginterval"] = "pooling",
        ["noresetonclose"] = "pooling",
        ["enlist"] = "pooling",
        ["maxautoprepare"] = "pooling",
    };

    /// <summary>Every keyword of Npgsql that is known, in lower case without spaces.</summary>
    public static IEnumerable<string> Names => Libpq.Keys;

    /// <summary>libpq's name for a keyword of Npgsql; None = the keyword is unknown.</summary>
    public static Option<string> Canonical(string keyword) =>
        Libpq.TryGetValue(keyword.Replace(" ", "", StringComparison.Ordinal).ToLowerInvariant(), out var name) ? name : None;

    /// <summary>The pairs under libpq's names; an unknown name stays as it is, and the mapping refuses it.</summary>
    public static Seq<Parameter> ToLibpq(Seq<Parameter> pairs) => pairs.Map(ToLibpq);

    // Host=a:5433,b may contain ports, which overrule Port=.
    private static Parameter ToLibpq(Parameter pair) =>
        Canonical(pair.Name.Reveal()).Match(
            name => name switch
            {
                "host" => Renamed(pair, name, string.Join(',', pair.Value.Reveal().Split(',').Select(host => host.Trim()))),
                "port" => Renamed(pair, "default port", pair.Value.Reveal()),
                "sslmode" or "target_session_attrs" => Renamed(pair, name, Hyphenated(name, pair.Value.Reveal())),
                "channel_binding" or "gssencmode" => Renamed(pair, name, pair.Value.Reveal().ToLowerInvariant()),
                "load_balance_hosts" => Renamed(pair, name, Flag(pair, "random", "disable")),
                "keepalives" => Renamed(pair, name, Flag(pair, "1", "0")),
                _ => Renamed(pair, name, pair.Value.Reveal()),
            },
            () => pair);

    /// <summary>Npgsql writes VerifyFull, libpq verify-full.</summary>
    private static string Hyphenated(string name, string value)
    {
        var plain = value.Replace("-", "", StringComparison.Ordinal).Replace("_", "", StringComparison.Ordinal).ToLowerInvariant();
        return (name, plain) switch
        {
            ("sslmode", "verifyca") => "verify-ca",
            ("sslmode", "verifyfull") => "verify-full",
            ("target_session_attrs", "readwrite") => "read-write",
            ("target_session_attrs", "readonly") => "read-only",
            ("target_session_attrs", "preferstandby") => "prefer-standby",
            _ => plain,
        };
    }

    private static string Flag(Parameter pair, string yes, string no) => pair.Value.Reveal().ToLowerInvariant() switch
    {
        "true" or "yes" => yes,
        "false" or "no" => no,
        var other => other,
    };

    private static Parameter Renamed(Parameter pair, string name, string value) => new(name, value, pair.At, pair.Quoted);
}
