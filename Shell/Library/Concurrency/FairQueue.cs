using System.Diagnostics.CodeAnalysis;

namespace Kollect.Shell.Concurrency;

/// <summary>
/// Items of several tenants, taken in turn: one of each tenant, the oldest first, then again one of each. A tenant whose share is taken is passed over
/// until one of its items is released. Callers hold a lock.
/// </summary>
/// <param name="share">Items of one tenant that are taken at once and not released yet; at least 1.</param>
internal sealed class FairQueue<T>(int share)
    where T : notnull
{
    /// <summary>A tenant with waiting or taken items.</summary>
    private sealed class Tenant(string name)
    {
        public string Name { get; } = name;

        public LinkedList<T> Waiting { get; } = [];

        public int Taken { get; set; }

        public bool HasTurn { get; set; }
    }

    private readonly Dictionary<string, Tenant> tenants = [];

    /// <summary>The tenants of which an item may be taken, the next one first.</summary>
    private readonly LinkedList<Tenant> turns = [];

    /// <summary>True = no item waits or is taken.</summary>
    public bool IsEmpty => tenants.Count == 0;

    /// <summary>Adds an item behind all others of the tenant.</summary>
    public void Add(string tenant, T item)
    {
        if (!tenants.TryGetValue(tenant, out var of))
            tenants[tenant] = of = new Tenant(tenant);
        of.Waiting.AddLast(item);
        Arrange(of);
    }

    /// <summary>Takes the next item; <see cref="Release"/> follows. False = none waits of a tenant that may have more.</summary>
    public bool TryTake([MaybeNullWhen(false)] out T item)
    {
        item = default;
        if (turns.First is not { Value: var of })
            return false;
        item = of.Waiting.First!.Value;
        of.Waiting.RemoveFirst();
        of.Taken++;
        turns.RemoveFirst();
        of.HasTurn = false;
        Arrange(of);
        return true;
    }

    /// <summary>Ends the work on an item that was taken.</summary>
    public void Release(string tenant)
    {
        var of = tenants[tenant];
        of.Taken--;
        Arrange(of);
    }

    /// <summary>Removes an item that waits; false = it was taken already.</summary>
    public bool Remove(string tenant, T item)
    {
        if (!tenants.TryGetValue(tenant, out var of) || !of.Waiting.Remove(item))
            return false;
        Arrange(of);
        return true;
    }

    /// <summary>Gives the tenant the last turn if it has none and may have one, and forgets it with its last item.</summary>
    private void Arrange(Tenant of)
    {
        var mayTake = of.Waiting.Count > 0 && of.Taken < share;
        if (mayTake && !of.HasTurn)
            turns.AddLast(of);
        else if (!mayTake && of.HasTurn)
            turns.Remove(of);
        of.HasTurn = mayTake;
        if (of.Waiting.Count == 0 && of.Taken == 0)
            tenants.Remove(of.Name);
    }
}
