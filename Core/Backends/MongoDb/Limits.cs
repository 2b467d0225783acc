using System.Globalization;
using System.Text;
using Kollect.Core.Backends.MongoDb.Bson;
using Kollect.Core.Snapshots;

namespace Kollect.Core.Backends.MongoDb;

/// <summary>The limits of values that MongoDB can store.</summary>
internal sealed class Limits : RowLimits
{
    /// <summary>16 MiB, the largest document (MongoDB manual, "MongoDB Limits and Thresholds": BSON Document Size).</summary>
    public const int MaxDocumentBytes = 16 << 20;

    /// <summary>Deepest nesting of a document (the same page: Nested Depth for BSON Documents).</summary>
    public const int MaxDocumentDepth = 100;

    // Around a payload stand the names and lengths of the fields; the filter of its write holds the identity once more, and a
    // server takes 16 KiB more than a document for both (BSONObjMaxInternalSize in builder.h).
    private const int EnvelopeBytes = 2 << 10;

    // [1,1,…]: two bytes of JSON are an int32 with type, index of seven digits and NUL.
    private const int MostBytesPerByteOfJson = 7;

    /// <summary>The one instance.</summary>
    public static Limits Instance { get; } = new();

    private Limits() { }

    /// <summary>As JSON; most of it is longer as BSON, see <see cref="ObjectionToRow"/>.</summary>
    public override int MaxPayloadBytes => MaxDocumentBytes;

    /// <summary>The row itself is a level around its payload.</summary>
    public override int MaxDepth => MaxDocumentDepth - 1;

    /// <inheritdoc/>
    public override Option<string> ObjectionToNumber(ReadOnlySpan<byte> literal) => BsonNumber.Of(literal).IsSome
        ? None
        : Some("holds a number beyond 34 significant digits or an exponent beyond 6,144, the limits of BSON's decimal128");

    /// <summary>Since MongoDB 4.2 an index key has no limit of its own.</summary>
    public override Option<string> ObjectionToIdentity(Scope scope, string targetName, string sourceUid) => None;

    /// <inheritdoc/>
    public override Option<string> ObjectionToRow(Scope scope, in Row row)
    {
        var around = EnvelopeBytes + Texts(scope, row);
        if ((long)row.Payload.Length * MostBytesPerByteOfJson + around <= MaxDocumentBytes)
            return None;

        var bson = new BsonWriter(row.Payload.Length);
        BsonJson.WriteDocument(bson, row.Payload.Span);
        return bson.Length + around <= MaxDocumentBytes
            ? None
            : Some(string.Create(
                CultureInfo.InvariantCulture,
                $"has {bson.Length:N0} bytes as BSON and {around:N0} around them; a document of MongoDB holds {MaxDocumentBytes:N0}"));
    }

    /// <summary>Bytes of all texts; those of the identity count twice, because the filter of the write repeats them.</summary>
    private static int Texts(Scope scope, in Row row)
    {
        var bytes = 0;
        foreach (var column in Columns.All)
        {
            var text = column switch
            {
                Column.OfScope it => it.Read(scope),
                Column.OfItem it => it.Read(row),
                _ => "",
            };
            bytes += Encoding.UTF8.GetByteCount(text) * (column.Role == ColumnRole.Identity ? 2 : 1);
        }

        return bytes;
    }
}
