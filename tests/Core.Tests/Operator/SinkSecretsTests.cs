using System.Globalization;
using System.Text;
using Kollect.Core.Failures;
using Kollect.Core.Operator;
using Kollect.Core.Secrets;
using Kollect.Core.Sinks;
using static Kollect.Core.Tests.Manifests.SinkManifests;

namespace Kollect.Core.Tests.Operator;

/// <summary>What a sink of namespace <c>default</c> gets of Secrets of other namespaces.</summary>
public sealed class SinkSecretsTests
{
    private const string Dsn = "postgres://app:pw@db/inv";
    private static readonly SecretRef Victim = new("databases", "login");

    private static readonly Seq<(string Title, Sink Sink)> Attempts = Seq(
        ("the connection string of another", Parsed(PostgresSpec, ("postgres/databaseRef", Ref("login", "databases")))),
        ("own server, login of another", Parsed(PostgresSpec, ("secretRef", Ref("login", "databases")))),
        ("server of a third, login of another", Parsed(
            MongoDbSpec, ("mongodb/databaseRef", Ref("uri", "tools")), ("secretRef", Ref("login", "databases")))),
        ("server and login of the same other", Parsed(
            PostgresSpec, ("postgres/databaseRef", Ref("dsn", "databases")), ("secretRef", Ref("login", "databases")))),
        ("server of another, own login", Parsed(PostgresSpec, ("postgres/databaseRef", Ref("login", "databases")), ("secretRef", Ref("own", null)))),
        ("certificate authority of another", Parsed(PostgresSpec, ("tls/caSecretRef", Ref("login", "databases")))),
        ("key of another for Google", Parsed(BigQuerySpec, ("bigquery/secretRef", Ref("login", "databases")))),
        ("key of another for an endpoint of the sink", Parsed(
            BigQuerySpec, ("bigquery/secretRef", Ref("login", "databases")), ("endpoint", "\"https://bigquery.example.org/\""))));

    private static readonly Seq<(string Title, SecretReadResult Result)> Answers = Seq<(string, SecretReadResult)>(
        ("it holds what is wanted", Found(Victim, [("dsn", Dsn), ("username", "app"), ("password", "pw")])),
        ("it lacks what is wanted", Found(Victim, [("other", "x")])),
        ("it is empty", Found(Victim, [])),
        ("it is granted to others", Found(Victim, [("dsn", Dsn)], "lab,shop")),
        ("it cannot be read", new SecretReadResult.Unreadable(Victim, "1", "data[dsn] is not base64")),
        ("it does not exist", new SecretReadResult.Missing(Victim)));

    /// <summary>Neither words nor versions tell whether a Secret exists, or anything of what it holds.</summary>
    [Theory]
    [InlineData(CrossNamespacePolicy.Granted)]
    [InlineData(CrossNamespacePolicy.Allow)]
    [InlineData(CrossNamespacePolicy.Deny)]
    public void A_refusal_is_the_same_whatever_the_Secret_is(CrossNamespacePolicy policy)
    {
        var text = new StringBuilder();
        foreach (var (title, sink) in Attempts)
        {
            var outcomes = Answers.Map(answer => Outcome(policy, sink, answer.Result)).Distinct().ToArray();
            var isRefused = outcomes.Any(it => it.Contains("refused", StringComparison.Ordinal));
            Assert.True(!isRefused || outcomes.Length == 1, string.Join('\n', outcomes));
            text.Append(CultureInfo.InvariantCulture, $"{title}\n  {(isRefused ? outcomes[0] : "used")}\n");
        }

        Golden.Verify(text.ToString(), $"secrets/{policy.ToString().ToLowerInvariant()}.txt");
    }

    [Theory]
    [InlineData(CrossNamespacePolicy.Granted)]
    [InlineData(CrossNamespacePolicy.Allow)]
    public void With_the_grant_all_is_used_but_a_key_for_an_endpoint_of_the_sink(CrossNamespacePolicy policy)
    {
        foreach (var (title, sink) in Attempts)
            Assert.Equal(
                title == "key of another for an endpoint of the sink",
                Resolve(policy, sink, Found(Victim, [("dsn", Dsn)], "shop, default")).IsLeft);
    }

    [Fact]
    public void Each_Secret_of_another_namespace_needs_its_own_grant()
    {
        var sink = Attempts.Find(it => it.Title == "server and login of the same other").Map(it => it.Sink).IfNone(() => throw new InvalidOperationException());
        var server = new SecretRef("databases", "dsn");
        Assert.True(Resolve(CrossNamespacePolicy.Granted, sink, Found(server, []), Found(Victim, [], "default")).IsLeft);
        Assert.True(Resolve(CrossNamespacePolicy.Granted, sink, Found(server, [], "default"), Found(Victim, [])).IsLeft);
        Assert.True(Resolve(CrossNamespacePolicy.Granted, sink, Found(server, [], "default"), Found(Victim, [], "*")).IsRight);
    }

