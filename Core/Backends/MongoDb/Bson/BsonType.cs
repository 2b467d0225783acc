namespace Kollect.Core.Backends.MongoDb.Bson;

/// <summary>Types of BSON elements that Kollect writes or reads (bsonspec.org, version 1.1).</summary>
internal enum BsonType : byte
{
    /// <summary>64-bit binary floating point.</summary>
    Double = 0x01,

    /// <summary>UTF-8 text.</summary>
    String = 0x02,

    /// <summary>Embedded document.</summary>
    Document = 0x03,

    /// <summary>A document whose names are 0, 1, 2, …</summary>
    Array = 0x04,

    /// <summary>An id of 12 bytes.</summary>
    ObjectId = 0x07,

    /// <summary>One byte, 0 or 1.</summary>
    Boolean = 0x08,

    /// <summary>Milliseconds since 1970, UTC.</summary>
    DateTime = 0x09,

    /// <summary>JSON's null; the value has no bytes.</summary>
    Null = 0x0A,

    /// <summary>32-bit integer.</summary>
    Int32 = 0x10,

    /// <summary>64-bit integer.</summary>
    Int64 = 0x12,

    /// <summary>IEEE 754-2008 decimal, 34 digits.</summary>
    Decimal128 = 0x13,
}
