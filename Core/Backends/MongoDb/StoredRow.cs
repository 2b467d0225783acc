using Kollect.Core.Backends.MongoDb.Bson;

namespace Kollect.Core.Backends.MongoDb;

/// <summary>The identity of a row as the destination holds it.</summary>
/// <param name="TargetName">Empty = not a text.</param>
/// <param name="SourceUid">Empty = not a text.</param>
public readonly record struct StoredIdentity(string TargetName, string SourceUid);

/// <summary>A row as the destination holds it; what a query leaves out is empty.</summary>
/// <param name="Identity">Which row.</param>
/// <param name="Cluster">Its label.</param>
/// <param name="ResourceNamespace">Of the object.</param>
/// <param name="ExportedAt">None = not a time.</param>
/// <param name="Payload">Where it lies in the document.</param>
public readonly record struct StoredRow(
    StoredIdentity Identity, string Cluster, string ResourceNamespace, Option<DateTimeOffset> ExportedAt, Range Payload)
{
    /// <summary>A document of the collection.</summary>
    public static StoredRow Read(ReadOnlySpan<byte> document)
    {
        var row = new StoredRow(new StoredIdentity("", ""), "", "", None, default);
        var fields = new BsonReader(document);
        while (fields.Read())
        {
            if (fields.Name.SequenceEqual("target_name"u8)) row = row with { Identity = row.Identity with { TargetName = fields.AsString() } };
            else if (fields.Name.SequenceEqual("source_uid"u8)) row = row with { Identity = row.Identity with { SourceUid = fields.AsString() } };
            else if (fields.Name.SequenceEqual("cluster"u8)) row = row with { Cluster = fields.AsString() };
            else if (fields.Name.SequenceEqual("resource_namespace"u8)) row = row with { ResourceNamespace = fields.AsString() };
            else if (fields.Name.SequenceEqual("exported_at"u8)) row = row with { ExportedAt = fields.AsTime() };
            else if (fields.Name.SequenceEqual("payload"u8)) row = row with { Payload = fields.ValueRange };
        }

        return row;
    }
}