    /// <summary>The signed proof goes to the token endpoint that the key names.</summary>
    [Theory]
    [InlineData("https://oauth2.googleapis.com/token", true)]
    [InlineData("https://accounts.google.com/o/oauth2/token", true)]
    [InlineData("https://www.googleapis.com/oauth2/v4/token", true)]
    [InlineData("http://oauth2.googleapis.com/token", false)]
    [InlineData("https://oauth2.googleapis.com.example.org/token", false)]
    [InlineData("https://oauth2-googleapis.com/token", false)]
    [InlineData("https://oauth2.googleapis.com@example.org/token", false)]
    [InlineData("https://example.org/?.googleapis.com", false)]
    [InlineData("https://10.0.0.7/token", false)]
    [InlineData("token", false)]
    public void A_granted_key_of_another_namespace_asks_Google_alone(string tokenUri, bool isUsed)
    {
        var key = $$"""{"type":"service_account","client_email":"a@b","private_key":"k","token_uri":"{{tokenUri}}"}""";
        var sink = Parsed(BigQuerySpec, ("bigquery/secretRef", Ref("login", "databases")));
        var resolved = Resolve(CrossNamespacePolicy.Granted, sink, Found(Victim, [("credentials.json", key)], "default"));
        Assert.Equal(isUsed, resolved.IsRight);
        Assert.DoesNotContain("example.org", resolved.LeftToSeq().Map(it => it.Message).HeadOrNone().IfNone(""), StringComparison.Ordinal);
        var own = new SecretRef("default", "key");
        Assert.True(Resolve(
            CrossNamespacePolicy.Granted,
            Parsed(BigQuerySpec, ("bigquery/secretRef", Ref("key", null)), ("endpoint", "\"https://bigquery.example.org/\"")),
            Found(own, [("credentials.json", key)])).IsRight);
    }

    [Theory]
    [InlineData("https://bigquery.googleapis.com/", true)]
    [InlineData("https://bigquery-psc.p.googleapis.com/bigquery/v2/", true)]
    [InlineData("https://europe-west3-bigquery.googleapis.com", true)]
    [InlineData("http://bigquery.googleapis.com/", false)]
    [InlineData("https://googleapis.com.example.org/", false)]
    [InlineData("https://example.org/.googleapis.com", false)]
    [InlineData("https://xgoogleapis.com/", false)]
    [InlineData("https://127.0.0.1:9050/", false)]
    public void A_granted_key_of_another_namespace_goes_to_Google_alone(string endpoint, bool isUsed)
    {
        var sink = Parsed(BigQuerySpec, ("bigquery/secretRef", Ref("login", "databases")), ("endpoint", $"\"{endpoint}\""));
        Assert.Equal(isUsed, Resolve(CrossNamespacePolicy.Granted, sink, Found(Victim, [], "default")).IsRight);
    }

    [Fact]
    public void A_withdrawn_grant_is_no_missing_Secret_so_that_nothing_older_is_used()
    {
        var sink = Attempts[0].Sink;
        Assert.True(SinkSecrets.AreFound(SinkSecrets.Permit(CrossNamespacePolicy.Granted, sink, Seq1(Found(Victim, [])))));
        var missing = Seq1<SecretReadResult>(new SecretReadResult.Missing(Victim));
        Assert.False(SinkSecrets.AreFound(SinkSecrets.Permit(CrossNamespacePolicy.Granted, sink, missing)));
    }

    [Fact]
    public void A_grant_that_comes_or_goes_changes_the_version_and_another_change_of_a_refused_Secret_does_not()
    {
        string Version(SecretReadResult result) => SinkSecrets.Permit(CrossNamespacePolicy.Granted, Attempts[0].Sink, Seq1(result)).Head.Version;
        var refused = Version(Found(Victim, []));
        Assert.Equal(refused, Version(Found(Victim, [("dsn", Dsn)], version: "2")));
        Assert.Equal(refused, Version(new SecretReadResult.Missing(Victim)));
        Assert.NotEqual(refused, Version(Found(Victim, [], "default")));
    }

    private static string Outcome(CrossNamespacePolicy policy, Sink sink, SecretReadResult result)
    {
        var version = SinkSecrets.Permit(policy, sink, Seq1(result)).Head.Version;
        return Resolve(policy, sink, result).Match(_ => "used", failure => version == "refused" ? $"refused: {failure.Message}" : failure.Message);
    }

    private static Either<Failure, Func<SecretRef, Option<SecretData>>> Resolve(CrossNamespacePolicy policy, Sink sink, params SecretReadResult[] results)
    {
        // What the sink names besides is granted, and there.
        var others = sink.Secrets.Filter(it => results.All(result => result.Secret != it)).Map(it => Found(it, [("dsn", Dsn)], "default"));
        return SinkSecrets.Resolve(policy, sink, others.Concat(results).ToSeq());
    }

    private static SecretReadResult Found(SecretRef secret, (string Key, string Value)[] data, string? grant = null, string version = "1") =>
        new SecretReadResult.Found(
            new SecretData(
                secret,
                data.Aggregate(LanguageExt.HashMap<string, SecretText>.Empty, (map, it) => map.AddOrUpdate(it.Key, new SecretText(it.Value))),
                grant is null ? [] : HashMap((SecretAccess.Annotation, grant))),
            version);

    private static string Ref(string name, string? @namespace) =>
        @namespace is null ? $$"""{ "name": "{{name}}" }""" : $$"""{ "name": "{{name}}", "namespace": "{{@namespace}}" }""";
}
