namespace Kollect.Shell.Exports;

/// <summary>One at a time for each key, in the order in which they came.</summary>
internal sealed class Turns<TKey>
    where TKey : notnull
{
    private readonly Lock gate = new();
    private readonly Dictionary<TKey, (SemaphoreSlim Turn, int Users)> turns = [];

    /// <summary>Waits for the turn; it is over when the result is disposed.</summary>
    public async Task<IDisposable> EnterAsync(TKey key, CancellationToken cancel)
    {
        var turn = Join(key);
        try
        {
            await turn.WaitAsync(cancel);
        }
        catch
        {
            Leave(key);
            throw;
        }

        return new Release(() =>
        {
            turn.Release();
            Leave(key);
        });
    }

    private SemaphoreSlim Join(TKey key)
    {
        lock (gate)
        {
            var (turn, users) = turns.TryGetValue(key, out var known) ? known : (new SemaphoreSlim(1), 0);
            turns[key] = (turn, users + 1);
            return turn;
        }
    }

    /// <summary>The last one out takes the key along.</summary>
    private void Leave(TKey key)
    {
        lock (gate)
        {
            var (turn, users) = turns[key];
            if (users > 1)
                turns[key] = (turn, users - 1);
            else if (turns.Remove(key))
                turn.Dispose();
        }
    }
}
