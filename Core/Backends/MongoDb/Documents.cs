using System.Diagnostics;
using System.Globalization;
using System.Text;
using Kollect.Core.Backends.MongoDb.Bson;
using Kollect.Core.Snapshots;

namespace Kollect.Core.Backends.MongoDb;

/// <summary>Every filter, document and command that an export sends, as BSON. Nothing else puts a value into one.</summary>
/// <param name="header">Scope and time of the snapshot.</param>
/// <param name="mayAdopt">Rows of the inventory stand under other cluster labels: the guard must let them pass.</param>
internal sealed class Documents(SnapshotHeader header, bool mayAdopt)
{
    /// <summary>Rows under another cluster label are not found, and an upsert of one is answered with a duplicate key.</summary>
    public bool OnlyOwnCluster { get; init; }

    private readonly byte[] inventory = Body(writer => writer
        .String("inventory_namespace"u8, header.Scope.InventoryNamespace)
        .String("inventory_name"u8, header.Scope.InventoryName));

    private readonly byte[] cluster = Body(writer => writer.String("cluster"u8, header.Scope.Cluster));

    private readonly Action<BsonWriter, Row>[] elements = [.. Columns.All.AsEnumerable().Select(column => Element(column, header))];

    // { aggregate: "items", pipeline: [
    //     { $match: { inventory_namespace: "platform", inventory_name: "all" } },
    //     { $group: { _id: { $eq: [ "$cluster", { $literal: "east" } ] }, newest: { $max: "$exported_at" }, rows: { $sum: 1 } } } ],
    //   cursor: {} }

    /// <summary>Counts the rows of the inventory and finds the newest, apart for this cluster (<c>_id</c> true) and all others.</summary>
    public static ReadOnlyMemory<byte> Inspect(string collection, Scope scope) => new BsonWriter()
        .StartDocument()
        .String("aggregate"u8, collection)
        .StartArray("pipeline"u8)
        .StartDocument("0"u8).StartDocument("$match"u8)
        .String("inventory_namespace"u8, scope.InventoryNamespace).String("inventory_name"u8, scope.InventoryName).End().End()
        .StartDocument("1"u8).StartDocument("$group"u8)
        .StartDocument("_id"u8).StartArray("$eq"u8).String("0"u8, "$cluster").StartDocument("1"u8).String("$literal"u8, scope.Cluster).End().End().End()
        .StartDocument("newest"u8).String("$max"u8, "$exported_at").End()
        .StartDocument("rows"u8).Int32("$sum"u8, 1).End()
        .End().End()
        .End()
        .StartDocument("cursor"u8).End()
        .End()
        .Written;

    /// <summary>
    /// The row under its identity, unless it is newer than this snapshot. An upsert that finds nothing because of that is answered
    /// with a duplicate key.
    /// </summary>
    public void Guarded(BsonWriter to, string targetName, string sourceUid)
    {
        Identity(to.StartDocument(), targetName, sourceUid);
        if (OnlyOwnCluster)
            to.Elements(cluster);
        if (mayAdopt)
        {
            to.StartArray("$or"u8);
            NotNewer(to.StartDocument("0"u8)).End();
            to.StartDocument("1"u8).StartDocument("cluster"u8).String("$ne"u8, header.Scope.Cluster).End().End();
            to.End();
        }
        else
        {
            NotNewer(to);
        }

        to.End();
    }

    // [ { $replaceWith: { old: "$$ROOT", new: { $literal: { … } } } },
    //   { $replaceWith: { $cond: [
    //       { $and: [ { $eq: [ "$old.cluster", "$new.cluster" ] }, … ] },
    //       "$old",
    //       { $mergeObjects: [ { _id: "$old._id" }, "$new" ] } ] } } ]

    /// <summary>The row as a document; or as a pipeline that leaves an equal row as it is, its time included.</summary>
    public void Row(BsonWriter to, Row row, bool unlessEqual)
    {
        if (!unlessEqual)
        {
            to.StartDocument();
            RowElements(to, row);
            to.End();
            return;
        }

        to.StartArray();
        to.StartDocument("0"u8).StartDocument("$replaceWith"u8).String("old"u8, "$$ROOT").StartDocument("new"u8).StartDocument("$literal"u8);
        RowElements(to, row);
        to.End().End().End().End();
        to.Elements(KeepEqual).End();
    }

    /// <summary>Filter: all rows of this snapshot's inventory and cluster.</summary>
    public ReadOnlyMemory<byte> Scope => new BsonWriter().StartDocument().Elements(inventory).Elements(cluster).End().Written;

    /// <summary>Filter: all rows of the inventory, whatever their cluster.</summary>
    public ReadOnlyMemory<byte> Inventory => new BsonWriter().StartDocument().Elements(inventory).End().Written;

    /// <summary>Gives one row of the scope the time of the snapshot.</summary>
    public WriteBatch Touch() => One(
        WriteKind.Touch,
        Older,
        to => to.StartDocument().StartDocument("$set"u8).DateTime("exported_at"u8, header.ExportedAt).End().End());

    /// <summary>Deletes the rows of the scope that are older than this snapshot: after its last upsert they are stale.</summary>
    public WriteBatch DeleteOlder() => One(WriteKind.DeleteMany, Older);

    /// <summary>Deletes a row of the scope, unless it is newer than this snapshot.</summary>
    public void DeleteStale(WriteBatch to, string targetName, string sourceUid) => to.Add(to.Make(
        WriteKind.DeleteOne,
        (Self: this, targetName, sourceUid),
        static (filter, it) => it.Self.NotNewer(it.Self.Identity(filter.StartDocument(), it.targetName, it.sourceUid).Elements(it.Self.cluster)).End(),
        null));

