using Kollect.Core.Secrets;

namespace Kollect.Core.Backends.Postgres.Connections;

/// <summary>
/// The allow-list of parameters in a connection string, which is untrusted. A parameter that reads a file or the environment of
/// this machine, or that fetches an identity, is refused by name.
/// </summary>
internal static class PostgresParameters
{
    private const string UseTls = "give the authority in spec.tls.caSecretRef or spec.tls.caBundle";
    private const string NoFiles = "it names a file of the machine that Kollect runs on";
    private const string NoClientCertificate = NoFiles + "; authenticate with a user and password";

    /// <summary>Parameters that the mapping reads.</summary>
    private static readonly string[] Read =
    [
        "host", "port", "default port", "dbname", "user", "password", "sslmode", "sslrootcert", "connect_timeout", "target_session_attrs",
        "load_balance_hosts", "channel_binding", "keepalives", "keepalives_idle", "keepalives_interval", "application_name",
        "fallback_application_name", "options",
    ];

    /// <summary>Accepted with values that have no effect; an empty list accepts any value.</summary>
    private static readonly Dictionary<string, string[]> WithoutEffect = new(StringComparer.Ordinal)
    {
        ["client_encoding"] = ["utf8", "utf-8", "unicode", "auto"],
        ["gssencmode"] = ["disable", "prefer"],
        ["sslnegotiation"] = ["postgres"],
        ["sslcompression"] = ["0"],
        ["sslsni"] = ["1"],
        ["ssl_min_protocol_version"] = ["tlsv1", "tlsv1.1", "tlsv1.2"],
        ["pooling"] = [],
        ["persist security info"] = [],
        ["trust server certificate"] = [],
        ["include error detail"] = [],
    };

    /// <summary>Known and refused: the reason and the remedy.</summary>
    private static readonly Dictionary<string, string> Refused = new(StringComparer.Ordinal)
    {
        ["sslcert"] = NoClientCertificate,
        ["sslkey"] = NoClientCertificate,
        ["sslpassword"] = NoClientCertificate,
        ["sslcertmode"] = "client certificates are not supported; authenticate with a user and password",
        ["sslrootcert"] = $"{NoFiles}; {UseTls}",
        ["sslcrl"] = $"{NoFiles}; remove it",
        ["sslcrldir"] = $"{NoFiles}; remove it",
        ["sslkeylogfile"] = $"{NoFiles}; remove it",
        ["ssl_max_protocol_version"] = "it can only weaken TLS; remove it",
        ["passfile"] = $"{NoFiles}; put the password into the Secret, key password",
        ["service"] = $"{NoFiles}; write its parameters into the Secret",
        ["servicefile"] = $"{NoFiles}; write its parameters into the Secret",
        ["hostaddr"] = "the address would replace the name that TLS verifies; put the address into host",
        ["krbsrvname"] = "it fetches the machine's Kerberos identity; authenticate with a user and password",
        ["gsslib"] = "it fetches the machine's Kerberos identity; authenticate with a user and password",
        ["gssdelegation"] = "it forwards the machine's Kerberos identity; authenticate with a user and password",
        ["integrated security"] = "it fetches the machine's identity; authenticate with a user and password",
        ["requirepeer"] = "it reads the machine's user table; remove it",
        ["require_auth"] = "it is not supported; use channel_binding=require or sslmode=verify-full to authenticate the server",
        ["scram_client_key"] = "it is not supported; give the password",
        ["scram_server_key"] = "it is not supported; give the password",
        ["oauth_issuer"] = "it fetches an identity over the network; authenticate with a user and password",
        ["oauth_client_id"] = "it fetches an identity over the network; authenticate with a user and password",
        ["oauth_client_secret"] = "it fetches an identity over the network; authenticate with a user and password",
        ["oauth_scope"] = "it fetches an identity over the network; authenticate with a user and password",
        ["replication"] = "a replication session cannot write rows; remove it",
        ["keepalives_count"] = "it is not supported; use keepalives_idle and keepalives_interval",
        ["tcp_user_timeout"] = "it is not supported; set options.tcp_user_timeout in the sink for the server's side",
        ["search_path"] = "it would move the table; name the schema in spec.postgres.schema",
        ["command timeout"] = "set options.statement_timeout in the sink (milliseconds)",
    };

