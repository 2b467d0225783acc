using Kollect.Core.Secrets;

namespace Kollect.Core.Backends.Postgres.Connections;

/// <summary>
/// Parameters of connection strings that other drivers and their tools know: pgx and lib/pq (Go), Prisma and node-postgres (JavaScript),
/// pgjdbc (Java), SQLAlchemy (Python), and hosting services. What Kollect has too is translated; the others are refused by name.
/// </summary>
internal static class OtherDrivers
{
    private const string OneConnection = "it sizes or manages a pool, and an export uses one connection; remove it";
    private const string Statements = "it tunes prepared statements of another driver, and an export leaves none behind; remove it";
    private const string Cluster = "it routes to a cluster of CockroachDB, which lacks the advisory locks that an export takes; use PostgreSQL";
    private const string NoSni = "it routes drivers that do not send the host's name with TLS, and this one does; remove it, and set sslmode=require";

    /// <summary>Known and refused: the reason and the remedy.</summary>
    private static readonly Dictionary<string, string> Refused = new(StringComparer.Ordinal)
    {
        ["pool_max_conns"] = OneConnection,
        ["pool_min_conns"] = OneConnection,
        ["pool_min_idle_conns"] = OneConnection,
        ["pool_max_conn_lifetime"] = OneConnection,
        ["pool_max_conn_lifetime_jitter"] = OneConnection,
        ["pool_max_conn_idle_time"] = OneConnection,
        ["pool_health_check_period"] = OneConnection,
        ["connection_limit"] = OneConnection,
        ["pool_timeout"] = OneConnection,
        ["pool_size"] = OneConnection,
        ["poolsize"] = OneConnection,
        ["max_overflow"] = OneConnection,
        ["single_use_connections"] = OneConnection,
        ["max"] = OneConnection,
        ["min"] = OneConnection,
        ["maximumPoolSize"] = OneConnection,
        ["idleTimeoutMillis"] = OneConnection,
        ["pgbouncer"] = "it tells Prisma of a pooler, which an export needs not know: it works behind one; remove it",
        ["prefer_simple_protocol"] = Statements,
        ["default_query_exec_mode"] = Statements,
        ["statement_cache_capacity"] = Statements,
        ["statement_cache_mode"] = Statements,
        ["statement_cache_size"] = Statements,
        ["description_cache_capacity"] = Statements,
        ["prepared_statement_cache_size"] = Statements,
        ["prepareThreshold"] = Statements,
        ["preparedStatementCacheQueries"] = Statements,
        ["preparedStatementCacheSizeMiB"] = Statements,
        ["preferQueryMode"] = Statements,
        ["prepared_statements"] = Statements,
        ["binary_parameters"] = Statements,
        ["disable_prepared_binary_result"] = Statements,
        ["reWriteBatchedInserts"] = "it rewrites statements of another driver; remove it",
        ["stringtype"] = "it is a setting of another driver; remove it",
        ["uselibpqcompat"] = "sslmode means here what it means to libpq; remove it",
        ["schema"] = "name the schema in spec.postgres.schema",
        ["currentSchema"] = "name the schema in spec.postgres.schema",
        ["cluster"] = Cluster,
        ["endpoint"] = NoSni,
        ["project"] = NoSni,
        ["reference"] = NoSni,
        ["socketTimeout"] = "set options.statement_timeout in the sink (milliseconds)",
        ["socket_timeout"] = "set options.statement_timeout in the sink (milliseconds)",
        ["query_timeout"] = "set options.statement_timeout in the sink (milliseconds)",
        ["command_timeout"] = "set options.statement_timeout in the sink (milliseconds)",
        ["connectTimeout"] = "write connect_timeout (seconds)",
        ["connectionTimeoutMillis"] = "write connect_timeout (seconds)",
        ["timeout"] = "write connect_timeout (seconds)",
        ["targetServerType"] = "write target_session_attrs (primary, standby, read-write, …)",
        ["loadBalanceHosts"] = "write load_balance_hosts=random",
        ["ssl"] = "write sslmode=disable, require, verify-ca or verify-full",
        ["tls"] = "write sslmode=disable, require, verify-ca or verify-full",
        ["useSSL"] = "write sslmode=disable, require, verify-ca or verify-full",
        ["sslaccept"] = "write sslmode=verify-full, and give the authority in spec.tls.caSecretRef",
        ["sslidentity"] = "client certificates are not supported; authenticate with a user and password",
        ["sslinline"] = "certificates do not stand in a connection string; give the authority in spec.tls.caSecretRef",
        ["sslfactory"] = "write sslmode=verify-full, and give the authority in spec.tls.caSecretRef",
        ["sslhostnameverifier"] = "write sslmode=verify-full, and give the authority in spec.tls.caSecretRef",
        ["krbspn"] = "it fetches the machine's Kerberos identity; authenticate with a user and password",
        ["authMechanism"] = "it is a parameter of MongoDB; is spec.type right?",
        ["authSource"] = "it is a parameter of MongoDB; is spec.type right?",
        ["replicaSet"] = "it is a parameter of MongoDB; is spec.type right?",
        ["retryWrites"] = "it is a parameter of MongoDB; is spec.type right?",
    };

    /// <summary>Names as the drivers write them.</summary>
    public static IEnumerable<string> Names => Refused.Keys;

    /// <summary>The reason and the remedy; None = the name is not known.</summary>
    public static Option<string> Why(string name) => Refused.TryGetValue(name, out var why) ? Some(why) : None;

    /// <summary>The parameter of libpq that means the same; any other parameter stays as it is.</summary>
    public static Parameter Translate(Parameter parameter) => (parameter.Name.Reveal(), parameter.Value.Reveal().ToLowerInvariant()) switch
    {
        // libpq itself reads pgjdbc's ssl=true so; node-postgres writes the other three.
        ("ssl", "true" or "1") => As(parameter, "sslmode", new SecretText("require")),
        ("ssl", "false" or "0") => As(parameter, "sslmode", new SecretText("disable")),
        ("ApplicationName", _) => As(parameter, "application_name", parameter.Value),
        ("loginTimeout", _) => As(parameter, "connect_timeout", parameter.Value),
        ("tcpKeepAlive", "true") => As(parameter, "keepalives", new SecretText("1")),
        ("tcpKeepAlive", "false") => As(parameter, "keepalives", new SecretText("0")),
        _ => parameter,
    };

    private static Parameter As(Parameter parameter, string name, SecretText value) => parameter with { Name = new SecretText(name), Value = value };
}
