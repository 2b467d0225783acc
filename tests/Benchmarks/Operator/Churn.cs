using System.Diagnostics;

namespace Kollect.Benchmarks.Operator;

/// <summary>Objects that are created and deleted at a fixed rate, and the times until the table shows it.</summary>
/// <param name="load">Stores objects in the API server.</param>
/// <param name="remove">Deletes an object there.</param>
internal sealed class Churn(
    Population objects, OperatorOptions options, Func<IReadOnlyList<ClusterObject>, Task> load, Func<ClusterObject, Task> remove)
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, (ClusterObject Object, bool Created, long Since)> pending = [];
    private readonly List<double> milliseconds = [];
    private volatile bool ended;

    /// <summary>One for each creation and deletion that was seen.</summary>
    public IReadOnlyList<double> Milliseconds => milliseconds;

    /// <summary>Objects that were deleted before their row was seen.</summary>
    public int Unseen { get; private set; }

    /// <summary>Creations and deletions.</summary>
    public int Events { get; private set; }

    public async Task RunAsync(CancellationToken cancel)
    {
        var begun = Stopwatch.GetTimestamp();
        try
        {
            for (var pair = 0; pair < OperatorOptions.Rate * options.Churn.TotalSeconds; pair++, Events += 2)
            {
                var wait = TimeSpan.FromSeconds(pair / (double)OperatorOptions.Rate) - Stopwatch.GetElapsedTime(begun);
                if (wait > TimeSpan.FromMilliseconds(1))
                    await Task.Delay(wait, cancel);
                var (created, deleted) = (objects.Create(), objects.Delete());
                Expect(created, isCreated: true);
                await load([created]);
                Expect(deleted, isCreated: false);
                await remove(deleted);
            }
        }
        finally
        {
            ended = true;
        }
    }

    /// <summary>Looks at the table until all that happened was seen.</summary>
    /// <param name="require">Called with a time since which nothing was seen; throws where it is too long ago.</param>
    public void Look(RowPoll poll, Action<long> require)
    {
        for (var seen = Stopwatch.GetTimestamp(); ;)
        {
            var last = ended;
            (ClusterObject Object, bool Created, long Since)[] expected;
            lock (gate)
                expected = [.. pending.Values];
            if (expected.Length == 0 && last)
                return;
            if (expected.Length > 0 && Note(expected, poll.Present([.. expected.Select(it => it.Object)])))
                seen = Stopwatch.GetTimestamp();
            require(seen);
            RowPoll.Pause(seen);
        }
    }

    private void Expect(ClusterObject it, bool isCreated)
    {
        lock (gate)
        {
            if (pending.Remove(it.Uid))
            {
                Unseen++;
                return;
            }

            pending.Add(it.Uid, (it, isCreated, Stopwatch.GetTimestamp()));
        }
    }

    private bool Note(IReadOnlyList<(ClusterObject Object, bool Created, long Since)> expected, HashSet<string> present)
    {
        var (now, any) = (Stopwatch.GetTimestamp(), false);
        lock (gate)
            foreach (var (it, created, since) in expected)
                if (present.Contains(it.Uid) == created && pending.Remove(it.Uid))
                {
                    milliseconds.Add(Stopwatch.GetElapsedTime(since, now).TotalMilliseconds);
                    any = true;
                }

        return any;
    }
}
