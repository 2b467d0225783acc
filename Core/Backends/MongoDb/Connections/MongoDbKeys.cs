namespace Kollect.Core.Backends.MongoDb.Connections;

/// <summary>
/// The names of options in connection strings and in keys of Secrets: which are passed on to the driver, which are refused and why, and what
/// operators and hosting services call them (<c>MONGODB_HOST</c>, <c>auth-source</c>).
/// </summary>
internal static class MongoDbKeys
{
    private const string NoFile = "it names a file of the machine that Kollect runs on; ";
    private const string Authority = NoFile + "give the authority in spec.tls.caSecretRef or spec.tls.caBundle";
    private const string ClientCertificate = NoFile + "authenticate with a user and password";
    private const string OfTheSink = "it is a setting of the sink; set spec.tls.insecureSkipVerify";
    private const string Proxy = "rows and password would go through a server that the sink does not name; remove it";
    private const string Pool = "it belongs to another driver's pool of connections, and an export uses one; remove it";
    private const string Old = "it belongs to an older version of a driver and has no meaning now; remove it";
    private const string OfPostgres = "it is a parameter of PostgreSQL; is spec.type right?";

    /// <summary>The maximum length of the value of an option, in characters; the names of databases, replica sets and tags are much shorter.</summary>
    public const int MaxText = 255;

    private static readonly string[] Prefixes = ["mongodb", "mongo"];

    private static readonly string[] Allowed =
    [
        "appname", "authsource", "compressors", "connecttimeoutms", "directconnection", "heartbeatfrequencyms", "journal", "loadbalanced",
        "localthresholdms", "maxidletimems", "maxpoolsize", "minpoolsize", "readconcernlevel", "readpreference", "readpreferencetags",
        "replicaset", "retryreads", "retrywrites", "serverselectiontimeoutms", "sockettimeoutms", "srvmaxhosts", "srvservicename", "ssl", "tls",
        "uuidrepresentation", "w", "waitqueuetimeoutms", "wtimeoutms", "zlibcompressionlevel",
    ];

    private static readonly Dictionary<string, string> Refused = new(StringComparer.Ordinal)
    {
        ["tlscafile"] = Authority,
        ["tlscertificatekeyfile"] = ClientCertificate,
        ["tlscertificatekeyfilepassword"] = "it belongs to a file of the machine that Kollect runs on; authenticate with a user and password",
        ["tlscrlfile"] = NoFile + "remove it",
        ["tlsinsecure"] = OfTheSink,
        ["tlsallowinvalidcertificates"] = OfTheSink,
        ["tlsallowinvalidhostnames"] = OfTheSink,
        ["tlsdisablecertificaterevocationcheck"] = "no revocation is asked for anyway; remove it",
        ["tlsdisableocspendpointcheck"] = "no revocation is asked for anyway; remove it",
        ["authmechanismproperties"] = "it can make the driver run a program or fetch a cloud identity; authenticate with a user and password",
        ["proxyhost"] = Proxy,
        ["proxyport"] = Proxy,
        ["proxyusername"] = Proxy,
        ["proxypassword"] = Proxy,

        // Of other drivers, of older versions, and of mgo, PyMongo, Mongoose and the shell.
        ["wtimeout"] = "drivers disagree about its unit; write wTimeoutMS (milliseconds)",
        ["j"] = "write journal",
        ["fsync"] = "write journal=true",
        ["safe"] = "write w=majority",
        ["slaveok"] = "an export reads from the primary; remove it",
        ["connect"] = "write directConnection=true or replicaSet",
        ["sockettimeout"] = "write socketTimeoutMS (milliseconds)",
        ["connecttimeout"] = "write connectTimeoutMS (milliseconds)",
        ["timeout"] = "write serverSelectionTimeoutMS (milliseconds)",
        ["timeoutms"] = "write socketTimeoutMS and serverSelectionTimeoutMS (milliseconds)",
        ["waitqueuetimeout"] = "write waitQueueTimeoutMS (milliseconds)",
        ["waitqueuemultiple"] = Pool,
        ["waitqueuesize"] = Pool,
        ["poolsize"] = Pool,
        ["maxconnecting"] = Pool,
        ["maxlifetimems"] = Pool,
        ["maxstalenessseconds"] = "an export reads from the primary; remove it",
        ["readconcern"] = "write readConcernLevel",
        ["serverselectiontryonce"] = Old,
        ["servermonitoringmode"] = "an export does not watch its server; remove it",
        ["usenewurlparser"] = Old,
        ["useunifiedtopology"] = Old,
        ["usecreateindex"] = Old,
        ["autoreconnect"] = Old,
        ["keepalive"] = Old,
        ["gssapiservicename"] = "it fetches the machine's Kerberos identity; authenticate with a user and password",
        ["sslcafile"] = Authority,
        ["ssl_ca_certs"] = Authority,
        ["sslpemkeyfile"] = ClientCertificate,
        ["ssl_certfile"] = ClientCertificate,
        ["sslcertificateauthorityfile"] = Authority,
        ["sslclientcertificatekeyfile"] = ClientCertificate,
        ["sslinsecure"] = OfTheSink,
        ["sslverifycertificate"] = OfTheSink,
        ["sslallowinvalidcertificates"] = OfTheSink,
        ["sslallowinvalidhostnames"] = OfTheSink,
        ["ssl_cert_reqs"] = OfTheSink,
        ["ssl_match_hostname"] = OfTheSink,
        ["tlsallowinvalid"] = OfTheSink,
        ["authdb"] = "write authSource",
        ["authenticationdatabase"] = "write authSource",
        ["sslmode"] = OfPostgres,
        ["sslrootcert"] = OfPostgres,
        ["target_session_attrs"] = OfPostgres,
        ["connect_timeout"] = OfPostgres,
        ["application_name"] = OfPostgres,
        ["schema"] = OfPostgres,
    };

