using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Kollect.Core.Backends.MongoDb.Bson;

namespace Kollect.Core.Backends.MongoDb;

/// <summary>The identity of a row as the destination holds it.</summary>
/// <param name="TargetName">Empty = not a text.</param>
/// <param name="SourceUid">Empty = not a text.</param>
internal readonly record struct StoredIdentity(string TargetName, string SourceUid);

/// <summary>A row as the destination holds it; what a query leaves out is empty.</summary>
/// <param name="ExportedAt">None = not a time.</param>
/// <param name="Content">Hash of the other fields that <c>skip_unchanged</c> compares; the order of fields does not count.</param>
internal readonly record struct StoredRow(StoredIdentity Identity, string Cluster, Option<DateTimeOffset> ExportedAt, UInt128 Content)
{
    private static readonly byte[][] ContentOfItem =
        [.. Columns.Content.Filter(column => column.IsOfItem).Map(column => Encoding.UTF8.GetBytes(column.Name))];

    /// <summary>A document of the collection.</summary>
    public static StoredRow Read(ReadOnlySpan<byte> document)
    {
        var row = new StoredRow(new StoredIdentity("", ""), "", None, 0);
        var fields = new BsonReader(document);
        while (fields.Read())
        {
            if (fields.Name.SequenceEqual("target_name"u8)) row = row with { Identity = row.Identity with { TargetName = fields.AsString() } };
            else if (fields.Name.SequenceEqual("source_uid"u8)) row = row with { Identity = row.Identity with { SourceUid = fields.AsString() } };
            else if (fields.Name.SequenceEqual("cluster"u8)) row = row with { Cluster = fields.AsString() };
            else if (fields.Name.SequenceEqual("exported_at"u8)) row = row with { ExportedAt = fields.AsTime() };
            else if (IsContent(fields.Name)) row = row with { Content = row.Content ^ Hash(fields.Element) };
        }

        return row;
    }

    private static bool IsContent(ReadOnlySpan<byte> name)
    {
        foreach (var content in ContentOfItem)
            if (name.SequenceEqual(content))
                return true;
        return false;
    }

    private static UInt128 Hash(ReadOnlySpan<byte> element)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(element, hash);
        return BinaryPrimitives.ReadUInt128LittleEndian(hash);
    }
}
