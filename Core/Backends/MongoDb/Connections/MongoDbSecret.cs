using Kollect.Core.Secrets;

namespace Kollect.Core.Backends.MongoDb.Connections;

/// <summary>
/// Reads a MongoDB connection string from a Secret. Only options of the allow-list are accepted, so that the driver neither reads
/// a file of this machine nor fetches a cloud identity.
/// </summary>
public static class MongoDbSecret
{
    /// <summary>Keys of a whole connection string.</summary>
    private static readonly Seq<string> ConnectionString = Seq("uri", "url", "connectionString", "MONGODB_URI");

    private static readonly string[] Allowed =
    [
        "appname", "authsource", "compressors", "connecttimeoutms", "directconnection", "heartbeatfrequencyms", "journal", "loadbalanced",
        "localthresholdms", "maxidletimems", "maxpoolsize", "minpoolsize", "readconcernlevel", "readpreference", "readpreferencetags",
        "replicaset", "retryreads", "retrywrites", "serverselectiontimeoutms", "sockettimeoutms", "srvmaxhosts", "srvservicename", "ssl", "tls",
        "uuidrepresentation", "w", "waitqueuetimeoutms", "wtimeoutms", "zlibcompressionlevel",
    ];

    private static readonly Dictionary<string, string> Refused = new(StringComparer.Ordinal)
    {
        ["tlscafile"] = "it names a file of the machine that Kollect runs on; give the authority in spec.tls.caSecretRef or spec.tls.caBundle",
        ["tlscertificatekeyfile"] = "it names a file of the machine that Kollect runs on; authenticate with a user and password",
        ["tlscertificatekeyfilepassword"] = "it belongs to a file of the machine that Kollect runs on; authenticate with a user and password",
        ["tlscrlfile"] = "it names a file of the machine that Kollect runs on; remove it",
        ["tlsinsecure"] = "it is a setting of the sink; set spec.tls.insecureSkipVerify",
        ["tlsallowinvalidcertificates"] = "it is a setting of the sink; set spec.tls.insecureSkipVerify",
        ["tlsallowinvalidhostnames"] = "it is a setting of the sink; set spec.tls.insecureSkipVerify",
        ["authmechanismproperties"] = "it can make the driver run a program or fetch a cloud identity; authenticate with a user and password",
        ["proxyhost"] = "rows and password would go through a server that the sink does not name; remove it",
    };

    private static readonly string[] Mechanisms = ["SCRAM-SHA-256", "SCRAM-SHA-1", "PLAIN", "DEFAULT"];

    /// <summary>The connection string, with the user and password of <paramref name="credentials"/> if given; or all problems.</summary>
    public static Either<Seq<ConnectionProblem>, SecretText> Read(SecretData secret, Option<SecretData> credentials) =>
        SecretKeys.FirstSet(secret, ConnectionString).Match(
            found => Read(found.Value.Reveal().Trim(), credentials)
                .MapLeft(messages => messages.Map(message => new ConnectionProblem(secret.Ref, found.Key, message))),
            () => Seq1(new ConnectionProblem(
                secret.Ref,
                None,
                $"none of the keys {string.Join(", ", ConnectionString)} is set; put the connection string under uri")));

    /// <summary>The secret parts of the connection string.</summary>
    internal static Seq<SecretText> Parts(SecretData secret) =>
        ConnectionParts.Of(secret, ConnectionString, text => MongoDbUri.Read(text).Match(uri => uri.Parts, _ => []));

    private static Either<Seq<string>, SecretText> Read(string text, Option<SecretData> credentials)
    {
        if (!MongoDbUri.Read(text).TryRight(out var uri, out var problem))
            return Seq1(problem);
        var objections = uri.Options.Bind(option => Objection(option).ToSeq()).ToArray();
        return objections.Length > 0
            ? objections.ToSeq()
            : new SecretText(uri.WithCredentials(Text(credentials, SecretKeys.Username), Text(credentials, SecretKeys.Password)).Text());
    }

    private static Option<string> Text(Option<SecretData> secret, Seq<string> keys) =>
        secret.Bind(data => SecretKeys.FirstSet(data, keys)).Map(found => SecretKeys.WithoutLineBreak(found.Value).Reveal());

    /// <summary>The reason to refuse an option; None = it is accepted. Names are compared ignoring case, as in drivers.</summary>
    private static Option<string> Objection(Parameter option)
    {
        var name = option.Name.Reveal().ToLowerInvariant();
        if (Refused.TryGetValue(name, out var why))
            return $"{name} (character {option.At}) is refused: {why}";
        if (name == "authmechanism")
            return Mechanisms.Contains(option.Value.Reveal().ToUpperInvariant())
                ? None
                : $"authmechanism (character {option.At}) is refused: only {string.Join(", ", Mechanisms)} are possible; "
                    + "the others read files or fetch the machine's cloud identity";
        return Allowed.Contains(name)
            ? None
            : $"character {option.At}: unknown option (its name is not shown: it may be part of a password that is not percent-encoded)";
    }
}