    private static readonly Dictionary<string, string> Identity = new(StringComparer.Ordinal)
    {
        ["host"] = "host",
        ["hostname"] = "host",
        ["hosts"] = "host",
        ["server"] = "host",
        ["address"] = "host",
        ["endpoint"] = "host",
        ["port"] = "port",
        ["user"] = "user",
        ["username"] = "user",
        ["login"] = "user",
        ["password"] = "password",
        ["pass"] = "password",
        ["pwd"] = "password",
    };

    // The driver takes a number for the name of such a value, and ignores a compressor that it does not know.
    private static readonly Dictionary<string, string[]> Choices = new(StringComparer.Ordinal)
    {
        ["compressors"] = ["snappy", "zlib", "zstd"],
        ["readconcernlevel"] = ["local", "available", "majority", "linearizable", "snapshot"],
        ["readpreference"] = ["primary", "primaryPreferred", "secondary", "secondaryPreferred", "nearest"],
        ["uuidrepresentation"] = ["standard", "unspecified", "csharpLegacy", "javaLegacy", "pythonLegacy"],
    };

    private static readonly string[] Mechanisms = ["SCRAM-SHA-256", "SCRAM-SHA-1", "PLAIN", "DEFAULT"];

    // What a key of such a name holds may be anything else: a key of a Secret stands without the context of a connection string.
    private static readonly string[] NoKeys = ["w", "j", "connect", "safe", "timeout", "schema", "keepalive"];

    private static readonly Dictionary<string, string> ByPlain = Identity
        .Concat(Allowed.Append("authmechanism").Concat(Refused.Keys).Except(NoKeys).Select(name => KeyValuePair.Create(Plain(name), name)))
        .DistinctBy(it => it.Key)
        .ToDictionary(StringComparer.Ordinal);

    /// <summary>The parameter that a key of a Secret holds, in any spelling; None = it holds something else, such as the database of the sink.</summary>
    public static Option<string> ParameterOf(string key)
    {
        var plain = Plain(key);
        return Find(plain) || Prefixes.Where(prefix => plain.StartsWith(prefix, StringComparison.Ordinal)).Select(prefix => Find(plain[prefix.Length..]))
            .FirstOrDefault(found => found.IsSome);
    }

    /// <summary>Why an option is refused whose name is known, ignoring case; None = it is accepted, or not known.</summary>
    public static Option<string> Why(string name) => Refused.TryGetValue(name.ToLowerInvariant(), out var why) ? Some(why) : None;

    /// <summary>The reason to refuse an option; None = it is accepted. Names are compared ignoring case, as in drivers.</summary>
    public static Option<Complaint> Objection(Parameter option)
    {
        var name = option.Name.Reveal().ToLowerInvariant();
        if (Refused.TryGetValue(name, out var why))
            return option.Complain(name, $"is refused: {why}");
        if (name == "authmechanism")
            return Mechanisms.Contains(option.Value.Reveal().ToUpperInvariant())
                ? None
                : option.Complain(
                    name, $"is refused: only {string.Join(", ", Mechanisms)} are possible; the others read files or fetch the machine's cloud identity");
        return Allowed.Contains(name)
            ? (TextProblem(option.Value.Reveal()) || ChoiceProblem(name, option.Value.Reveal())).Map(why => option.Complain(name, why))
            : new Complaint(
                option.Key,
                $"character {option.At}: unknown option (its name is not shown: it may be part of a password that is not percent-encoded)");
    }

    /// <summary>The objection to the value of any option; None = it may be one.</summary>
    public static Option<string> TextProblem(string value) =>
        value.Length > MaxText ? FormattableString.Invariant($"has {value.Length:N0} characters; at most {MaxText} are possible")
        : value.Any(char.IsControl) ? Some("contains a control character")
        : None;

    private static Option<string> ChoiceProblem(string name, string value) =>
        name == "zlibcompressionlevel" ? OptionRanges.Of(name).Problem(value.Trim()).Map(words => $"is out of range: {words}")
        : !Choices.TryGetValue(name, out var choices) ? None
        : value.Split(name == "compressors" ? ',' : '\0').All(word => choices.Contains(word.Trim(), StringComparer.OrdinalIgnoreCase)) ? None
        : $"must be {(name == "compressors" ? "a list" : "one")} of {string.Join(", ", choices)}";

    /// <summary>Every name that is known, in lower case.</summary>
    public static IEnumerable<string> Names => Allowed.Append("authmechanism").Concat(Refused.Keys);

    /// <summary>Each option with its keys, in lower case without signs.</summary>
    public static IEnumerable<(string Option, Seq<string> Keys)> Table =>
        ByPlain.GroupBy(it => it.Value, it => it.Key).Select(group => (group.Key, group.ToArray().ToSeq()));

    /// <summary>What may stand before any of the keys.</summary>
    public static Seq<string> KeyPrefixes => Prefixes.ToSeq();

    /// <summary>Every key of a Secret that is read, in lower case without signs.</summary>
    public static IEnumerable<string> Keys => ByPlain.Keys;

    private static Option<string> Find(string plain) => ByPlain.TryGetValue(plain, out var name) ? name : None;

    private static string Plain(string key) => string.Concat(key.Where(char.IsAsciiLetterOrDigit)).ToLowerInvariant();
}
