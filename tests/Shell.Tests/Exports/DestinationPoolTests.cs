using Kollect.Core.Inventories.Scheduling;
using Kollect.Core.Sinks;
using Kollect.Models.V1Alpha1;
using Kollect.Shell.Exports;
using Kollect.Shell.Tests.Kubernetes;

namespace Kollect.Shell.Tests.Exports;

public sealed class DestinationPoolTests
{
    private static readonly InventoryName Shop = new("shop", "all");
    private static readonly SinkVersion First = new(1, "shop/dsn=1");

    [Fact]
    public async Task A_destination_is_used_by_one_export_at_a_time_and_only_for_the_same()
    {
        await using var pool = new DestinationPool<Connection>(2, TimeProvider.System);
        var connection = new Connection();
        pool.Return(Key("a"), Shop, connection);
        Assert.Null(pool.Take(Key("b")));
        Assert.Null(pool.Take(Key("a") with { Version = new SinkVersion(1, "shop/dsn=2") }));
        Assert.Null(pool.Take(Key("a") with { Namespace = "lab" }));
        Assert.Same(connection, pool.Take(Key("a")));
        Assert.Null(pool.Take(Key("a")));
        Assert.False(connection.IsClosed);
    }

    [Fact]
    public async Task The_least_recently_used_destination_is_closed_where_there_would_be_too_many()
    {
        await using var pool = new DestinationPool<Connection>(2, TimeProvider.System);
        var connections = new[] { "a", "b", "c" }.Select(name => (name, Connection: new Connection())).ToList();
        connections.ForEach(it => pool.Return(Key(it.name), Shop, it.Connection));
        Assert.Equal(2, pool.Count);
        await Eventually.HoldsAsync(() => Task.FromResult(connections[0].Connection.IsClosed));
        Assert.Same(connections[1].Connection, pool.Take(Key("b")));
    }

    [Fact]
    public async Task An_idle_destination_is_closed_after_a_minute()
    {
        await using var pool = new DestinationPool<Connection>(2, new HurriedTime(600));
        var connection = new Connection();
        pool.Return(Key("a"), Shop, connection);
        await Eventually.HoldsAsync(() => Task.FromResult(connection.IsClosed));
        Assert.Equal(0, pool.Count);
    }

    [Fact]
    public async Task A_changed_sink_and_a_deleted_inventory_close_theirs_and_no_other()
    {
        await using var pool = new DestinationPool<Connection>(9, TimeProvider.System);
        var (old, other, last) = (new Connection(), new Connection(), new Connection());
        pool.Return(Key("a"), Shop, old);
        pool.Return(Key("b"), Shop, other);
        pool.Return(Key("c"), new InventoryName("shop", "gone"), last);
        pool.Keep(new SinkName("shop", "a"), First);
        Assert.Equal(3, pool.Count);
        pool.Keep(new SinkName("shop", "a"), new SinkVersion(2, "shop/dsn=1"));
        pool.Forget(new InventoryName("shop", "gone"));
        await Eventually.HoldsAsync(() => Task.FromResult(old.IsClosed && last.IsClosed));
        Assert.False(other.IsClosed);
        pool.Keep(new SinkName("shop", "b"), None);
        await Eventually.HoldsAsync(() => Task.FromResult(other.IsClosed));
    }

    [Fact]
    public async Task The_end_closes_all_and_what_is_returned_later()
    {
        var pool = new DestinationPool<Connection>(9, TimeProvider.System);
        var (idle, used) = (new Connection(), new Connection());
        pool.Return(Key("a"), Shop, idle);
        await pool.DisposeAsync();
        Assert.True(idle.IsClosed);
        pool.Return(Key("b"), Shop, used);
        await Eventually.HoldsAsync(() => Task.FromResult(used.IsClosed));
    }

    private static DestinationKey Key(string sink) =>
        new(new SinkName("shop", sink), First, new TableLocation(KollectDestinationBackend.Postgres, "public", "items", "east"), "shop");

    private sealed class Connection : IAsyncDisposable
    {
        private volatile bool isClosed;

        public bool IsClosed => isClosed;

        public ValueTask DisposeAsync()
        {
            isClosed = true;
            return ValueTask.CompletedTask;
        }
    }
}