    /// <summary>Every name of libpq that Kollect knows, allowed or not.</summary>
    public static IEnumerable<string> Names => Read.Concat(WithoutEffect.Keys).Concat(Refused.Keys);

    /// <summary>True for a name of libpq that Kollect knows, allowed or not.</summary>
    public static bool IsKnown(string name) =>
        Read.Contains(name) || WithoutEffect.ContainsKey(name) || Refused.ContainsKey(name);

    /// <summary>Why a parameter is refused with whatever value; None = with some value it is accepted.</summary>
    public static Option<string> Why(string name) =>
        Refused.TryGetValue(name, out var why) ? Some(why) : IsKnown(name) || OfServer(name).IsSome ? None : Refusal(name);

    /// <summary>A parameter of the server, which pgx and lib/pq pass on; libpq itself takes it in <c>options</c> only. In lower case.</summary>
    public static Option<string> OfServer(string name) =>
        IsKnown(name) ? None : ServerParameters.WellKnown.Find(known => string.Equals(known, name, StringComparison.OrdinalIgnoreCase));

    /// <summary>Why a name cannot stand in <c>spec.options</c>: no server has such a parameter, but a client has. None = a server may have it.</summary>
    public static Option<string> OfConnectionOnly(string name) =>
        Join(ServerParameters.WellKnown, ServerParameters.Forbidden.Map(it => it.Name)).Contains(name.ToLowerInvariant()) ? None
        : OtherDrivers.Why(name).Map(why => $"is no parameter of a server: {why}")
            || (IsKnown(name)
                ? Some("is a parameter of connections and not of a server; write it into the connection string, or under a key of the Secret of databaseRef")
                : None);

    /// <summary>
    /// The reason to refuse a parameter; None = it is accepted. An unknown name is not shown: after a missing quote it may be part
    /// of the password.
    /// </summary>
    public static Option<Complaint> Objection(Parameter parameter)
    {
        var name = parameter.Name.Reveal();
        var value = parameter.Value.Reveal();
        if (value.Contains('\0'))
            return parameter.Complain(IsKnown(name) ? name : "a parameter", "contains a NUL character, which the protocol cannot carry");
        if (IsKnown(name))
            return Objection(name, value).Map(why => parameter.Complain(name, why));
        if (OfServer(name).IsSome)
            return None;
        return Refusal(name).Match(
            why => parameter.Complain(name, $"is refused: {why}"),
            () => new Complaint(
                parameter.Key,
                $"character {parameter.At}: unknown parameter (its name is not shown: it may be part of a password that is not quoted or "
                    + $"percent-encoded); known are {string.Join(", ", Read.Except(["default port", "sslrootcert", "fallback_application_name"]))}"));
    }

    private static Option<string> Objection(string name, string value)
    {
        if (name is "user" or "password" or "dbname" && Wrapping.Unfilled(value).TrySome(out var unfilled))
            return unfilled;
        if (name == "sslrootcert" && value == "system")
            return None;
        if (Refused.TryGetValue(name, out var why))
            return $"is refused: {why}";
        return WithoutEffect.TryGetValue(name, out var values) && values.Length > 0 && !values.Contains(value.ToLowerInvariant())
            ? $"is refused: only {string.Join(" or ", values)} is possible here; remove it"
            : None;
    }

    /// <summary>Why a name that libpq does not know is refused; None = nobody knows it.</summary>
    private static Option<string> Refusal(string name) =>
        OtherDrivers.Why(name)
        || ServerParameters.Forbidden.Find(forbidden => string.Equals(forbidden.Name, name, StringComparison.OrdinalIgnoreCase)).Map(it => it.Why)
        || Names.Concat(OtherDrivers.Names).Where(known => Plain(known) == Plain(name))
            .Select(known => Some($"write {known}")).FirstOrDefault();

    /// <summary>Drivers differ in case and in the sign between two words.</summary>
    private static string Plain(string name) => string.Concat(name.Where(char.IsAsciiLetterOrDigit)).ToLowerInvariant();
}
