using System.Diagnostics;
using Kollect.Core.Backends.MongoDb;
using MongoDB.Bson;
using MongoDB.Driver;
using ObjectId = Kollect.Core.Backends.MongoDb.Bson.ObjectId;

namespace Kollect.MongoDb.Driver;

/// <summary>
/// A batch as the driver's ordinary bulk: it splits what is too long for one message, repeats what may be repeated, and merges the answers.
/// </summary>
internal static class Bulk
{
    /// <summary>The server need not keep an order, and goes on after a write that it refuses.</summary>
    public static BulkWriteOptions Unordered { get; } = new() { IsOrdered = false };

    /// <summary>The writes of a batch, whose buffer must not change before they are done.</summary>
    public static IReadOnlyList<WriteModel<RawBsonDocument>> Models(WriteBatch batch)
    {
        var buffer = Raw.Buffer(batch.Buffer);
        var models = new WriteModel<RawBsonDocument>[batch.Writes.Count];
        for (var index = 0; index < models.Length; index++)
        {
            var write = batch.Writes[index];
            FilterDefinition<RawBsonDocument> filter = write.Kind == WriteKind.Insert
                ? FilterDefinition<RawBsonDocument>.Empty
                : Raw.Document(buffer, write.Filter);
            models[index] = write.Kind switch
            {
                WriteKind.Replace => new ReplaceOneModel<RawBsonDocument>(filter, Raw.Document(buffer, write.Document)) { IsUpsert = true },
                WriteKind.Merge => new UpdateOneModel<RawBsonDocument>(filter, new RawUpdate(Raw.Array(buffer, write.Document))) { IsUpsert = true },
                WriteKind.Insert => new InsertOneModel<RawBsonDocument>(Raw.Document(buffer, write.Document)),
                WriteKind.Touch => new UpdateOneModel<RawBsonDocument>(filter, new RawUpdate(Raw.Document(buffer, write.Document))),
                WriteKind.DeleteOne => new DeleteOneModel<RawBsonDocument>(filter),
                WriteKind.DeleteMany => new DeleteManyModel<RawBsonDocument>(filter),
                _ => throw new UnreachableException(),
            };
        }

        return models;
    }

    /// <summary>The counts of a bulk that the server has carried out.</summary>
    public static BulkAnswer Answer(BulkWriteResult result, IEnumerable<BulkWriteError> refused) => new(
        result.MatchedCount,
        result.ModifiedCount,
        result.DeletedCount,
        [.. result.Upserts.Where(upsert => upsert.Id.IsObjectId).Select(upsert => ObjectId.Read(upsert.Id.AsObjectId.ToByteArray()))],
        refused.Select(error => new RefusedWrite(error.Index, error.Code, error.Message ?? "")).ToArray().ToSeq());
}
