using System.Globalization;
using Kollect.Core.Backends.MongoDb.Bson;
using Kollect.Core.Failures;

namespace Kollect.Core.Backends.MongoDb;

/// <summary>One write of a bulk that the server refused.</summary>
/// <param name="Index">0-based index of the write in its batch.</param>
/// <param name="Code">The server's code.</param>
/// <param name="Text">The server's words.</param>
internal sealed record RefusedWrite(int Index, int Code, string Text)
{
    /// <summary>The same as a fault of the whole export.</summary>
    public Fault Fault => new Fault.Server(Code.ToString(CultureInfo.InvariantCulture), Text);
}

/// <summary>What the server did with a bulk, and confirmed as safely as the write concern demands.</summary>
/// <param name="Matched">Documents that filters found.</param>
/// <param name="Modified">Those that are different now.</param>
/// <param name="Deleted">Documents that are gone.</param>
/// <param name="Inserted">Ids of the documents that an upsert inserted.</param>
/// <param name="Refused">Writes that were refused one by one; the others were carried out.</param>
internal sealed record BulkAnswer(long Matched, long Modified, long Deleted, IReadOnlyList<ObjectId> Inserted, Seq<RefusedWrite> Refused)
{
    /// <summary>The answer to a batch without writes, which is not sent.</summary>
    public static BulkAnswer OfNothing { get; } = new(0, 0, 0, [], Empty);
}
