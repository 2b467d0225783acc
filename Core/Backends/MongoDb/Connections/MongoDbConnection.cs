using Kollect.Core.Failures;
using Kollect.Core.Secrets;
using Kollect.Core.Sinks;

namespace Kollect.Core.Backends.MongoDb.Connections;

/// <summary>A connection string, completed with the options and TLS settings of a sink, for the driver.</summary>
/// <param name="Uri">Only options of the allow-list; their values are judged when the driver has read them: <see cref="Judge"/>.</param>
/// <param name="WantsTls"><c>spec.tls</c> asks for it.</param>
/// <param name="EachOption">For each option its name and a connection string with no other, to find the one that the driver does not take.</param>
/// <param name="Given">Where the connection string comes from.</param>
/// <param name="OfSink">The names of the options that come from <c>spec.options</c>.</param>
/// <param name="Names">What messages may call the connection.</param>
internal sealed record MongoDbConnection(
    SecretText Uri, bool WantsTls, Seq<(string Name, SecretText Uri)> EachOption, GivenUri Given, Seq<string> OfSink, ConnectionNames Names)
{
    // The driver's own defaults: 30 s for each of the times, and the server's default write concern.
    private static readonly (string, string)[] Defaults =
    [
        ("appName", "kollect"),
        ("w", "majority"),
        ("connectTimeoutMS", "10000"),
        ("serverSelectionTimeoutMS", "10000"),
    ];

    /// <summary><c>spec.options</c> overrule the connection string. Left = it cannot be read.</summary>
    /// <param name="uri">The connection string from <see cref="MongoDbSecret"/>.</param>
    public static Either<string, MongoDbConnection> Of(GivenUri uri, SinkSettings settings) =>
        from given in MongoDbUri.Read(uri.Text.Reveal())
        let whole = given
            .WithOptions(settings.OrderedOptions)
            .WithDefaults(Defaults)
        select new MongoDbConnection(
            new SecretText(whole.Text()),
            settings.Tls.InsecureSkipVerify || settings.Tls.CaBundle.IsSome || settings.Tls.CaSecret.IsSome,
            whole.Options.Map(option => (option.Name.Reveal(), new SecretText(whole.WithOnly(option).Text()))),
            uri,
            settings.OrderedOptions.Map(option => option.Name),
            given.Names(ConnectionNames.IsOwn(settings, uri.Secret)));

    /// <summary>The objection to what the driver made of the connection string; None = it may be used.</summary>
    public Option<Failure> Judge(ConnectionOptions read) => read.Problem(WantsTls).Map(problem => Refused(problem.Option, problem.Why));

    /// <summary>The failure for a connection string that the driver does not take.</summary>
    /// <param name="option">The option that it does not take by itself; None = it objects to something else, such as two options together.</param>
    public Failure Refused(Option<string> option) => Refused(
        option,
        option.Match(
            name => $"MongoDB's driver cannot read the value of {name}"
                + $"{OptionRanges.Find(name).Match(range => $": {range.Words}", () => "")}; correct or remove it",
            () => "MongoDB's driver cannot use the connection string: its hosts are malformed, or its options contradict each other "
                + "(such as journal with w=0, directConnection or srvMaxHosts with several hosts, readPreferenceTags without readPreference); correct it"));

    /// <summary>The failure for a login by PLAIN without TLS, which is made only where no guard is on.</summary>
    public Failure UnprotectedPassword => Refused(
        "authMechanism", "PLAIN sends the password in clear text, and the connection has no TLS; add tls=true, or log in by SCRAM-SHA-256");

    /// <summary>Names the place of the option: <c>spec.options</c>, or a key of the Secret.</summary>
    private Failure Refused(Option<string> option, string why) =>
        option.Exists(name => OfSink.Exists(own => string.Equals(own, name, StringComparison.OrdinalIgnoreCase)))
            ? new Failure.Refused($"options: spec.options: {why}")
            : new Failure.Refused($"secret: {Given.Place(option)}: {why}") { IsOfSecret = true };
}