    /// <summary>Deletes a row that this export inserted, unless it was changed since.</summary>
    public void DeleteOwn(WriteBatch to, ObjectId id) => to.Add(to.Make(
        WriteKind.DeleteOne,
        (header.ExportedAt, id),
        static (filter, it) => filter.StartDocument().ObjectId("_id"u8, it.id).DateTime("exported_at"u8, it.ExportedAt).End(),
        null));

    /// <summary>What a find reads that needs no more than the identities; many fit into one answer.</summary>
    public static Projection OnlyIdentities { get; } = new(
        new BsonWriter(128)
            .StartDocument().Int32("_id"u8, 0).Int32("target_name"u8, 1).Int32("source_uid"u8, 1).Int32("exported_at"u8, 1).End().Written,
        BatchSize: 10_000);

    /// <summary>The fields of the identity index alone: a find of a whole inventory reads no document.</summary>
    public static Projection OnlyIndexed { get; } = new(
        new BsonWriter(128).StartDocument().Int32("_id"u8, 0).Int32("target_name"u8, 1).Int32("source_uid"u8, 1).End().Written,
        BatchSize: 10_000);

    /// <summary>What a find reads that compares whole rows.</summary>
    public static Projection WholeRows { get; } = new(new BsonWriter(32).StartDocument().Int32("_id"u8, 0).End().Written, BatchSize: None);

    private static readonly byte[] KeepEqual = Body(writer => writer
        .StartDocument("1"u8).StartDocument("$replaceWith"u8).StartArray("$cond"u8)
        .StartDocument("0"u8).StartArray("$and"u8)
        .Elements([.. Columns.Content.AsEnumerable().SelectMany(Equal)])
        .End().End()
        .String("1"u8, "$old")
        .StartDocument("2"u8).StartArray("$mergeObjects"u8)
        .StartDocument("0"u8).String("_id"u8, "$old._id").End()
        .String("1"u8, "$new")
        .End().End()
        .End().End().End());

    private static byte[] Equal(Column column, int index)
    {
        var writer = new BsonWriter(64).StartDocument();
        writer.StartDocument(Encoding.UTF8.GetBytes(index.ToString(CultureInfo.InvariantCulture)))
            .StartArray("$eq"u8).String("0"u8, $"$old.{column.Name}").String("1"u8, $"$new.{column.Name}").End().End().End();
        return Inner(writer);
    }

    private void RowElements(BsonWriter to, Row row)
    {
        foreach (var write in elements)
            write(to, row);
    }

    /// <summary>Writer of one column. A value that all rows share is encoded once.</summary>
    private static Action<BsonWriter, Row> Element(Column column, SnapshotHeader header)
    {
        var name = Encoding.UTF8.GetBytes(column.Name);
        return column switch
        {
            Column.OfScope it => Constant(Body(writer => writer.String(name, it.Read(header.Scope)))),
            Column.OfItem { Read: var read } => (to, row) => to.String(name, read(row)),
            Column.Payload => (to, row) => BsonJson.Write(to, name, row.Payload.Span),
            Column.Time => Constant(Body(writer => writer.DateTime(name, header.ExportedAt))),
            _ => throw new UnreachableException(),
        };
    }

    private static Action<BsonWriter, Row> Constant(byte[] element) => (to, _) => to.Elements(element);

    private BsonWriter Identity(BsonWriter to, string targetName, string sourceUid) =>
        to.Elements(inventory).String("target_name"u8, targetName).String("source_uid"u8, sourceUid);

    private void Older(BsonWriter to)
    {
        to.StartDocument().Elements(inventory).Elements(cluster);
        to.StartDocument("exported_at"u8).StartDocument("$not"u8).DateTime("$gte"u8, header.ExportedAt).End().End();
        to.End();
    }

    private static WriteBatch One(WriteKind kind, Action<BsonWriter> filter, Action<BsonWriter>? document = null)
    {
        var batch = new WriteBatch();
        batch.Add(batch.Make(kind, filter, document));
        return batch;
    }

    // $not also finds what is no time: a row without one is no newer one.
    private BsonWriter NotNewer(BsonWriter to) =>
        to.StartDocument("exported_at"u8).StartDocument("$not"u8).DateTime("$gt"u8, Bound(header.ExportedAt)).End().End();

    // A time beyond the year 9999 is read as the last one of it: see BsonReader.AsTime.
    private static long Bound(DateTimeOffset time) =>
        time.ToUnixTimeMilliseconds() == DateTimeOffset.MaxValue.ToUnixTimeMilliseconds() ? long.MaxValue : time.ToUnixTimeMilliseconds();

    /// <summary>Elements that many documents share, written once.</summary>
    private static byte[] Body(Action<BsonWriter> elements)
    {
        var writer = new BsonWriter(256).StartDocument();
        elements(writer);
        return Inner(writer.End());
    }

    private static byte[] Inner(BsonWriter document) => document.Written.Span[sizeof(int)..^1].ToArray();
}

/// <summary>The part of each document that a find reads.</summary>
/// <param name="Fields">As the command <c>find</c> takes it.</param>
/// <param name="BatchSize">Documents in one answer of the server; None = the server's choice.</param>
internal sealed record Projection(ReadOnlyMemory<byte> Fields, Option<int> BatchSize);
