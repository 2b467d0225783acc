using Kollect.Core.Backends.MongoDb;
using Kollect.Core.Secrets;
using Kollect.Core.Sinks;

namespace Kollect.Core.Tests.Backends;

/// <summary>Detects sinks whose tables of the same name are the same table.</summary>
public sealed class ServerIdentityTests
{
    [Theory]
    [InlineData("postgresql://a:b@db.example.org/x", "postgresql://c:d@DB.example.org:5432/x?sslmode=require", true)]
    [InlineData("postgresql://a:b@db/x", "postgresql://a:b@db/y", false)]
    [InlineData("postgresql://a:b@db:5433/x", "postgresql://a:b@db:5432/x", false)]
    [InlineData("postgresql://a:b@one,two/x", "postgresql://a:b@two,one/x", true)]
    [InlineData("postgresql://a:b@one,two/x", "postgresql://a:b@one/x", false)]
    [InlineData("host=db:6432 user=a dbname=x", "postgresql://c:d@db:6432/x", true)]
    public void A_PostgreSQL_server_is_identified_by_hosts_ports_and_database(string one, string other, bool same) =>
        Assert.Equal(same, Of(Postgres, "url", one) == Of(Postgres, "url", other));

    [Theory]
    [InlineData("mongodb://a:b@one,two/x", "mongodb://c:d@TWO:27017,one:27017/admin?replicaSet=r", true)]
    [InlineData("mongodb://a:b@one:27018", "mongodb://a:b@one", false)]
    [InlineData("mongodb://a:b@[::1]", "mongodb://a:b@[::1]:27017", true)]
    [InlineData("mongodb+srv://a:b@cluster.example.org", "mongodb://a:b@cluster.example.org", false)]
    public void A_MongoDB_server_is_identified_by_its_hosts_in_any_order(string one, string other, bool same) =>
        Assert.Equal(same, Of(MongoDb, "uri", one) == Of(MongoDb, "uri", other));

    [Fact]
    public void An_unusable_Secret_has_no_identity_and_an_identity_is_never_printed()
    {
        Assert.Equal(None, Of(Postgres, "url", "not a url"));
        Assert.Equal(None, Postgres.ServerIdentity(_ => None));
        Assert.Equal("Some(***)", Of(Postgres, "url", "postgresql://a:b@db/x").ToString());
    }

    private static Sink Postgres => Core.Tests.Backends.Postgres.Examples.Sink();

    private static Sink MongoDb => new MongoDbSink(Postgres.Settings, Secrets.Some.Reference, "inventory", "items");

    private static Option<SecretText> Of(Sink sink, string key, string value) => sink.ServerIdentity(_ => Secrets.Some.Secret((key, value)));
}
