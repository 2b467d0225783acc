namespace Kollect.Shell.Tests.Backends.Conformance;

/// <summary>Reads the rows over and over, as another client, while others export.</summary>
internal sealed class StateWatch : IAsyncDisposable
{
    private readonly System.Collections.Generic.HashSet<string> expected = new(StringComparer.Ordinal);
    private readonly System.Collections.Generic.HashSet<string> seen = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource done = new();
    private readonly Task reading;

    public StateWatch(Mirror mirror) => reading = ReadAsync(mirror);

    /// <summary>Snapshots, as <see cref="Mirror.RowsAsync"/> gives them, that are exported from now on.</summary>
    public void Expect(params ReadOnlySpan<string> snapshots)
    {
        foreach (var snapshot in snapshots)
            expected.Add(snapshot);
    }

    public bool IsExpected(string state) => expected.Contains(state);

    /// <summary>True = each row is one of some snapshot, and rows that all of them have are there.</summary>
    public bool MayMix(string state)
    {
        var rows = state.Split(' ', StringSplitOptions.RemoveEmptyEntries).ToHashSet(StringComparer.Ordinal);
        var snapshots = expected.Select(it => it.Split(' ')).ToArray();
        return rows.IsSubsetOf(snapshots.SelectMany(it => it)) && rows.IsSupersetOf(snapshots.Aggregate((all, it) => [.. all.Intersect(it)]));
    }

    /// <summary>Ends; the different states that were seen.</summary>
    public async Task<IReadOnlyCollection<string>> StatesAsync()
    {
        await done.CancelAsync();
        await reading;
        return seen;
    }

    public async ValueTask DisposeAsync()
    {
        await StatesAsync();
        done.Dispose();
    }

    private async Task ReadAsync(Mirror mirror)
    {
        while (!done.IsCancellationRequested)
            seen.Add(await mirror.RowsAsync());
    }
}
