using Kollect.Core.Secrets;
using Kollect.Core.Sinks;

namespace Kollect.Core.Inventories.Cleanup;

/// <summary>A ref that stands in the inventory's spec now.</summary>
/// <param name="Sink">To which it leads.</param>
/// <param name="Location">Where its rows go; None = not known, for the sink is gone or invalid.</param>
/// <param name="Exported">The last successful export went to that location.</param>
public sealed record WantedRef(SinkName Sink, Option<RowLocation> Location, bool Exported);

/// <summary>A location and the server behind it, known only while its sink and Secrets are at hand.</summary>
/// <param name="Location">Where rows are.</param>
/// <param name="Server">Host, port and database, or whatever else tells two servers apart; None = not known.</param>
public sealed record LocatedRows(RowLocation Location, Option<SecretText> Server);

/// <summary>
/// The rows that an inventory leaves where it no longer exports to: it was deleted, a ref was dropped, or a sink's table or cluster label was changed.
/// The status remembers each location since before the first row was written there.
/// </summary>
public static class OrphanedRows
{
    /// <summary>The locations that the status has to name before an export to <paramref name="location"/> may begin.</summary>
    public static Seq<RowLocation> WithLocation(Seq<RowLocation> remembered, RowLocation location) =>
        remembered.Exists(it => it == location) ? remembered : remembered.Add(location);

    /// <summary>The removals that are due, those under way and those that have ended among them. A location that is wanted again is spared.</summary>
    /// <remarks>
    /// While a ref stands, the rows at its old location stay until the new one has them, however long that takes: the reader always finds a snapshot. A renamed
    /// cluster label is such a move, and its first export adopts the old rows. A ref whose sink is gone keeps them for the day when the sink is back.
    /// Not to be called for a suspended inventory, unless it is being deleted.
    /// </remarks>
    /// <param name="underWay">As the last decision left them.</param>
    /// <param name="remembered">From the status.</param>
    /// <param name="wanted">Empty for an inventory that is being deleted.</param>
    /// <param name="reclaim">Of the inventory.</param>
    /// <param name="timeout">How long a removal is tried.</param>
    /// <param name="now">When.</param>
    public static Seq<RowCleanup> DueCleanups(
        Seq<RowCleanup> underWay, Seq<RowLocation> remembered, Seq<WantedRef> wanted, Reclaim reclaim, TimeSpan timeout, DateTimeOffset now) =>
        remembered
            .Filter(location => wanted.ForAll(it => it.Sink != location.Sink || (it.Exported && it.Location.Exists(there => there != location))))
            .Map(location => reclaim == Reclaim.Retain
                ? RowCleanup.Retain(location, now)
                : underWay.Find(it => it.Location == location).IfNone(() => RowCleanup.Begin(location, timeout, now)))
            .Strict();

    /// <summary>What the status remembers afterwards. None left: the finalizer of a deleted inventory can go.</summary>
    public static Seq<RowLocation> Remaining(Seq<RowLocation> remembered, Seq<RowCleanup> cleanups) =>
        remembered.Filter(location => !cleanups.Exists(it => it.Location == location && it.IsFinished)).Strict();

    /// <summary>Why the rows at a location must not be removed now; None = remove them.</summary>
    /// <remarks>Two sinks may lead to the same table: one that was renamed, say. Then the rows are those that the other one keeps.</remarks>
    /// <param name="leaving">The location, and the server that would be asked.</param>
    /// <param name="wanted">All locations that the inventory exports to.</param>
    public static Option<RemovalResult> Objection(LocatedRows leaving, Seq<LocatedRows> wanted)
    {
        var alike = wanted.Filter(it => MayBeSame(leaving.Location, it.Location));
        var same = alike.Find(it => it.Server.IsSome && it.Server == leaving.Server).Map<RemovalResult>(it => new RemovalResult.SharedWith(it.Location.Sink));
        var unknown = alike.Find(it => it.Server.IsNone || leaving.Server.IsNone).Map<RemovalResult>(it => RemovalResult.Failed.NoWay(
            $"sink {it.Location.Sink} names the same table, and it cannot be told whether on the same server"));
        return same | unknown;
    }

    /// <summary>Do two locations have the same name, so that they are one if they are on one server?</summary>
    internal static bool MayBeSame(RowLocation one, RowLocation other) => one with { Sink = other.Sink } == other;
}
