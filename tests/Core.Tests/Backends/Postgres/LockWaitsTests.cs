using Kollect.Core.Backends.Postgres;
using Kollect.Core.Secrets;

namespace Kollect.Core.Tests.Backends.Postgres;

public sealed class LockWaitsTests
{
    [Fact]
    public void A_wait_that_took_too_long_says_which_lock_how_long_who_holds_it_and_what_to_do() => Golden.Verify(
        string.Concat(
            from awaited in Enum.GetValues<AwaitedLock>()
            from holders in (Seq<LockHolder>[])[Holders, Empty]
            let failure = LockWaits.Explain(awaited, Examples.Table, Examples.Header.Scope, TimeSpan.FromMilliseconds(30_012), holders)
            select $"{awaited} -> {failure.GetType().Name}\n    {failure.Message}\n"),
        "postgres/lock-waits.txt");

    [Fact]
    public void The_sink_and_its_connection_string_may_say_how_long_to_wait()
    {
        var none = HashMap<string, SecretText>();
        Assert.Equal("30000", LockWaits.Limit(Examples.Sink(), none));
        Assert.Equal(None, LockWaits.Limit(Examples.Sink(options: [("lock_timeout", "0")]), none));
        Assert.Equal(None, LockWaits.Limit(Examples.Sink(), HashMap(("lock_timeout", new SecretText("5s")))));
    }

    private static Seq<LockHolder> Holders => Seq(
        new LockHolder(4711, "psql", TimeSpan.FromSeconds(45)), new LockHolder(4712, "", TimeSpan.FromSeconds(3)), new LockHolder(4713, "kollect", None));
}
