using System.Globalization;
using Kollect.Core.Backends.MongoDb.Bson;
using Kollect.Core.Failures;

namespace Kollect.Core.Backends.MongoDb;

/// <summary>One write of a bulk that the server refused.</summary>
/// <param name="Index">0-based index of the write in its batch.</param>
/// <param name="Code">The server's code.</param>
/// <param name="Text">The server's words.</param>
public sealed record RefusedWrite(int Index, int Code, string Text)
{
    /// <summary>The same as a fault of the whole export.</summary>
    public Fault Fault => new Fault.Server(Code.ToString(CultureInfo.InvariantCulture), Text);
}

/// <summary>The driver's reply to a bulk (libmongoc, "mongoc_bulk_operation_execute").</summary>
/// <param name="Matched">Documents that filters found.</param>
/// <param name="Modified">Those that are different now.</param>
/// <param name="Deleted">Documents that are gone.</param>
/// <param name="Inserted">Ids of the documents that an upsert inserted.</param>
/// <param name="Refused">Writes that were refused one by one.</param>
/// <param name="Unconfirmed">Written, but not as safely as the write concern demands; None = confirmed.</param>
public sealed record BulkAnswer(
    long Matched, long Modified, long Deleted, IReadOnlyList<ObjectId> Inserted, Seq<RefusedWrite> Refused, Option<RefusedWrite> Unconfirmed)
{
    /// <summary>The server processed the bulk; the answer contains the refused writes.</summary>
    public bool RefusedOneByOne => !Refused.IsEmpty && Unconfirmed.IsNone;

    /// <summary>The reply to a batch without writes, which is not sent.</summary>
    public static byte[] OfNothing { get; } = [5, 0, 0, 0, 0];

    /// <summary>A reply that is damaged is a <see cref="FormatException"/>.</summary>
    public static BulkAnswer Read(ReadOnlySpan<byte> reply)
    {
        long matched = 0, modified = 0, deleted = 0;
        List<ObjectId> inserted = [];
        List<RefusedWrite> refused = [], unconfirmed = [];
        var reader = new BsonReader(reply);
        while (reader.Read())
        {
            if (reader.Name.SequenceEqual("nMatched"u8)) matched = reader.AsInt64();
            else if (reader.Name.SequenceEqual("nModified"u8)) modified = reader.AsInt64();
            else if (reader.Name.SequenceEqual("nRemoved"u8)) deleted = reader.AsInt64();
            else if (reader.Name.SequenceEqual("upserted"u8)) ReadIds(reader.AsDocument(), inserted);
            else if (reader.Name.SequenceEqual("writeErrors"u8)) ReadErrors(reader.AsDocument(), refused);
            else if (reader.Name.SequenceEqual("writeConcernErrors"u8)) ReadErrors(reader.AsDocument(), unconfirmed);
        }

        return new BulkAnswer(matched, modified, deleted, inserted, refused.ToArray().ToSeq(), unconfirmed.ToArray().ToSeq().HeadOrNone());
    }

    private static void ReadIds(ReadOnlySpan<byte> array, List<ObjectId> to)
    {
        var items = new BsonReader(array);
        while (items.Read())
            if (BsonReader.Find(items.AsDocument(), "_id"u8, out var id) && id.Type == BsonType.ObjectId)
                to.Add(ObjectId.Read(id.Value));
    }

    private static void ReadErrors(ReadOnlySpan<byte> array, List<RefusedWrite> to)
    {
        var items = new BsonReader(array);
        while (items.Read())
        {
            var (index, code, text) = (0, 0, "");
            var fields = new BsonReader(items.AsDocument());
            while (fields.Read())
            {
                if (fields.Name.SequenceEqual("index"u8)) index = (int)fields.AsInt64();
                else if (fields.Name.SequenceEqual("code"u8)) code = (int)fields.AsInt64();
                else if (fields.Name.SequenceEqual("errmsg"u8)) text = fields.AsString();
            }

            to.Add(new RefusedWrite(index, code, text));
        }
    }
}
