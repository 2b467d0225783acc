using System.Text;
using Kollect.Core.Backends.MongoDb;
using Kollect.Core.Backends.MongoDb.Connections;
using Kollect.Core.Failures;
using Kollect.Core.Secrets;
using Kollect.Core.Sinks;
using Kollect.Models.V1Alpha1;
using Kollect.MongoDb.Driver;
using Kollect.Shell.Backends.Dial;

namespace Kollect.Shell.Tests.Backends.MongoDb;

/// <summary>Options of a connection string are judged by what the driver makes of them, not by their spelling.</summary>
public sealed class ConnectionOptionsTests
{
    private static readonly SecretRef Uri = new("shop", "mongo");

    private static readonly string[] WriteConcerns =
    [
        "w=0", "w=00", "w=%2B0", "w=-0", "w=%200", "w=0%20", "w= 0", "W=0", "w=0x0", "w=0.0", "w=1.5", "w=1e1", "w=0&w=1", "w=1&w=0", "w=0&journal=true",
        "w=0&journal=false", "w=-1",
        "w=", "w=%00", "w=1", "w=3", "w=majority", "w=nodes-of-two-zones", "w=2147483647", "w=2147483648", "wtimeout=5000", "j=true", "journal=true",
        "journal=1", "journal=yes",
    ];

    private static readonly string[] Encryption =
    [
        "", "tls=true", "tls=True", "tls=TRUE", "ssl=true", "tls=false", "tls=False", "TLS=false", "ssl=false", "SSL=False", "tls=0", "ssl=0", "tls=1",
        "tls=no", "tls=", "tls=true&tls=false", "tls=false&tls=true", "ssl=true&tls=false", "tls=true&ssl=true", "ssl=false&ssl=false",
    ];

    private static readonly string[] Times =
    [
        "connectTimeoutMS", "serverSelectionTimeoutMS", "socketTimeoutMS", "wTimeoutMS", "waitQueueTimeoutMS", "heartbeatFrequencyMS",
        "localThresholdMS", "maxIdleTimeMS",
    ];

    private static readonly string[] Durations =
    [
        "0", "1", "-1", "0.5", "1500", "1e3", "500", "499", "%2B5000", " 5000", "5s", "01:00", "86400000", "86400001", "2147483647", "2147483648",
        "4294967295", "1e300", "NaN", "Infinity", "-Infinity", "five", "",
    ];

    private static readonly string[] Others =
    [
        "maxPoolSize=0", "maxPoolSize=1", "maxPoolSize=1000", "maxPoolSize=1001", "maxPoolSize=-1", "maxPoolSize=2147483648", "maxPoolSize=1.5",
        "minPoolSize=0", "minPoolSize=-1", "minPoolSize=5&maxPoolSize=2", "minPoolSize=1000", "minPoolSize=1001", "maxPoolSize=1&maxPoolSize=1001",
        "directConnection=true", "directConnection=true&replicaSet=rs0", "directConnection=true&loadBalanced=true", "loadBalanced=true",
        "loadBalanced=true&replicaSet=rs0", "srvMaxHosts=1", "srvServiceName=x", "readPreferenceTags=a:b", "readPreference=secondary",
        "readPreference=elsewhere", "readConcernLevel=local", "readConcernLevel=none", "compressors=zlib", "compressors=zstd,snappy,zlib",
        "compressors=lzma", "zlibCompressionLevel=9", "zlibCompressionLevel=10", "zlibCompressionLevel=1&zlibCompressionLevel=2", "retryWrites=false",
        "retryWrites=maybe", "retryReads=false", "appName=x%20y", "uuidRepresentation=standard", "authSource=%24external", "replicaSet=",
        "serverSelectionTryOnce=true", "tlsDisableCertificateRevocationCheck=true", "proxyHost=a", "timeoutMS=1",
    ];

    [Fact]
    public void Every_spelling_has_a_verdict()
    {
        var text = new StringBuilder();
        foreach (var query in WriteConcerns.Concat(Times.SelectMany(time => Durations.Select(value => $"{time}={value}"))).Concat(Others))
            text.Append(query).Append(" -> ").Append(Verdict(query)).Append('\n');
        foreach (var query in Encryption)
            text.Append(query).Append(" -> ").Append(Verdict(query))
                .Append("\n    with spec.tls -> ").Append(Verdict(query, new TlsSettings(None, None, InsecureSkipVerify: true))).Append('\n');
        Golden.Verify(text.ToString(), "mongodb/connection-options.txt");
    }

    [Fact]
    public void Options_of_the_sink_are_judged_in_the_same_way() => Assert.All(
        new[] { ("w", "00"), ("w", " +0"), ("connectTimeoutMS", "2147483647"), ("serverSelectionTimeoutMS", "0") },
        option => Assert.StartsWith($"options: spec.options: {option.Item1} is ", Verdict("", None, option), StringComparison.Ordinal));

    /// <summary>Every accepted value works: nothing crashes, and nothing waits.</summary>
    [Fact]
    public async Task A_client_with_any_accepted_time_reaches_its_server()
    {
        await using var server = await MongoDbServer.StartAsync(new MongoDbOptions { Needs = "many clients" });
        var cancel = TestContext.Current.CancellationToken;
        var longEnough = Durations.Where(value => value != "1");
        foreach (var query in Times.SelectMany(time => longEnough.Select(value => $"{time}={value}")).Where(query => Verdict(query) == "accepted"))
        {
            var uri = Read(new GivenUri(new SecretText(server.UriOf(parameters: query)), Uri, None, HashMap<string, string>()))
                .Match(Right: it => it, Left: problem => throw new InvalidOperationException(problem.Message));
            using var client = await DriverClient.OpenAsync(uri, new ServerTrust(null, false), Conformance.Mirror.Guarded, new ServerConnections(), cancel);
            await client.CommandAsync("admin", Questions.BuildInfo, cancel);
        }
    }

    private static string Verdict(string query, TlsSettings? tls = null, params (string, string)[] options) => Verdict(query, Optional(tls), options);

    private static string Verdict(string query, Option<TlsSettings> tls, params (string, string)[] options)
    {
        var text = new SecretText($"mongodb://user:pass-of-secret@host-of-secret/?{query}");
        var secret = new SecretData(Uri, HashMap(("uri", text)), HashMap<string, string>());
        var verdict = MongoDbSecret.Read(secret, None).Match(
            Left: problems => string.Join("; ", problems.Map(problem => problem.Message)),
            Right: uri => Read(uri, tls, options).Match(Right: _ => "accepted", Left: problem => problem.Message));
        Assert.DoesNotContain("of-secret", verdict, StringComparison.Ordinal);
        return verdict;
    }

    private static Either<Failure, DriverUri> Read(GivenUri uri, Option<TlsSettings> tls = default, params (string, string)[] options)
    {
        var settings = new SinkSettings(
            "shop", "sink", KollectDatabaseSinkMode.Ensure,
            None, toHashMap(options), false, None, true, "", tls.IfNone(new TlsSettings(None, None, false)), None);
        return MongoDbConnection.Of(uri, settings).MapLeft<Failure>(why => new Failure.Refused(why)).Bind(DriverUri.Read);
    }
}
