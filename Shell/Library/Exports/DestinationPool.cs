using Kollect.Core.Failures;
using Kollect.Core.Inventories.Scheduling;
using Kollect.Core.Sinks;

namespace Kollect.Shell.Exports;

/// <summary>What an open destination may be used for again.</summary>
/// <param name="Version">Of the sink and its Secrets.</param>
/// <param name="Namespace">Of the inventories: namespaces share no connection.</param>
internal sealed record DestinationKey(SinkName Sink, SinkVersion Version, TableLocation At, string Namespace);

/// <summary>
/// Destinations between two exports, with their connections: one export uses one at a time. They are closed after <see cref="Waits.IdleDestinations"/>,
/// and the least recently used one where there would be too many.
/// </summary>
/// <typeparam name="TOpen">An open destination; disposing it closes its connections.</typeparam>
/// <param name="capacity">At least 1.</param>
internal sealed class DestinationPool<TOpen>(int capacity, TimeProvider time) : IAsyncDisposable
    where TOpen : class, IAsyncDisposable
{
    private sealed record Idle(DestinationKey Key, InventoryName User, TOpen Open, ITimer Timer);

    private readonly Lock gate = new();
    private readonly LinkedList<Idle> idle = [];
    private bool isDisposed;

    /// <summary>Destinations that wait for their next export.</summary>
    public int Count
    {
        get
        {
            lock (gate)
                return idle.Count;
        }
    }

    /// <summary>Takes a destination, the most recently used first; the caller returns or disposes it. Null = there is none.</summary>
    public TOpen? Take(DestinationKey key)
    {
        lock (gate)
        {
            for (var node = idle.Last; node is not null; node = node.Previous)
            {
                if (node.Value.Key != key)
                    continue;
                idle.Remove(node);
                node.Value.Timer.Dispose();
                return node.Value.Open;
            }
        }

        return null;
    }

    /// <summary>Keeps a destination whose last export succeeded.</summary>
    /// <param name="user">The inventory of that export.</param>
    public void Return(DestinationKey key, InventoryName user, TOpen open)
    {
        TOpen? surplus = null;
        lock (gate)
        {
            if (isDisposed)
                surplus = open;
            else
            {
                var timer = time.CreateTimer(_ => Close(it => ReferenceEquals(it.Open, open)), null, Waits.IdleDestinations, Timeout.InfiniteTimeSpan);
                idle.AddLast(new Idle(key, user, open, timer));
                if (idle.Count > capacity)
                {
                    surplus = idle.First!.Value.Open;
                    idle.First.Value.Timer.Dispose();
                    idle.RemoveFirst();
                }
            }
        }

        if (surplus is not null)
            Dispose(surplus);
    }

    /// <summary>Closes the destinations of other versions of a sink.</summary>
    /// <param name="version">None = there is no usable version.</param>
    public void Keep(SinkName sink, Option<SinkVersion> version) => Close(it => it.Key.Sink == sink && version != it.Key.Version);

    /// <summary>Closes the destinations that an inventory used last.</summary>
    public void Forget(InventoryName user) => Close(it => it.User == user);

    /// <summary>Closes all; those that are in use are closed when they are returned.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (gate)
            isDisposed = true;
        foreach (var it in TakeAll(_ => true))
            await it.Open.DisposeAsync();
    }

    private void Close(Func<Idle, bool> which)
    {
        foreach (var it in TakeAll(which))
            Dispose(it.Open);
    }

    private List<Idle> TakeAll(Func<Idle, bool> which)
    {
        var taken = new List<Idle>();
        lock (gate)
        {
            for (var node = idle.First; node is not null;)
            {
                var (it, next) = (node, node.Next);
                if (which(it.Value))
                {
                    idle.Remove(it);
                    it.Value.Timer.Dispose();
                    taken.Add(it.Value);
                }

                node = next;
            }
        }

        return taken;
    }

    /// <summary>Nobody waits for a connection to be closed, and nothing depends on how that ends.</summary>
    private static void Dispose(TOpen open) =>
        _ = Task.Run(async () => await open.DisposeAsync()).ContinueWith(static it => it.Exception, TaskScheduler.Default);
}
