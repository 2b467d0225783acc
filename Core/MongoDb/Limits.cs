using Kollect.Core.MongoDb.Bson;
using Kollect.Core.Rows;

namespace Kollect.Core.MongoDb;

/// <summary>What MongoDB cannot store.</summary>
public sealed class Limits : RowLimits
{
    /// <summary>16 MiB, the largest document (MongoDB manual, "MongoDB Limits and Thresholds": BSON Document Size).</summary>
    public const int MaxDocumentBytes = 16 << 20;

    /// <summary>Deepest nesting of a document (the same page: Nested Depth for BSON Documents).</summary>
    public const int MaxDocumentDepth = 100;

    /// <summary>The one instance.</summary>
    public static Limits Instance { get; } = new();

    private Limits() { }

    /// <summary>As JSON; BSON may be longer.</summary>
    public override int MaxPayloadBytes => MaxDocumentBytes;

    /// <summary>The row itself is a level around its payload.</summary>
    public override int MaxDepth => MaxDocumentDepth - 1;

    /// <inheritdoc/>
    public override Option<string> ObjectionToNumber(ReadOnlySpan<byte> literal) => BsonNumber.Of(literal).IsSome
        ? None
        : Some("holds a number beyond 34 significant digits or an exponent beyond 6,144, the limits of BSON's decimal128");

    /// <summary>Since MongoDB 4.2 an index key has no limit of its own.</summary>
    public override Option<string> ObjectionToIdentity(Scope scope, string targetName, string sourceUid) => None;
}
