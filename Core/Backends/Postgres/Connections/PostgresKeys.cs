namespace Kollect.Core.Backends.Postgres.Connections;

/// <summary>
/// The keys that operators and hosting services give to the parts of a connection: <c>dbname</c> (CloudNativePG), <c>endpoint</c> (Crossplane),
/// <c>PGSSLMODE</c> and <c>POSTGRESQL_HOST</c> (Aiven), <c>DATABASE_NAME</c> (movetokube), <c>POSTGRES_DB</c> (the image of PostgreSQL).
/// </summary>
internal static class PostgresKeys
{
    /// <summary>Longest first.</summary>
    private static readonly string[] Prefixes = ["postgresql", "postgres", "database", "pg", "db"];

    /// <summary>Keys in lower case without signs -> the parameter.</summary>
    private static readonly Dictionary<string, string> Parameters = new(StringComparer.Ordinal)
    {
        ["host"] = "host",
        ["hostname"] = "host",
        ["hosts"] = "host",
        ["server"] = "host",
        ["address"] = "host",
        ["endpoint"] = "host",
        ["port"] = "port",
        ["dbname"] = "dbname",
        ["database"] = "dbname",
        ["db"] = "dbname",
        ["databasename"] = "dbname",
        ["user"] = "user",
        ["username"] = "user",
        ["login"] = "user",
        ["password"] = "password",
        ["pass"] = "password",
        ["pwd"] = "password",
        ["appname"] = "application_name",
    };

    /// <summary>Parameters that may have a key of their own besides those.</summary>
    private static readonly string[] Others =
    [
        "sslmode", "sslrootcert", "sslcert", "sslkey", "sslpassword", "sslcertmode", "sslcrl", "sslnegotiation", "sslsni", "ssl_min_protocol_version",
        "channel_binding", "gssencmode", "require_auth", "hostaddr", "connect_timeout", "target_session_attrs", "load_balance_hosts", "keepalives",
        "keepalives_idle", "keepalives_interval", "application_name", "options", "search_path",
    ];

    /// <summary>Parameters of other drivers that a Secret may hold and an export would miss.</summary>
    private static readonly string[] OfOtherDrivers =
    [
        "ssl", "tls", "useSSL", "sslaccept", "schema", "currentSchema", "pgbouncer", "connection_limit", "pool_timeout", "pool_max_conns", "pool_min_conns",
        "pool_size", "prefer_simple_protocol", "targetServerType", "cluster",
    ];

    private static readonly string[] NotRead = ["pgpass"]; // the text of a password file (CloudNativePG)

    private static readonly Dictionary<string, string> ByPlain = Parameters
        .Concat(Others.Concat(OfOtherDrivers).Select(name => KeyValuePair.Create(Plain(name), name)))
        .ToDictionary(StringComparer.Ordinal);

    /// <summary>Each parameter with its keys, in lower case without signs.</summary>
    public static IEnumerable<(string Parameter, Seq<string> Keys)> Table =>
        ByPlain.GroupBy(it => it.Value, it => it.Key).Select(group => (group.Key, group.ToArray().ToSeq()));

    /// <summary>What may stand before any of the keys.</summary>
    public static Seq<string> KeyPrefixes => Prefixes.ToSeq();

    /// <summary>Every key of a Secret that is read, in lower case without signs.</summary>
    public static IEnumerable<string> Names => ByPlain.Keys;

    /// <summary>The parameter that a key of a Secret holds, in any spelling; None = it holds something else.</summary>
    public static Option<string> ParameterOf(string key)
    {
        var plain = Plain(key);
        return NotRead.Contains(plain) ? None
            : Find(plain) || Prefixes.Where(prefix => plain.StartsWith(prefix, StringComparison.Ordinal)).Select(prefix => Find(plain[prefix.Length..]))
                .FirstOrDefault(found => found.IsSome);
    }

    /// <summary>True = a parameter of another driver, which libpq does not know.</summary>
    public static bool IsForeign(string name) => OfOtherDrivers.Contains(name);

    private static Option<string> Find(string plain) => ByPlain.TryGetValue(plain, out var name) ? name : None;

    private static string Plain(string key) => string.Concat(key.Where(char.IsAsciiLetterOrDigit)).ToLowerInvariant();
}
