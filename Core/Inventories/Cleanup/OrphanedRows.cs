using Kollect.Core.Secrets;
using Kollect.Core.Sinks;

namespace Kollect.Core.Inventories.Cleanup;

/// <summary>A ref of the inventory's current spec.</summary>
/// <param name="Location">The location of its rows; None = unknown, because the sink is missing or invalid.</param>
/// <param name="Exported">The last successful export went to that location.</param>
internal sealed record WantedRef(SinkName Sink, Option<RowLocation> Location, bool Exported);

/// <summary>A location and its server, which is known only while its sink and Secrets can be read.</summary>
/// <param name="Server">Host, port and database, or another identity of a server; None = unknown.</param>
internal sealed record LocatedRows(RowLocation Location, Option<SecretText> Server);

/// <summary>
/// Rows at a location that an inventory no longer exports to: it was deleted, a ref was dropped, or a sink's table or cluster label was changed.
/// The status names each location before the first row is written there.
/// </summary>
internal static class OrphanedRows
{
    /// <summary>The locations that the status must name before an export to <paramref name="location"/> may begin.</summary>
    public static Seq<RowLocation> WithLocation(Seq<RowLocation> remembered, RowLocation location) =>
        remembered.Exists(it => it == location) ? remembered : remembered.Add(location);

    /// <summary>All removals that are due, running or finished. A location that an export uses again is skipped.</summary>
    /// <remarks>
    /// While a ref exists, the rows at its old location stay until the new location has them, without a limit: a reader always finds a snapshot. A renamed
    /// cluster label is such a move, and its first export adopts the old rows. A ref whose sink is missing keeps the rows until the sink exists again.
    /// Not to be called for a suspended inventory, unless it is being deleted.
    /// </remarks>
    /// <param name="underWay">The removals of the last decision.</param>
    /// <param name="remembered">From the status.</param>
    /// <param name="wanted">Empty for an inventory that is being deleted.</param>
    /// <param name="timeout">The time after which a removal is given up.</param>
    public static Seq<RowCleanup> DueCleanups(
        Seq<RowCleanup> underWay, Seq<RowLocation> remembered, Seq<WantedRef> wanted, Reclaim reclaim, TimeSpan timeout, DateTimeOffset now) =>
        remembered
            .Filter(location => wanted.ForAll(it => it.Sink != location.Sink || (it.Exported && it.Location.Exists(there => there != location))))
            .Map(location => reclaim == Reclaim.Retain
                ? RowCleanup.Retain(location, now)
                : underWay.Find(it => it.Location == location).IfNone(() => RowCleanup.Begin(location, timeout, now)))
            .Strict();

    /// <summary>The locations that stay in the status. Empty: the finalizer of a deleted inventory can be removed.</summary>
    public static Seq<RowLocation> Remaining(Seq<RowLocation> remembered, Seq<RowCleanup> cleanups) =>
        remembered.Filter(location => !cleanups.Exists(it => it.Location == location && it.IsFinished)).Strict();

    /// <summary>Why the rows at a location must not be removed now; None = remove them.</summary>
    /// <remarks>Two sinks may write to the same table, e.g. after a rename. Then the rows belong to the other sink.</remarks>
    /// <param name="leaving">The location and its server.</param>
    /// <param name="wanted">All locations that the inventory exports to.</param>
    public static Option<RemovalResult> Objection(LocatedRows leaving, Seq<LocatedRows> wanted)
    {
        var alike = wanted.Filter(it => MayBeSame(leaving.Location, it.Location));
        var same = alike.Find(it => it.Server.IsSome && it.Server == leaving.Server).Map<RemovalResult>(it => new RemovalResult.SharedWith(it.Location.Sink));
        var unknown = alike.Find(it => it.Server.IsNone || leaving.Server.IsNone).Map<RemovalResult>(it => new RemovalResult.Failed(
            $"sink {it.Location.Sink} names the same table, and it cannot be told whether on the same server", TimeSpan.Zero));
        return same | unknown;
    }

    /// <summary>True = two locations have the same name: on one server they are the same table.</summary>
    internal static bool MayBeSame(RowLocation one, RowLocation other) => one with { Sink = other.Sink } == other;
}
