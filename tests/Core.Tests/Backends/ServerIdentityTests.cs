using Kollect.Core.Backends.MongoDb;
using Kollect.Core.Secrets;
using Kollect.Core.Sinks;

namespace Kollect.Core.Tests.Backends;

/// <summary>Two sinks that name the same table: do they write into the same one?</summary>
public sealed class ServerIdentityTests
{
    [Theory]
    [InlineData("postgresql://a:b@db.example.org/x", "postgresql://c:d@DB.example.org:5432/x?sslmode=require", true)]
    [InlineData("postgresql://a:b@db/x", "postgresql://a:b@db/y", false)]
    [InlineData("postgresql://a:b@db:5433/x", "postgresql://a:b@db:5432/x", false)]
    [InlineData("postgresql://a:b@one,two/x", "postgresql://a:b@two,one/x", true)]
    [InlineData("postgresql://a:b@one,two/x", "postgresql://a:b@one/x", false)]
    [InlineData("postgresql://app:b@db", "postgresql://c:d@db/app", true)]
    public void Of_PostgreSQL_hosts_ports_and_database_count(string one, string other, bool same) =>
        Assert.Equal(same, Of(Postgres, "url", one) == Of(Postgres, "url", other));

    [Theory]
    [InlineData("mongodb://a:b@one,two/x", "mongodb://c:d@TWO:27017,one:27017/admin?replicaSet=r", true)]
    [InlineData("mongodb://a:b@one:27018", "mongodb://a:b@one", false)]
    [InlineData("mongodb://a:b@[::1]", "mongodb://a:b@[::1]:27017", true)]
    [InlineData("mongodb+srv://a:b@cluster.example.org", "mongodb://a:b@cluster.example.org", false)]
    public void Of_MongoDB_the_hosts_count_in_any_order(string one, string other, bool same) =>
        Assert.Equal(same, Of(MongoDb, "uri", one) == Of(MongoDb, "uri", other));

    [Fact]
    public void A_Secret_that_does_not_tell_gives_none_and_nothing_is_ever_printed()
    {
        Assert.Equal(None, Of(Postgres, "url", "not a url"));
        Assert.Equal(None, Postgres.ServerIdentity(_ => None));
        Assert.Equal("Some(***)", Of(Postgres, "url", "postgresql://a:b@db/x").ToString());
    }

    private static Sink Postgres => Core.Tests.Backends.Postgres.Examples.Sink();

    private static Sink MongoDb => new MongoDbSink(Postgres.Settings, Secrets.Some.Reference, "inventory", "items");

    private static Option<SecretText> Of(Sink sink, string key, string value) => sink.ServerIdentity(_ => Secrets.Some.Secret((key, value)));
}
