using Kollect.Core.Backends.MongoDb.Bson;
using Kollect.Core.Exports;
using Kollect.Core.Formatting;
using Kollect.Core.Snapshots;

namespace Kollect.Core.Backends.MongoDb;

/// <summary>The ledger of the same collection and inventory under other cluster labels, read after rows were adopted.</summary>
internal sealed record OtherClusters(Namespace Destination, Scope Scope)
{
    /// <summary>Entries that are read: some hundred labels, or a few that export all the time.</summary>
    private const int MostEntries = 1_000;

    /// <summary>Asks for the newest entries of the inventory that were verified within <see cref="LiveCluster.Window"/>; refused ones are not.</summary>
    public ReadOnlyMemory<byte> Recent(DateTimeOffset now) => new BsonWriter().StartDocument().String("find"u8, Ledger.Name)
        .StartDocument("filter"u8)
        .String("collection"u8, Destination.Collection)
        .String("inventory_namespace"u8, Scope.InventoryNamespace)
        .String("inventory_name"u8, Scope.InventoryName)
        .StartDocument("cluster"u8).String("$ne"u8, Scope.Cluster).End()
        .StartDocument("verified_at"u8).DateTime("$gte"u8, Times.Add(now, -LiveCluster.Window)).End()
        .End()
        .StartDocument("sort"u8).Int32("exported_at"u8, -1).End()
        .Int32("limit"u8, MostEntries).Int32("batchSize"u8, MostEntries).Boolean("singleBatch"u8, true)
        .End().Written;

    /// <summary>The newest entry of each label in a reply to <see cref="Recent"/>; its rows are those that it should have.</summary>
    public static Seq<LiveCluster> Read(ReadOnlySpan<byte> reply)
    {
        var found = new Dictionary<string, LiveCluster>(StringComparer.Ordinal);
        var batch = Replies.FirstBatch(reply);
        while (batch.Read())
        {
            var entry = batch.AsDocument();
            if (BsonReader.Find(entry, "cluster"u8, out var label) && BsonReader.Find(entry, "rows"u8, out var rows)
                && BsonReader.Find(entry, "verified_at"u8, out var at))
                found.TryAdd(label.AsString(), new LiveCluster(label.AsString(), rows.AsInt64(), at.AsTime().IfNone(DateTimeOffset.MinValue)));
        }

        return found.Values.OrderBy(it => it.Label, StringComparer.Ordinal).ToArray().ToSeq();
    }
}
