using FsCheck;
using FsCheck.Fluent;
using Kollect.Core.Backends;
using Kollect.Core.Backends.BigQuery;
using Kollect.Core.Backends.MongoDb.Connections;
using Kollect.Core.Secrets;
using static Kollect.Core.Tests.Secrets.Some;

namespace Kollect.Core.Tests.Backends;

public sealed class OtherSecretTests
{
    private const string Key =
        """
        {
          "type": "service_account",
          "client_email": "exporter@acme-prod.iam.gserviceaccount.com",
          "private_key_id": "0123456789abcdef",
          "private_key": "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0\n-----END PRIVATE KEY-----\n",
          "token_uri": "https://oauth2.googleapis.com/token"
        }
        """;

    [Theory]
    [InlineData(
        "mongodb://app:p%40ss@a:27017,b/inventory?w=majority&authSource=admin",
        "mongodb://app:p%40ss@a:27017,b/inventory?w=majority&authSource=admin")]
    [InlineData("mongodb+srv://cluster.example.net", "mongodb+srv://cluster.example.net/")]
    [InlineData("mongodb://[::1]:27017/?tls=true", "mongodb://[::1]:27017/?tls=true")]
    public void A_MongoDB_connection_string_with_allowed_options_is_accepted(string uri, string expected) =>
        Assert.Equal(expected, Show(MongoDbSecret.Read(Secret(("uri", uri)), None).Map(given => given.Text)));

    [Fact]
    public void Credentials_of_their_own_Secret_overrule_those_of_the_MongoDB_connection_string() =>
        Assert.Equal(
            "mongodb://app:n%2Fw@a/d",
            Show(MongoDbSecret.Read(Secret(("uri", "mongodb://app:old@a/d")), Secret(("password", "n/w\n"))).Map(given => given.Text)));

    [Fact]
    public void A_forbidden_MongoDB_connection_string_is_refused_without_its_value()
    {
        string[] uris =
        [
            "mongodb://app:p@ss@a/d", "mongodb://app:p/ss@a/d", "mongodb://a,,b/d", "mongodb://%2Ftmp%2Fmongodb-27017.sock/d", "postgres://a/d",
            "mongodb://a/d?tlsCAFile=/etc/passwd&authMechanism=MONGODB-AWS&tlsInsecure=true",
            "mongodb://a/d?authMechanism=MONGODB-OIDC&authMechanismProperties=ENVIRONMENT:azure",
            "mongodb://a/d?hunter22=x", "mongodb://a/d?w", "mongodb://u:%zz@a/d", "",
        ];
        Golden.Verify(
            string.Concat(uris.Select(uri => $"# {uri}\n{Verdict(MongoDbSecret.Read(Secret(("uri", uri)), None))}\n\n")),
            "connections/mongodb-refused.txt");
    }

    [Fact]
    public void Only_a_service_account_key_is_accepted_for_BigQuery()
    {
        Assert.True(BigQuerySecret.Read(Secret(("credentials.json", Key))).IsRight);
        string[] keys =
        [
            "", "hunter22", "[1]", """{ "type": "external_account", "credential_source": { "file": "/etc/passwd" } }""",
            """{ "type": "service_account", "client_email": "x" }""", """{ "type": "\ud800" }""",
        ];
        Golden.Verify(
            string.Concat(keys.Select(key => $"# {key}\n{Verdict(BigQuerySecret.Read(Secret(("credentials.json", key))))}\n\n")),
            "connections/bigquery-refused.txt");
    }

    [Fact]
    public void Parts_of_a_service_account_key_and_of_a_MongoDB_connection_string_are_masked()
    {
        Assert.Equal(
            "*** with *** and ***",
            Redactor.For(BigQuerySecret.Parts(Secret(("credentials.json", Key))))
                .Scrub("exporter@acme-prod.iam.gserviceaccount.com with MIIEvQIBADANBgkqhkiG9w0 and 0123456789abcdef"));
        Assert.Equal(
            "*** of *** at *** (***)",
            Redactor.For(MongoDbSecret.Parts(Secret(("uri", "mongodb://inventory:p%40ssw@db-0.example.com:27017/stock"))))
                .Scrub("p@ssw of inventory at db-0.example.com (stock)"));
    }

    [Property(MaxTest = 1000)]
    public Property Reading_never_throws()
    {
        var prefix = Gen.Elements("", "mongodb://", "mongodb+srv://u:p@", "mongodb://a/?", "{\"type\":");
        var cases = from start in prefix
                    from rest in Gen.OneOf(Text, ArbMap.Default.GeneratorFor<string>().Select(text => text ?? ""))
                    select start + rest;
        return Prop.ForAll(Arb.From(cases), text =>
        {
            Assert.NotNull(MongoDbSecret.Read(Secret(("uri", text)), None).ToString());
            Assert.NotNull(BigQuerySecret.Read(Secret(("credentials.json", text))).ToString());
            Assert.NotNull(Redactor.For(MongoDbSecret.Parts(Secret(("uri", text)))).Scrub(text));
            Assert.NotNull(Redactor.For(BigQuerySecret.Parts(Secret(("credentials.json", text)))).Scrub(text));
        });
    }

    private static string Show(Either<Seq<ConnectionProblem>, SecretText> read) =>
        read.Match(text => text.Reveal(), problems => string.Join('\n', problems));

    private static string Verdict<T>(Either<Seq<ConnectionProblem>, T> read) =>
        read.Match(_ => "accepted", problems => string.Join('\n', problems));
}
