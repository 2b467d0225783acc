using Kollect.Core.Secrets;
using Kollect.Core.Sinks;

namespace Kollect.Core.Backends.MongoDb.Connections;

/// <summary>Completes a connection string with the options and TLS settings of a sink, for the driver.</summary>
public static class MongoDbConnection
{
    // The driver's own defaults: one attempt to select a server, up to 30 s for it, and the server's default write concern.
    private static readonly (string, string)[] Defaults =
    [
        ("appName", "kollect"),
        ("w", "majority"),
        ("connectTimeoutMS", "10000"),
        ("serverSelectionTimeoutMS", "10000"),
        ("serverSelectionTryOnce", "false"),
    ];

    /// <summary>
    /// <c>spec.options</c> overrule the connection string, and <c>spec.tls</c> enables TLS. Left = the connection string contradicts
    /// <c>spec.tls</c>, or writes would not be acknowledged.
    /// </summary>
    /// <param name="uri">The connection string from <see cref="MongoDbSecret"/>.</param>
    public static Either<string, SecretText> Of(SecretText uri, SinkSettings settings) =>
        from given in MongoDbUri.Read(uri.Reveal())
        let wanted = given.WithOptions(settings.Options.AsEnumerable()
            .OrderBy(option => option.Key, StringComparer.Ordinal)
            .Select(option => (option.Key, option.Value)))
        from acknowledged in wanted.OptionValue("w") == "0"
            ? Left<string, MongoDbUri>("w=0 in the connection string would lose rows without an error; remove it")
            : Right<string, MongoDbUri>(wanted)
        from secured in WithTls(acknowledged, settings.Tls)
        select new SecretText(secured.WithDefaults(Defaults).Text());

    private static Either<string, MongoDbUri> WithTls(MongoDbUri uri, TlsSettings tls)
    {
        var wanted = tls.InsecureSkipVerify || tls.CaBundle.IsSome || tls.CaSecret.IsSome;
        if (wanted && (uri.OptionValue("tls") == "false" || uri.OptionValue("ssl") == "false"))
            return "tls=false in the connection string contradicts spec.tls; remove one of them";
        return wanted ? uri.WithDefaults([("tls", "true")]) : uri;
    }
}
